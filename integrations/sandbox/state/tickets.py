"""The life of a ticket: creation and update."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from integrations.runtime.clock import parse_instant
from integrations.sandbox.state import audits
from integrations.sandbox.state.changes import TicketChange, TicketDraft
from integrations.sandbox.state.comments import has_text
from integrations.sandbox.state.refusals import blank, closed, outdated
from integrations.sandbox.state.ticket_case import (
    TicketCase,
    TicketPast,
    Timeline,
    empty_ticket,
)
from integrations.sandbox.state.ticket_fields import status_values, wanted_values
from integrations.sandbox.state.ticketing.saying import author_of, say, submitter_of

if TYPE_CHECKING:
    from integrations.sandbox.state.account import Account
    from integrations.sandbox.state.store import Record


def create(account: "Account", asked: dict[str, Any], actor: "Record") -> TicketCase:
    """Open a ticket; `case.audits[0]` says how."""
    said: Any = asked.get("comment")
    if not has_text(said):
        said = {"body": asked.get("description") or ""}
    if not has_text(said):
        raise blank("description")
    requester = account.requester_of(asked, actor)
    submitter = submitter_of(account, asked, said, actor)
    record = empty_ticket() | {"requester_id": requester["id"], "submitter_id": submitter["id"]}
    record["organization_id"] = requester["organization_id"]
    record["brand_id"] = account.brands.all()[0]["id"]
    record["ticket_form_id"] = account.ticket_forms.all()[0]["id"]
    fields = {name: value for name, value in asked.items() if name != "requester_id"}
    record |= wanted_values(account, record, fields)
    now, stamp = account.clock.now(), account.clock.stamp()
    case = TicketCase(record, account.ids.record(), TicketPast(Timeline(created=now)))
    record |= {"id": account.ids.ticket(), "created_at": stamp, "updated_at": stamp}
    audit = _audit(account, case, asked, actor, stamp)
    comment = say(account, case, audit, said, submitter, requester["id"])
    record["description"] = comment["body"]
    record["is_public"] = comment["public"]
    audit["events"] += audits.create_events(account.ids, record)
    audit["events"] += _macros_used(account, asked)
    draft = TicketDraft(
        case=case, record=record, before=None, audit=audit, actor=actor, comment=comment
    )
    account.decide(draft)
    case.audits.append(audit)
    account.keep_ticket(case, now)
    _log(case, {"status", "assignee_id", "group_id"}, submitter, comment, now)
    account.publish(
        TicketChange(kind="created", case=case, actor_id=actor["id"], now=now, comment=comment)
    )
    _finish(draft)
    return case


def update(
    account: "Account", case: TicketCase, asked: dict[str, Any], actor: "Record"
) -> "Record":
    """Change a ticket and return the audit; an update without effect leaves no audit behind."""
    _check_update(case, asked)
    before = dict(case.record)
    audit = _audit(account, case, asked, actor, account.clock.stamp())
    said: Any = asked.get("comment")
    author = author_of(account, said, actor)
    after = before | wanted_values(account, before, asked)
    if after["status"] == "solved" and after["assignee_id"] is None and _is_staff(actor):
        after |= wanted_values(account, before, asked | {"assignee_id": actor["id"]})
    comment = None
    if has_text(said):
        comment = say(account, case, audit, said, author, after["requester_id"])
    if comment and comment["public"]:
        after["is_public"] = True
        if author["role"] == "end-user" and "status" not in asked and _reopens(after["status"]):
            after |= status_values(account, after, "open")
    audit["events"] += audits.change_events(account.ids, audits.changed_fields(before, after))
    audit["events"] += _macros_used(account, asked)
    draft = TicketDraft(
        case=case, record=after, before=before, audit=audit, actor=actor, comment=comment
    )
    commit(account, draft, author)
    return audit


def commit(account: "Account", draft: TicketDraft, author: "Record") -> None:
    """Keep and publish a change with what the business rules add; without events nothing is."""
    if draft.before is None or not draft.audit["events"]:
        return
    account.decide(draft)
    case, now = draft.case, account.clock.now()
    changes = audits.changed_fields(draft.before, draft.record)
    case.record.update(draft.record | {"updated_at": draft.audit["created_at"]})
    case.audits.append(draft.audit)
    _log(case, {name for name, _, _ in changes}, author, draft.comment, now)
    account.touch(case, now)
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


def _finish(draft: TicketDraft) -> None:
    for act in draft.afterwards:
        act()


def _macros_used(account: "Account", asked: dict[str, Any]) -> list["Record"]:
    used = [account.macros.find(macro_id) for macro_id in asked.get("macro_ids") or ()]
    return [audits.macro_event(account.ids, macro) for macro in used if macro]


def _check_update(case: TicketCase, asked: dict[str, Any]) -> None:
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
    account: "Account", case: TicketCase, asked: dict[str, Any], actor: "Record", stamp: str
) -> "Record":
    return audits.new_audit(
        account.ids,
        ticket_id=case.id,
        author_id=actor["id"],
        created_at=stamp,
        custom=audits.custom_metadata(asked.get("metadata")),
    )


def _is_staff(person: "Record") -> bool:
    return bool(person["role"] != "end-user")


def _reopens(status: str) -> bool:
    return status in ("pending", "hold", "solved")


def _log(
    case: TicketCase, changed: set[str], author: "Record", comment: "Record | None", now: datetime
) -> None:
    timeline, record = case.timeline, case.record
    if "status" in changed:
        timeline.statuses.append((now, record["status"]))
    if "assignee_id" in changed:
        timeline.assignees.append((now, record["assignee_id"]))
    if "group_id" in changed:
        timeline.groups.append((now, record["group_id"]))
    if author["id"] == record["requester_id"]:
        timeline.requester_touched = now
    if author["id"] == record["assignee_id"]:
        timeline.assignee_touched = now
    if comment is None:
        return
    is_reply = bool(timeline.comments) and comment["public"] and _is_staff(author)
    timeline.comments.append((now, author["id"]))
    if is_reply and author["id"] != record["requester_id"]:
        timeline.replies.append(now)
