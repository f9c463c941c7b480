"""Records that ride along with tickets: `include=users,groups,metric_sets`."""

from collections.abc import Iterable, Sequence
from typing import Any

from integrations.sandbox.routes.records import Resource
from integrations.sandbox.routes.users import present_user
from integrations.sandbox.sla.standing import events_by_metric, policy_metrics
from integrations.sandbox.state.metrics import metric_set
from integrations.sandbox.state.store import Record, Store
from integrations.sandbox.state.ticketing.ticket_case import TicketCase
from integrations.sandbox.wire.call import Call

DATES = (
    "assignee_updated_at requester_updated_at status_updated_at initially_assigned_at assigned_at "
    "solved_at latest_comment_added_at"
).split()
PEOPLE = ("requester_id", "submitter_id", "assignee_id")


def present_metrics(call: Call, case: TicketCase) -> Record:
    """Return the metrics of a ticket as clients see them, with the schedule that counts for it."""
    metrics = metric_set(case, call.account.schedule_of(case))
    return {"url": call.url("ticket_metrics", case.metric_id)} | metrics


def sideloads(call: Call, cases: Sequence[TicketCase]) -> dict[str, Any]:
    """Return what the client asked to have with these tickets."""
    loaded: dict[str, Any] = {}
    if call.includes("users"):
        people = {case.record[field] for case in cases for field in PEOPLE}
        found = _found(call.account.users, people)
        loaded["users"] = [present_user(call, user) for user in found]
    for name, (store, field) in _by_reference(call).items():
        if call.includes(name):
            loaded[name] = _referred(call, store, field, name, cases)
    if call.includes("metric_sets"):
        loaded["metric_sets"] = [present_metrics(call, case) for case in cases]
    if call.includes("last_audits"):
        told = [case for case in cases if not case.is_scrubbed]
        loaded["last_audits"] = [case.glimpse("audits", -1) for case in told]
    if call.includes("sharing_agreements"):
        loaded["sharing_agreements"] = []  # no account shares tickets with this one
    return loaded


def fields_inside(call: Call, number: int) -> dict[str, Any]:
    """Return the sideloads that Zendesk puts into the ticket itself."""
    case = call.account.tickets[number]
    fields: dict[str, Any] = {}
    if call.includes("comment_count"):
        fields["comment_count"] = len(case.comments())
    if call.includes("incident_counts"):
        fields["incident_count"] = len(call.account.tickets.by_field.having("problem_id", number))
    if call.includes("dates"):
        metrics = present_metrics(call, case)
        fields["dates"] = {name: metrics[name] for name in DATES}
    if call.includes("slas"):
        fields["slas"] = {"policy_metrics": policy_metrics(case, call.account.clock.now())}
    if call.includes("metric_events"):
        fields["metric_events"] = events_by_metric(call.account, case)
    return fields


def _by_reference(call: Call) -> dict[str, tuple[Store, str]]:
    account = call.account
    return {
        "groups": (account.groups, "group_id"),
        "organizations": (account.organizations, "organization_id"),
        "brands": (account.brands, "brand_id"),
        "ticket_forms": (account.ticket_forms, "ticket_form_id"),
    }


def _found(store: Store, ids: Iterable[Any]) -> list[Record]:
    known = (store.find(one) for one in sorted(one for one in ids if one is not None))
    return [record for record in known if record is not None]


def _referred(
    call: Call, store: Store, field: str, path: str, cases: Sequence[TicketCase]
) -> list[Record]:
    shape = Resource(plural=path, singular=path, path=path, store=lambda _: store)
    found = _found(store, {case.record[field] for case in cases})
    return [shape.present(call, record) for record in found]
