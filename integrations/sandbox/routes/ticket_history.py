"""What a ticket has been through: comments, audits, metrics, tags."""

from typing import Any

from integrations.sandbox.routes.records import counted
from integrations.sandbox.routes.sideloads import present_metrics
from integrations.sandbox.routes.users import present_user
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing import tickets
from integrations.sandbox.state.ticketing.comments import listed_comment
from integrations.sandbox.state.ticketing.tags import clean_tags
from integrations.sandbox.wire.call import Answer, Call, Route
from integrations.sandbox.wire.paging import page_of


def _comments(call: Call) -> Answer:
    case = call.account.ticket(call.id)
    comments = [listed_comment(event, audit) for event, audit in case.comments()]
    if call.query.get("include_inline_images") == "true":
        comments = [one | {"attachments": case.files_of(one)} for one in comments]
    body = page_of(call, "comments", comments, order=_order(call))
    return Answer(body | sideloaded_authors(call, body["comments"]))


def _order(call: Call) -> str:
    newest_first = call.query.get("sort_order") == "desc" or call.query.get("sort", "")[:1] == "-"
    return "-created_at,-id" if newest_first else "created_at,id"


def sideloaded_authors(call: Call, said: list[Record]) -> dict[str, Any]:
    """Return who wrote these comments or audits, if the client asked for users."""
    if not call.includes("users"):
        return {}
    known = (call.account.users.find(one) for one in sorted({one["author_id"] for one in said}))
    return {"users": [present_user(call, user) for user in known if user]}


def _audits(call: Call) -> Answer:
    body = page_of(call, "audits", call.account.ticket(call.id).audits, order=_order(call))
    return Answer(body | sideloaded_authors(call, body["audits"]))


def _audit(call: Call) -> Answer:
    return Answer({"audit": call.account.ticket(call.id).audit(call.params[1])})


def _metrics(call: Call) -> Answer:
    return Answer({"ticket_metric": present_metrics(call, call.account.ticket(call.id))})


def _all_metrics(call: Call) -> Answer:
    """Answer with the metrics of all tickets, the newest ticket first."""
    shelf = call.account.tickets
    return Answer(
        page_of(
            call,
            "ticket_metrics",
            shelf.records("-nice_id"),
            order="-nice_id",
            present=lambda record: present_metrics(call, shelf[record["id"]]),
            is_sorted=True,
        )
    )


def _one_metric(call: Call) -> Answer:
    """Answer with metrics by their own id, or by the number of their ticket."""
    number = call.account.tickets.with_metric(call.id)
    case = call.account.ticket(call.id if number is None else number)
    return Answer({"ticket_metric": [present_metrics(call, case)]})


def _count_comments(call: Call) -> Answer:
    return counted(call, len(call.account.ticket(call.id).comments()))


def _count_audits(call: Call) -> Answer:
    return counted(call, len(call.account.ticket(call.id).audits))


def _tags(call: Call) -> Answer:
    return Answer({"tags": call.account.ticket(call.id).record["tags"]})


def _change_tags(call: Call) -> Answer:
    """PUT adds, POST sets, DELETE removes."""
    case = call.account.ticket(call.id)
    name = {"PUT": "additional_tags", "POST": "tags", "DELETE": "remove_tags"}[call.method]
    asked: dict[str, Any] = {name: clean_tags(call.body.get("tags"))}
    asked |= {key: call.body[key] for key in ("safe_update", "updated_stamp") if key in call.body}
    tickets.update(call.account, case, asked, call.actor)
    return Answer({"tags": case.record["tags"]}, 201 if call.method == "POST" else 200)


UPDATE = "ticket-update"
ROUTES = (
    Route("GET", "tickets/{id}/comments", _comments, "comments", "index"),
    Route("GET", "tickets/{id}/comments/count", _count_comments, "comments", "count"),
    Route("GET", "tickets/{id}/audits", _audits, "audits", "index"),
    Route("GET", "tickets/{id}/audits/count", _count_audits, "audits", "count"),
    Route("GET", "tickets/{id}/audits/{id}", _audit, "audits", "show"),
    Route("GET", "tickets/{id}/metrics", _metrics, "ticket_metrics", "show"),
    Route("GET", "ticket_metrics", _all_metrics, "ticket_metrics", "index"),
    Route("GET", "ticket_metrics/{id}", _one_metric, "ticket_metrics", "show"),
    Route("GET", "tickets/{id}/tags", _tags, "tags", "index"),
    Route("PUT", "tickets/{id}/tags", _change_tags, "tags", "update", UPDATE),
    Route("POST", "tickets/{id}/tags", _change_tags, "tags", "create", UPDATE),
    Route("DELETE", "tickets/{id}/tags", _change_tags, "tags", "destroy", UPDATE),
)
