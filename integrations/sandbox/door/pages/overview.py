"""The page at /: the newest tickets, deliveries and metric events, and what is set to go wrong."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import msgspec

from integrations.runtime.clock import format_instant
from integrations.sandbox.deliveries.dispatch import Deliveries
from integrations.sandbox.deliveries.invocations import Invocation
from integrations.sandbox.door.pages.markup import (
    Html,
    cards,
    folded,
    html,
    joined,
    link,
    page,
    pill,
    section,
    table,
)
from integrations.sandbox.faults import Faults
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.metric_events import Item, MetricEvents
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.webhooks.event_types import PREFIX

TICKETS_A_PAGE = 20
MOST_INVOCATIONS = 40
MOST_METRIC_EVENTS = 20
REFRESH_S = 5
PLACES = ("tickets", "webhooks", "deliveries", "breaches", "events")


@dataclass(frozen=True, slots=True)
class View:
    """What a person wants to see: how many tickets to leave out, and whether to look again."""

    skip: int = 0
    is_live: bool = False

    def address(self, **changes: Any) -> str:
        """Return the address of this view with some changes."""
        wanted = {"skip": self.skip, "live": int(self.is_live)} | changes
        query = "&".join(f"{name}={value}" for name, value in wanted.items() if value)
        return f"/?{query}" if query else "/"


def render_overview(account: Account, deliveries: Deliveries, faults: Faults, view: View) -> str:
    """Return the page; everything that came from outside is escaped."""
    parts = [
        _head(account, view),
        _numbers(account, deliveries),
        section("Faults in force", _faults(faults)),
        _tickets(account, view),
        _webhooks(account, deliveries),
        _deliveries(account, deliveries),
        _metric_events(account),
    ]
    return page("riskdesk sandbox", parts, refresh=REFRESH_S if view.is_live else None)


def _head(account: Account, view: View) -> Html:
    clock = account.clock
    pace = "stands still" if clock.is_stepped else f"runs {clock.speed:g} times as fast"
    pace = "real time" if not clock.is_stepped and clock.speed == 1 else pace
    word = "stop" if view.is_live else "refresh live"
    live = link(view.address(live=int(not view.is_live)), word)
    return html(
        "<header><h1>riskdesk sandbox</h1>"
        '<span class="dim">a local Zendesk · {} · {}</span><nav>{}{}</nav></header>',
        format_instant(clock.now()),
        pace,
        joined(link(f"#{place}", place) for place in PLACES),
        live,
    )


def _numbers(account: Account, deliveries: Deliveries) -> Html:
    counts = deliveries.counts
    return cards(
        [
            ("tickets", f"{len(account.living_tickets()):,}"),
            ("users", f"{len(account.users):,}"),
            ("side conversations", f"{len(account.side_conversations):,}"),
            ("deliveries queued", deliveries.queued),
            ("delivered", f"{counts['delivered']:,}"),
            ("not delivered", f"{counts['failed']:,}"),
        ]
    )


def _faults(faults: Faults) -> Html:
    """Show only what differs from a sandbox that behaves."""
    given, usual = msgspec.to_builtins(faults), msgspec.to_builtins(Faults())
    changed = {
        part: {name: value for name, value in fields.items() if value != usual[part][name]}
        for part, fields in given.items()
    }
    wrong = {part: fields for part, fields in changed.items() if fields}
    if not wrong:
        return Html('<p class="dim">None: everything behaves.</p>')
    printed = msgspec.json.format(msgspec.json.encode(wrong), indent=2).decode()
    return html('<pre class="warn">{}</pre>', printed)


def _tickets(account: Account, view: View) -> Html:
    tickets = account.living_tickets()
    end = max(0, len(tickets) - view.skip)
    chosen = tickets[max(0, end - TICKETS_A_PAGE) : end][::-1]
    newer = link(view.address(skip=max(0, view.skip - TICKETS_A_PAGE)), "newer")
    older = link(view.address(skip=view.skip + TICKETS_A_PAGE), "older")
    steps = [newer] * (view.skip > 0) + [older] * (end > TICKETS_A_PAGE)
    columns = ("*#", "Subject", "*Status", "*Priority", "Group", "Assignee", "Tags", "*Updated")
    rows = (_ticket_row(account, case.record) for case in chosen)
    return section("Tickets", table(columns, rows), joined(steps, " · "))


def _ticket_row(account: Account, ticket: Record) -> tuple[Any, ...]:
    group = account.groups.find(ticket["group_id"])
    assignee = account.users.find(ticket["assignee_id"])
    address = f"/sandbox/tickets/{ticket['id']}"
    return (
        link(address, ticket["id"]),
        link(address, ticket["subject"] or "(no subject)"),
        pill(ticket["status"]),
        pill(ticket["priority"]),
        group and group["name"],
        assignee and assignee["name"],
        ", ".join(ticket["tags"]),
        ticket["updated_at"],
    )


def _webhooks(account: Account, deliveries: Deliveries) -> Html:
    rows = (_webhook_row(deliveries, webhook) for webhook in account.webhooks.store.all())
    columns = ("Name", "Endpoint", "*Status", "*Circuit", "Subscriptions", "Invocations")
    return section("Webhooks", table(columns, rows))


def _webhook_row(deliveries: Deliveries, webhook: Record) -> tuple[Any, ...]:
    is_open = deliveries.breaker(webhook["id"]).is_open
    ended = Counter(one.status for one in deliveries.invocations(webhook["id"]))
    return (
        webhook["name"],
        f"{webhook['http_method']} {webhook['endpoint']}",
        pill(webhook["status"]),
        html('<span class="{}">{}</span>', *(("bad", "open") if is_open else ("good", "closed"))),
        ", ".join(name.removeprefix(PREFIX) for name in webhook["subscriptions"]),
        joined((html("{} {}", number, pill(status)) for status, number in ended.items()), " "),
    )


def _deliveries(account: Account, deliveries: Deliveries) -> Html:
    newest = sorted(
        (
            one
            for webhook in account.webhooks.store.all()
            for one in deliveries.invocations(webhook["id"])[-MOST_INVOCATIONS:]
        ),
        key=lambda one: one.id,
        reverse=True,
    )
    columns = ("*Time", "Event", "Webhook", "*Status", "*Answer", "*Attempts", "Body")
    rows = map(_delivery_row, newest[:MOST_INVOCATIONS])
    return section("Newest deliveries", table(columns, rows))


def _delivery_row(one: Invocation) -> tuple[Any, ...]:
    return (
        format_instant(one.started_at),
        one.message.event_type.removeprefix(PREFIX),
        one.webhook["name"],
        pill(one.status),
        one.status_code or "",
        len(one.attempts),
        folded("show", one.message.body.decode("utf-8", "replace")),
    )


def _metric_events(account: Account) -> Html:
    kept, now = account.metric_events, account.clock.now().timestamp()
    newest = kept.before(account.tickets, (now + 1, 0), by_change=True)
    coming = kept.after(account.tickets, (now, 0))
    columns = ("*Time", "*Ticket", "*Metric", "*Event", "Detail")
    breaches = _rows(kept, (item for item in coming if _is_coming(kept, item, now)))
    none = "No target is set to be missed."
    return joined(
        [
            section("Coming breaches", table(columns, breaches, none)),
            section("Newest metric events", table(columns, _rows(kept, newest))),
        ]
    )


def _is_coming(kept: MetricEvents, item: Item, now: float) -> bool:
    event = item[3]
    return kept.visible_from(event) <= now and not event.is_deleted


def _rows(kept: MetricEvents, items: Iterator[Item]) -> Iterator[tuple[Any, ...]]:
    for _, _, case, event in islice(items, MOST_METRIC_EVENTS):
        shown = kept.present(case, event)
        yield metric_event_row(shown, link(f"/sandbox/tickets/{case.id}", case.id))


def metric_event_row(shown: Record, *first: Any) -> tuple[Any, ...]:
    """Return a metric event as a row: time, what `first` says, metric, event and detail."""
    promise = shown.get("sla") or shown.get("group_sla")
    status = shown.get("status")
    detail = ""
    if promise:
        detail = f"{promise['target']} minutes by “{promise['policy']['title']}”"
    elif status:
        detail = f"{status['business']} business minutes, {status['calendar']} by the calendar"
    kind = f"{shown['type']}, withdrawn" if shown["deleted"] else pill(shown["type"])
    return (shown["time"], *first, shown["metric"], kind, detail)
