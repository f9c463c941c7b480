"""The life of a ticket: creation and update."""

from typing import TYPE_CHECKING, Any

from integrations.runtime.clock import parse_instant
from integrations.sandbox.state.changes import TicketChange, TicketDraft
from integrations.sandbox.state.people.users import is_staff
from integrations.sandbox.state.refusals import closed, outdated
from integrations.sandbox.state.ticketing import audits, links
from integrations.sandbox.state.ticketing.comments import has_text
from integrations.sandbox.state.ticketing.fields import status_values, wanted_values
from integrations.sandbox.state.ticketing.people import changed_people, people_events, requester_of
from integrations.sandbox.state.ticketing.saying import author_of, say, submitter_of
from integrations.sandbox.state.ticketing.solving import check_solvable, no_description
from integrations.sandbox.state.ticketing.ticket_case import (
    VIA_API,
    TicketCase,
    TicketPast,
    Timeline,
    empty_ticket,
)
from integrations.sandbox.state.ticketing.timeline import log

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record

SPOKEN = ("body", "html_body", "value", "public", "author_id")


def create(
    account: "Account",
    asked: dict[str, Any],
    actor: "Record",
    via: "Record" = VIA_API,
    *,
    author: "Record | None" = None,
) -> TicketCase:
    """Open a ticket; `case.audits[0]` says how.

    Its first words are the submitter's, unless `author` wrote them: an e-mail that was forwarded.
    """
    said = first_words(account, asked)
    source = links.followed(account, asked)
    asked = links.follow_up_values(source) | asked if source else asked
    case, submitter = new_case(account, asked, said, actor)
    record, now = case.record, account.clock.now()
    record |= {"id": account.ids.ticket(), "via": asked["via"] if source else via}
    audit = _audit(account, case, asked, actor, via)
    comment = say(account, case, audit, said, author or submitter, record["requester_id"])
    record |= {"description": comment["body"], "is_public": comment["public"]}
    audit["events"] += audits.create_events(account.ids, record)
    audit["events"] += _macros_used(account, asked)
    draft = TicketDraft(
        case=case, record=record, before=None, audit=audit, actor=actor, comment=comment
    )
    account.decide(draft)
    case.audits.append(audit)
    account.keep_ticket(case, now)
    account.note_work(actor["id"], case.id)
    log(case, {"status", "assignee_id", "group_id"}, submitter, comment, now)
    account.publish(
        TicketChange(kind="created", case=case, actor_id=actor["id"], now=now, comment=comment)
    )
    _finish(draft)
    links.recount_incidents(account, record["problem_id"])
    if source:
        links.note_follow_up(account, source, case.id)
    return case


def first_words(account: "Account", asked: dict[str, Any]) -> dict[str, Any]:
    """Return the comment with which a ticket begins; refuse a ticket without words."""
    said: Any = asked.get("comment")
    if not has_text(said):
        said = {"body": asked.get("description") or ""}
    if not has_text(said):
        raise no_description(account)
    return dict(said)


def new_case(
    account: "Account", asked: dict[str, Any], said: dict[str, Any], actor: "Record"
) -> tuple[TicketCase, "Record"]:
    """Return a ticket that has its fields and no number yet, and who submits it."""
    requester = requester_of(account, asked, actor)
    submitter = submitter_of(account, asked, said, actor)
    record = empty_ticket() | {"requester_id": requester["id"], "submitter_id": submitter["id"]}
    record["organization_id"] = requester["organization_id"]
    record["brand_id"] = account.brands.all()[0]["id"]
    record["ticket_form_id"] = account.ticket_forms.all()[0]["id"]
    fields = {name: value for name, value in asked.items() if name != "requester_id"}
    record |= wanted_values(account, record, fields)
    if record["status"] == "solved" and is_staff(actor):
        check_solvable(account, record | {"description": said})
    stamp = account.clock.stamp()
    record |= {"created_at": stamp, "updated_at": stamp}
    past = TicketPast(Timeline(created=account.clock.now()))
    return TicketCase(record, account.ids.record(), past), submitter


