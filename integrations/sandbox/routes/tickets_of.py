"""The tickets of a user or an organization."""

from integrations.sandbox.routes.records import counted
from integrations.sandbox.routes.tickets import ticket_page
from integrations.sandbox.routes.users import known_user
from integrations.sandbox.wire.call import Answer, Call, Handler, Route


def _of_user(*fields: str) -> Handler:
    def listed(call: Call) -> Answer:
        user_id, index = known_user(call)["id"], call.account.tickets.by_field
        numbers = set[int]().union(*(index.having(field, user_id) for field in fields))
        return Answer(
            ticket_page(call, [call.account.tickets[one].record for one in sorted(numbers)])
        )

    return listed


def _of_organization(call: Call) -> Answer:
    organization = call.account.organizations.get(call.id)
    cases = call.account.tickets.by_field.cases("organization_id", organization["id"])
    return Answer(ticket_page(call, [case.record for case in cases]))


def _count_of_organization(call: Call) -> Answer:
    organization = call.account.organizations.get(call.id)
    numbers = call.account.tickets.by_field.having("organization_id", organization["id"])
    return counted(call, len(numbers))


NAME = "tickets"
ROUTES = (
    Route("GET", "users/{id}/tickets/requested", _of_user("requester_id"), NAME, "requested"),
    Route("GET", "users/{id}/tickets/assigned", _of_user("assignee_id"), NAME, "assigned"),
    Route(
        "GET",
        "users/{id}/tickets/ccd",
        _of_user("email_cc_ids", "collaborator_ids"),
        NAME,
        "ccd",
    ),
    Route("GET", "users/{id}/tickets/followed", _of_user("follower_ids"), NAME, "followed"),
    Route("GET", "organizations/{id}/tickets", _of_organization, NAME, "organization"),
    Route("GET", "organizations/{id}/tickets/count", _count_of_organization, NAME, "count"),
)
