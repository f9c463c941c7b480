"""Records that ride along with tickets: `include=users,groups,metric_sets`."""

from collections.abc import Iterable, Sequence
from typing import Any

from integrations.sandbox.routes.records import Resource
from integrations.sandbox.routes.users import present_user
from integrations.sandbox.state.metrics import metric_set
from integrations.sandbox.state.store import Record, Store
from integrations.sandbox.state.ticket_case import TicketCase
from integrations.sandbox.wire.call import Call

PEOPLE = ("requester_id", "submitter_id", "assignee_id")


def present_metrics(call: Call, case: TicketCase) -> Record:
    """Return the metrics of a ticket as clients see them; the first schedule counts."""
    schedules = call.account.schedules.all()
    metrics = metric_set(case, schedules[0] if schedules else None)
    return {"url": call.url("ticket_metrics", case.metric_id)} | metrics


def sideloads(call: Call, cases: Sequence[TicketCase]) -> dict[str, Any]:
    """Return what the client asked to have with these tickets."""
    loaded: dict[str, Any] = {}
    if call.includes("users"):
        people = {case.record[field] for case in cases for field in PEOPLE}
        found = _found(call.account.users, people)
        loaded["users"] = [present_user(call, user) for user in found]
    if call.includes("groups"):
        loaded["groups"] = _referred(call, call.account.groups, "group_id", "groups", cases)
    if call.includes("organizations"):
        store = call.account.organizations
        loaded["organizations"] = _referred(call, store, "organization_id", "organizations", cases)
    if call.includes("metric_sets"):
        loaded["metric_sets"] = [present_metrics(call, case) for case in cases]
    return loaded


def _found(store: Store, ids: Iterable[Any]) -> list[Record]:
    known = (store.find(one) for one in sorted(one for one in ids if one is not None))
    return [record for record in known if record is not None]


def _referred(
    call: Call, store: Store, field: str, path: str, cases: Sequence[TicketCase]
) -> list[Record]:
    shape = Resource(plural=path, singular=path, path=path, store=lambda _: store)
    found = _found(store, {case.record[field] for case in cases})
    return [shape.present(call, record) for record in found]