def update(
    account: "Account",
    case: TicketCase,
    asked: dict[str, Any],
    actor: "Record",
    via: "Record" = VIA_API,
) -> "Record":
    """Change a ticket and return the audit; an update without effect leaves no audit behind."""
    check_update(case, asked)
    if asked.get("requester") and "requester_id" not in asked:
        asked = asked | {"requester_id": requester_of(account, asked, actor)["id"]}
    before = dict(case.record)
    audit = _audit(account, case, asked, actor, via)
    said: Any = asked.get("comment")
    author = author_of(account, said, actor)
    after = before | wanted_values(account, before, asked)
    is_solving = after["status"] == "solved" != before["status"]
    if is_solving and via is VIA_API and is_staff(actor):
        check_solvable(account, after)
    if is_solving and after["assignee_id"] is None and is_staff(actor):
        after |= wanted_values(account, before, asked | {"assignee_id": actor["id"]})
    comment = None
    if has_text(said):
        comment = say(account, case, audit, said, author, after["requester_id"])
    if comment and comment["public"]:
        after["is_public"] = True
        if author["role"] == "end-user" and "status" not in asked and _reopens(after["status"]):
            after |= status_values(account, after, "open")
    audit["events"] += audits.change_events(account.ids, audits.changed_fields(before, after))
    audit["events"] += people_events(account, before, after)
    audit["events"] += _macros_used(account, asked)
    draft = TicketDraft(
        case=case, record=after, before=before, audit=audit, actor=actor, comment=comment
    )
    commit(account, draft, author)
    if is_solving:
        _solve_incidents(account, case, said, actor)
    return audit


def prepare(account: "Account", case: TicketCase, actor: "Record", via: "Record") -> TicketDraft:
    """Return a change without content yet, for a rule to fill and to `commit`."""
    audit = _audit(account, case, {}, actor, via)
    return TicketDraft(
        case=case, record=dict(case.record), before=dict(case.record), audit=audit, actor=actor
    )


def commit(account: "Account", draft: TicketDraft, author: "Record") -> None:
    """Keep and publish a change with what the business rules add; without events nothing is."""
    if draft.before is None or not draft.audit["events"]:
        return
    account.decide(draft)
    case, now = draft.case, account.clock.now()
    changes = audits.changed_fields(draft.before, draft.record)
    changes += changed_people(draft.before, draft.record)
    case.record.update(draft.record | {"updated_at": draft.audit["created_at"]})
    case.audits.append(draft.audit)
    log(case, {name for name, _, _ in changes}, author, draft.comment, now)
    account.touch(case, now)
    account.note_work(draft.actor["id"], case.id)
    account.publish(
        TicketChange(
            kind="updated",
            case=case,
            actor_id=draft.actor["id"],
            now=now,
            changes=changes,
            comment=draft.comment,
        )
    )
    _finish(draft)
    if draft.before["problem_id"] != draft.record["problem_id"]:
        links.recount_incidents(account, draft.before["problem_id"], draft.record["problem_id"])


def _solve_incidents(account: "Account", case: TicketCase, said: Any, actor: "Record") -> None:
    """Solve the incidents of a problem that was solved, in the same words."""
    origin = {"ticket_id": case.id, "subject": case.record["subject"]}
    via = {"channel": "system", "source": {"from": origin, "to": {}, "rel": "problem"}}
    solution: dict[str, Any] = {"status": "solved"}
    if has_text(said):
        solution["comment"] = {name: said[name] for name in SPOKEN if name in said}
    for incident in links.unsolved_incidents(account, case):
        update(account, incident, solution, actor, via)


def _finish(draft: TicketDraft) -> None:
    for act in draft.afterwards:
        act()


def _macros_used(account: "Account", asked: dict[str, Any]) -> list["Record"]:
    used = [account.macros.find(macro_id) for macro_id in asked.get("macro_ids") or ()]
    return [audits.macro_event(account.ids, macro) for macro in used if macro]


def check_update(case: TicketCase, asked: dict[str, Any]) -> None:
    """Refuse to change a closed ticket, or one that changed since the caller read it."""
    if case.record["status"] == "closed":
        raise closed()
    if "safe_update" not in asked:
        return
    try:
        seen = parse_instant(str(asked["updated_stamp"]))
    except (KeyError, ValueError):
        raise outdated() from None
    if seen != parse_instant(case.record["updated_at"]):
        raise outdated()


def _audit(
    account: "Account",
    case: TicketCase,
    asked: dict[str, Any],
    actor: "Record",
    via: "Record" = VIA_API,
) -> "Record":
    audit = audits.new_audit(
        account.ids,
        ticket_id=case.id,
        author_id=actor["id"],
        created_at=account.clock.stamp(),
        custom=audits.custom_metadata(asked.get("metadata")),
    )
    return audit | {"via": via}


def _reopens(status: str) -> bool:
    return status in ("pending", "hold", "solved")
