"""The page of one ticket: what was said, what changed, and the talks beside it."""

from collections.abc import Iterator
from typing import Any

from integrations.sandbox.door.pages.markup import (
    Html,
    cards,
    html,
    joined,
    link,
    page,
    pill,
    section,
    table,
)
from integrations.sandbox.door.pages.overview import metric_event_row
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.side_conversations.conversations import SideConversation
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.ticketing.ticket_case import TicketCase

QUIET = ("Comment", "Create", "Change")
STORES = {
    "requester_id": "users",
    "assignee_id": "users",
    "group_id": "groups",
    "organization_id": "organizations",
    "brand_id": "brands",
    "ticket_form_id": "ticket_forms",
    "custom_status_id": "custom_statuses",
}


def render_ticket(account: Account, case: TicketCase) -> str:
    """Return the page of a ticket; everything that came from outside is escaped."""
    ticket = case.record
    title = f"#{case.id} {ticket['subject'] or '(no subject)'}"
    parts = [
        html("<header><h1>{}</h1><nav>{}</nav></header>", title, link("/", "all tickets")),
        _state(account, case),
        _fields(account, case),
        section("Conversation", joined(_comments(account, case))),
        section("Side conversations", _side_conversations(account, case)),
        section("History", _history(account, case)),
        section("Metric events", _metric_events(account, case)),
    ]
    return page(title, parts)


def _name(account: Account, user_id: Any) -> Any:
    user = account.users.find(user_id)
    return user["name"] if user else user_id


def _state(account: Account, case: TicketCase) -> Html:
    ticket = case.record
    group = account.groups.find(ticket["group_id"])
    return cards(
        [
            ("status", pill(ticket["status"])),
            ("priority", pill(ticket["priority"]) or "–"),
            ("type", ticket["type"] or "–"),
            ("group", group["name"] if group else "–"),
            ("assignee", _name(account, ticket["assignee_id"]) or "–"),
        ]
    )


def _fields(account: Account, case: TicketCase) -> Html:
    ticket = case.record
    named = [
        ("Requester", _name(account, ticket["requester_id"])),
        ("Created", ticket["created_at"]),
        ("Updated", ticket["updated_at"]),
        ("Channel", _channel(ticket["via"])),
        ("External id", ticket["external_id"]),
        ("Tags", ", ".join(ticket["tags"])),
        *_custom_fields(account, ticket),
    ]
    rows = (html("<dt>{}</dt><dd>{}</dd>", name, value) for name, value in named if value)
    return html("<dl>{}</dl>", joined(rows))


def _channel(via: Record) -> Html:
    parent = via["source"]["from"].get("ticket_id")
    if parent is None:
        return html("{}", via["channel"])
    return html("{} of {}", via["channel"], link(f"/sandbox/tickets/{parent}", f"#{parent}"))


def _custom_fields(account: Account, ticket: Record) -> Iterator[tuple[str, Any]]:
    for entry in ticket["custom_fields"]:
        definition = account.ticket_fields.find(entry["id"])
        if definition and entry["value"] not in (None, "", []):
            yield definition["title"], entry["value"]


def _comments(account: Account, case: TicketCase) -> Iterator[Html]:
    for comment, audit in case.comments():
        author = account.users.find(comment["author_id"])
        is_staff = author is not None and author["role"] != "end-user"
        kind = ("reply" if is_staff else "") if comment["public"] else "note"
        files = (link(one["content_url"], one["file_name"]) for one in case.files_of(comment))
        yield _said(
            author["name"] if author else comment["author_id"],
            audit["created_at"],
            comment["body"],
            kind=kind,
            remark=joined(["" if comment["public"] else "internal note", *files], " "),
        )


def _said(who: Any, when: str, words: str, *, kind: str = "", remark: Any = "") -> Html:
    head = html('<p><b>{}</b> <span class="dim">{} {}</span></p>', who, when, remark)
    return html('<div class="comment {}">{}<div class="words">{}</div></div>', kind, head, words)


def _side_conversations(account: Account, case: TicketCase) -> Html:
    talks = account.side_conversations.of_ticket(case.id)
    if not talks:
        return Html('<p class="dim">None yet.</p>')
    return joined(map(_talk, talks))


def _talk(conversation: SideConversation) -> Html:
    child = conversation.child_id
    carried = link(f"/sandbox/tickets/{child}", f"child ticket #{child}") if child else ""
    people = ", ".join(str(one["name"] or one["email"]) for one in conversation.participants)
    head = html(
        "<p><b>{}</b> {} {} <span class='dim'>{}</span></p>",
        conversation.subject or "(no subject)",
        html('<span class="pill {}">{}</span>', _tone(conversation), conversation.state),
        carried,
        people,
    )
    told = joined(map(_talk_event, conversation.events))
    return html('<div class="comment">{}{}</div>', head, told)


def _tone(conversation: SideConversation) -> str:
    return "good" if conversation.state == "open" else "dim"


def _talk_event(event: Record) -> Html:
    who = event["actor"]["name"] or event["actor"]["email"]
    if event["message"] is None:
        changes = ", ".join(f"{name}: {value}" for name, value in event["updates"].items())
        return html('<p class="dim">{} {} – {}</p>', event["created_at"], who, changes)
    return _said(who, event["created_at"], event["message"]["body"])


def _history(account: Account, case: TicketCase) -> Html:
    columns = ("*Time", "By", "*Channel", "What")
    rows = (
        (
            audit["created_at"],
            _name(account, audit["author_id"]),
            audit["via"]["channel"],
            joined(
                html("<div>{}</div>", _told(account, one))
                for one in filter(_says_something, audit["events"])
            ),
        )
        for audit in reversed(case.audits)
    )
    return table(columns, rows)


def _told(account: Account, event: Record) -> Html:
    if event["type"] == "Comment":
        return html("{} comment", "public" if event["public"] else "internal")
    if event["type"] not in QUIET:
        return html("{}", event["type"])
    field = str(event["field_name"])
    name, value = _field_name(account, field), _value(account, field, event["value"])
    if event["type"] == "Create":
        return html('{} <span class="dim">is</span> {}', name, value)
    before = _value(account, field, event["previous_value"])
    return html('{}: <span class="dim">{} →</span> {}', name, before, value)


def _says_something(event: Record) -> bool:
    return event["type"] != "Create" or event["value"] not in (None, "", [])


def _value(account: Account, field: str, value: Any) -> Any:
    """Return a value in words: what an id stands for, tags one after the other."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    store = getattr(account, STORES.get(field, ""), None)
    found = store.find(int(value)) if store and str(value).isdecimal() else None
    return (found.get("name") or found.get("agent_label") or value) if found else value


def _field_name(account: Account, name: str) -> Any:
    definition = account.ticket_fields.find(int(name)) if name.isdecimal() else None
    return definition["title"] if definition else name


def _metric_events(account: Account, case: TicketCase) -> Html:
    kept, now = account.metric_events, int(account.clock.now().timestamp())
    events = (kept.present(case, event) for event in kept.of(case, now))
    return table(("*Time", "*Metric", "*Event", "Detail"), map(metric_event_row, events))
