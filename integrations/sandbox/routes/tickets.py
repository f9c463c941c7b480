"""Tickets: list, show, create, update, delete."""

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from integrations.sandbox.routes.records import counted, warn_about_body
from integrations.sandbox.routes.sideloads import fields_inside, sideloads
from integrations.sandbox.routes.ticket_orders import arranged
from integrations.sandbox.state.refusals import bad_request
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing import bin as ticket_bin
from integrations.sandbox.state.ticketing import tickets
from integrations.sandbox.wire.call import Answer, Call, Route, created, no_content
from integrations.sandbox.wire.paging import page_of

ALLOWED = frozenset(
    (
        "subject comment description priority status type external_id problem_id due_at recipient "
        "requester requester_id submitter_id assignee_id assignee_email organization_id group_id "
        "brand_id ticket_form_id custom_status_id collaborator_ids follower_ids email_cc_ids tags "
        "additional_tags remove_tags custom_fields fields metadata safe_update updated_stamp "
        "macro_ids via via_id via_followup_source_id collaborators raw_subject macro_id "
        "additional_collaborators followers email_ccs attribute_value_ids sharing_agreement_ids "
        "voice_comment"
    ).split()
)
LONGEST_KEY = 255


def present_ticket(call: Call, record: Record) -> Record:
    """Return a ticket as clients see it."""
    shown = {"url": call.url("tickets", record["id"])} | record
    return shown | fields_inside(call, record["id"]) if "include" in call.query else shown


def ticket_page(
    call: Call,
    records: Sequence[Record] | None = None,
    *,
    order: str | None = None,
    is_sorted: bool = False,
) -> dict[str, Any]:
    """Return one page of these tickets, or of all living ones, with their sideloads."""
    found, usual, is_arranged = arranged(call, records)
    if records is not None and (order or is_sorted):
        found, is_arranged = records, is_sorted
    body = page_of(
        call,
        "tickets",
        found,
        order=order or usual,
        present=lambda record: present_ticket(call, record),
        is_sorted=is_arranged,
    )
    if call.query.get("sort"):
        body["tickets_total"] = len(found)
    cases = [call.account.tickets[record["id"]] for record in body["tickets"]]
    return body | sideloads(call, cases)


def _index(call: Call) -> Answer:
    wanted = call.query.get("external_id")
    if wanted is None:
        return Answer(ticket_page(call))
    found = call.account.tickets.by_field.cases("external_id", wanted)
    return Answer(ticket_page(call, [case.record for case in found]))


def _show(call: Call) -> Answer:
    case = call.account.ticket(call.id)
    return Answer({"ticket": present_ticket(call, case.record)} | sideloads(call, [case]))


def _show_many(call: Call) -> Answer:
    cases = [call.account.tickets.get(ticket_id) for ticket_id in sorted(set(call.ids()))]
    found = [case for case in cases if case and not case.is_deleted]
    return Answer(
        {
            "tickets": [present_ticket(call, case.record) for case in found],
            "next_page": None,
            "previous_page": None,
            "count": len(found),
        }
        | sideloads(call, found)
    )


def _create(call: Call) -> Answer:
    key = call.headers.get("idempotency-key")
    if key is None:
        return _create_once(call)
    if len(key) > LONGEST_KEY:
        raise bad_request("IdempotentRequestError", "The idempotency key is too long")
    digest = hashlib.sha256(msgspec.json.encode(call.body)).hexdigest()
    kept = call.account.idempotent.find((call.actor["id"], key), digest)
    if kept is not None:
        body, place = kept
        hit = {"Location": place, "x-idempotency-lookup": "hit"}
        return Answer(msgspec.json.decode(body), 201, hit)
    answer = _create_once(call)
    # as text: what is redacted later was in the original answer all the same
    original = (msgspec.json.encode(answer.body), answer.headers["Location"])
    call.account.idempotent.keep((call.actor["id"], key), digest, original)
    return Answer(answer.body, answer.status, answer.headers | {"x-idempotency-lookup": "miss"})


def _create_once(call: Call) -> Answer:
    asked = call.wrapped("ticket")
    call.warn("ticket", asked, ALLOWED)
    case = tickets.create(call.account, asked, call.actor)
    answer = created(
        call,
        "ticket",
        present_ticket(call, case.record) | {"generated_timestamp": 0},
        "tickets",
        case.id,
    )
    answer.body["audit"] = case.audits[0]
    return answer


def _update(call: Call) -> Answer:
    asked = call.wrapped("ticket")
    call.warn("ticket", asked, ALLOWED)
    case = call.account.ticket(call.id)
    audit = tickets.update(call.account, case, asked, call.actor)
    return Answer({"ticket": present_ticket(call, case.record), "audit": audit})


def _recent(call: Call) -> Answer:
    """Answer with the tickets on which the caller worked last, the latest first."""
    cases = [call.account.tickets[number] for number in call.account.recent_work(call.actor["id"])]
    living = [case.record for case in reversed(cases) if not case.is_deleted]
    return Answer(ticket_page(call, living, is_sorted=True))


def _destroy(call: Call) -> Answer:
    warn_about_body(call)
    ticket_bin.delete(call.account, call.account.ticket(call.id), call.full_agent())
    return no_content()


def _count(call: Call) -> Answer:
    return counted(call, len(call.account.living_tickets()))


ROUTES = (
    Route("GET", "tickets", _index, "tickets", "index", "tickets-index"),
    Route("GET", "tickets/count", _count, "tickets", "count"),
    Route("GET", "tickets/recent", _recent, "tickets", "recent"),
    Route("GET", "tickets/show_many", _show_many, "tickets", "show_many"),
    Route("GET", "tickets/{id}", _show, "tickets", "show"),
    Route("POST", "tickets", _create, "tickets", "create", "ticket-create"),
    Route("PUT", "tickets/{id}", _update, "tickets", "update", "ticket-update"),
    Route("DELETE", "tickets/{id}", _destroy, "tickets", "destroy", "ticket-delete"),
)
