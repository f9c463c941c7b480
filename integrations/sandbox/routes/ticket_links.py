"""Who and what belongs to a ticket: people in copy, incidents and problems, follow-ups."""

from integrations.sandbox.routes.tickets import ticket_page
from integrations.sandbox.routes.users import present_user
from integrations.sandbox.state.ticketing.links import incidents_of
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.kinds import wrong_kind
from integrations.sandbox.wire.paging import page_of

LISTS = {
    "collaborators": "collaborator_ids",
    "followers": "follower_ids",
    "email_ccs": "email_cc_ids",
}


def _people(call: Call) -> Answer:
    ids = call.account.ticket(call.id).record[LISTS[call.action]]
    people = [user for user in map(call.account.users.find, ids) if user]
    return Answer(page_of(call, "users", people, present=lambda one: present_user(call, one)))


def _incidents(call: Call) -> Answer:
    case = call.account.ticket(call.id)
    return Answer(ticket_page(call, [one.record for one in incidents_of(call.account, case.id)]))


def _problems(call: Call) -> Answer:
    """Answer with the problems, the one that changed last first."""
    problems = [case.record for case in call.account.tickets.by_field.cases("type", "problem")]
    return Answer(ticket_page(call, problems, order="-updated_at,id"))


def _autocomplete(call: Call) -> Answer:
    text = call.query.get("text", call.body.get("text", ""))
    if not isinstance(text, str):
        raise wrong_kind("text", "must be a string")
    found = [
        case.record
        for case in call.account.tickets.by_field.cases("type", "problem")
        if text.lower() in str(case.record["subject"]).lower()
    ]
    return Answer(ticket_page(call, found))


def _related(call: Call) -> Answer:
    case = call.account.ticket(call.id)
    source = case.record["via"]["source"]
    is_follow_up = source.get("rel") == "follow_up"
    return Answer(
        {
            "topic_id": None,
            "jira_issue_ids": [],
            "followup_source_ids": [source["from"]["ticket_id"]] if is_follow_up else [],
            "from_archive": False,
            "incidents": len(incidents_of(call.account, case.id)),
            "twitter": None,
        }
    )


NAME = "tickets"
ROUTES = (
    *(Route("GET", f"tickets/{{id}}/{name}", _people, NAME, name) for name in LISTS),
    Route("GET", "tickets/{id}/incidents", _incidents, NAME, "incidents"),
    Route("GET", "tickets/{id}/related", _related, NAME, "related"),
    Route("GET", "problems", _problems, "problems", "index"),
    Route("POST", "problems/autocomplete", _autocomplete, "problems", "autocomplete"),
)
