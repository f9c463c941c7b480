"""Carries out the actions of a rule: on the ticket, and as mail and calls that leave afterwards."""

from collections.abc import Iterable
from typing import Any

from integrations.sandbox.rules import placeholders
from integrations.sandbox.rules.actions import CUSTOM_FIELD
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.changes import TicketDraft, WebhookBody
from integrations.sandbox.state.refusals import Refusal
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing import audits
from integrations.sandbox.state.ticketing.fields import wanted_values
from integrations.sandbox.state.ticketing.people import people_events
from integrations.sandbox.state.ticketing.tags import clean_tags

SENT = ("notification_user", "notification_group", "notification_webhook")
NOT_FIELDS = ("satisfaction_score", "set_schedule")
OWNER = ("group_id", "assignee_id")
LISTS = {"follower": "follower_ids", "cc": "email_cc_ids"}


def perform(account: Account, draft: TicketDraft, actions: Iterable[Record], via: Record) -> bool:
    """Do what a rule says; return whether the ticket became another one."""
    before = dict(draft.record)
    rest = [action for action in actions if action["field"] not in SENT]
    _change(account, draft, fields_of(draft.record, draft.actor, rest))
    changes = audits.changed_fields(before, draft.record)
    events = audits.change_events(account.ids, changes)
    events += people_events(account, before, draft.record)
    if any(action["field"] == "satisfaction_score" for action in rest):
        events += _offer_satisfaction(account, draft)
    events += _set_schedule(account, draft, rest)
    draft.audit["events"] += [event | {"via": via} for event in events]
    for action in actions:
        if action["field"] in SENT:
            _send(account, draft, action, via)
    return draft.record != before


def fields_of(record: Record, actor: Record, actions: Iterable[Record]) -> dict[str, Any]:
    """Return what actions ask of a ticket, in the words in which a client would ask for it."""
    asked: dict[str, Any] = {}
    for action in actions:
        name, value = action["field"], action["value"]
        custom = CUSTOM_FIELD.fullmatch(name)
        if custom:
            asked.setdefault("custom_fields", []).append({"id": int(custom[1]), "value": value})
        elif name in ("set_tags", "current_tags", "remove_tags"):
            tags: list[str] = asked["tags"] if "tags" in asked else record["tags"]
            asked["tags"] = _tags(name, value, tags)
        elif name in LISTS:
            ids: list[int] = asked.get(LISTS[name]) or record[LISTS[name]]
            person = meant(value, record, actor)
            asked[LISTS[name]] = ids if person in (None, *ids) else [*ids, person]
        elif name.endswith("_id"):
            found = meant(value, record, actor)
            asked |= {name: found} if found is not None or value == "" else {}
        elif name not in NOT_FIELDS:
            asked[name] = value or None
    return asked


def _tags(name: str, value: Any, tags: list[str]) -> list[str]:
    given = clean_tags(value)
    if name == "set_tags":
        return given
    if name == "remove_tags":
        return [tag for tag in tags if tag not in given]
    return sorted({*tags, *given})


def meant(value: Any, record: Record, actor: Record) -> Any:
    """Return whose id a value stands for; None for nobody, and for a customer as current user."""
    if value in ("requester_id", "assignee_id", "submitter_id"):
        return record[value]
    if value == "current_user":
        return actor["id"] if actor["role"] != "end-user" else None
    if value == "current_groups":
        return actor.get("default_group_id")
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return None if value == "" else value


def _change(account: Account, draft: TicketDraft, asked: dict[str, Any]) -> None:
    """Set all fields together, or one by one when they do not go together.

    What cannot be done is left, as Zendesk leaves it: an agent who is gone or not of the group.
    """
    if _is_set(account, draft, asked):
        return
    owner: dict[str, Any] = {one: asked[one] for one in OWNER if one in asked}
    for name, value in asked.items():
        if name not in owner:
            _is_set(account, draft, {name: value})
    if not _is_set(account, draft, owner) and "group_id" in owner:
        _is_set(account, draft, {"group_id": owner["group_id"]})


def _is_set(account: Account, draft: TicketDraft, asked: dict[str, Any]) -> bool:
    try:
        draft.record.update(wanted_values(account, draft.record, asked))
    except Refusal:
        return False
    return True


def _offer_satisfaction(account: Account, draft: TicketDraft) -> list[Record]:
    if draft.record["satisfaction_rating"]:
        return []
    draft.record["satisfaction_rating"] = {"score": "offered"}
    return audits.change_events(account.ids, [("satisfaction_score", "unoffered", "offered")])


def _set_schedule(account: Account, draft: TicketDraft, actions: list[Record]) -> list[Record]:
    """Choose the schedule whose business hours count for the ticket."""
    chosen = [int(action["value"]) for action in actions if action["field"] == "set_schedule"]
    previous = draft.case.schedule_id
    if not chosen or chosen[-1] == previous:
        return []
    draft.case.schedule_id = chosen[-1]
    return [
        {
            "id": account.ids.record(),
            "type": "ScheduleAssignment",
            "previous_schedule_id": previous,
            "new_schedule_id": chosen[-1],
        }
    ]


def _send(account: Account, draft: TicketDraft, action: Record, via: Record) -> None:
    """Say in the audit what is sent, with its placeholders as they are written."""
    event = {"id": account.ids.record(), "type": "Notification", "via": via}
    value = action["value"]
    if action["field"] == "notification_webhook":
        body = value[1] if len(value) > 1 else ""
        event |= {"type": "External", "resource": value[0], "body": body}
        draft.afterwards.append(lambda: _call(account, draft, value[0], body))
    else:
        to_group = action["field"] == "notification_group"
        recipients = (_members if to_group else _people)(account, draft, value[0])
        if not recipients:
            return
        event |= {"subject": value[1], "body": value[2], "recipients": recipients}
    draft.audit["events"].append(event)


def _call(account: Account, draft: TicketDraft, webhook_id: str, body: Any) -> None:
    """Call a webhook with what the ticket is now, after every rule had its turn."""
    webhook = account.webhooks.store.find(webhook_id)
    if webhook is None:
        return
    fill = placeholders.Filler(account, draft.case, draft.actor, form=webhook.get("request_format"))
    rendered: WebhookBody = (
        fill.text(body)
        if isinstance(body, str)
        else [(name, fill.plain(value)) for name, value in body]
    )
    account.call_webhook(webhook_id, rendered)


def _people(account: Account, draft: TicketDraft, who: str) -> list[int]:
    record = draft.record
    if who == "all_agents":
        return [user["id"] for user in account.agents()]
    if who == "requester_and_ccs":
        return [record["requester_id"], *record["email_cc_ids"]]
    person = draft.actor["id"] if who == "current_user" else meant(who, record, draft.actor)
    return [person] if account.users.find(person) else []


def _members(account: Account, draft: TicketDraft, which: str) -> list[int]:
    group = draft.record["group_id"] if which == "group_id" else int(which)
    return [one["user_id"] for one in account.group_memberships.where(group_id=group)]
