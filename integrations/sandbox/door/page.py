"""A page for people: the newest tickets, events and deliveries of the sandbox."""

from html import escape
from typing import Any

from integrations.runtime.clock import format_instant
from integrations.sandbox.deliveries.dispatch import Deliveries
from integrations.sandbox.state.account import Account

MOST_TICKETS = 100
MOST_INVOCATIONS = 50
STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; padding: 1.5rem; max-width: 76rem; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
p { margin: 0; opacity: .8; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8884; }
th { font-weight: 600; opacity: .75; white-space: nowrap; }
td { vertical-align: top; overflow-wrap: break-word; }
td:first-child, td:last-child { white-space: nowrap; }
.scroll { overflow-x: auto; } .none { opacity: .6; }
"""


def render_page(account: Account, deliveries: Deliveries) -> str:
    """Return the page; everything that came from outside is escaped."""
    tickets = account.living_tickets()
    now = format_instant(account.clock.now())
    parts = [
        f"<h1>riskdesk sandbox</h1><p>A local Zendesk. Its clock shows {now}. ",
        f"{len(tickets)} tickets, {len(account.users)} users, ",
        f"{deliveries.queued} deliveries queued.</p>",
        _table(
            "Tickets",
            ("#", "Subject", "Status", "Priority", "Group", "Assignee", "Tags", "Updated"),
            [_ticket_row(account, case.record) for case in tickets[-MOST_TICKETS:][::-1]],
        ),
        _table(
            "Newest events",
            ("Time", "Type", "Ticket"),
            [
                (event["time"], event["type"], event["detail"]["id"])
                for event in reversed(deliveries.newest_events)
            ],
        ),
        _table(
            "Webhooks",
            ("Name", "Endpoint", "Status", "Subscriptions"),
            [
                (one["name"], one["endpoint"], one["status"], ", ".join(one["subscriptions"]))
                for one in account.webhooks.store.all()
            ],
        ),
        _table(
            "Newest deliveries",
            ("Invocation", "Webhook", "Event", "Status", "Answer", "Attempts"),
            _invocation_rows(account, deliveries),
        ),
    ]
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>riskdesk sandbox</title><style>{STYLE}</style>"
    )
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>'


def _ticket_row(account: Account, ticket: dict[str, Any]) -> tuple[Any, ...]:
    group = account.groups.find(ticket["group_id"])
    assignee = account.users.find(ticket["assignee_id"])
    return (
        ticket["id"],
        ticket["subject"],
        ticket["status"],
        ticket["priority"] or "",
        group["name"] if group else "",
        assignee["name"] if assignee else "",
        ", ".join(ticket["tags"]),
        ticket["updated_at"],
    )


def _invocation_rows(account: Account, deliveries: Deliveries) -> list[tuple[Any, ...]]:
    newest = sorted(
        (
            one
            for webhook in account.webhooks.store.all()
            for one in deliveries.invocations(webhook["id"])[-MOST_INVOCATIONS:]
        ),
        key=lambda one: one.id,
        reverse=True,
    )
    return [
        (
            one.id,
            one.webhook["name"],
            one.message.event_type,
            one.status,
            one.status_code or "",
            len(one.attempts),
        )
        for one in newest[:MOST_INVOCATIONS]
    ]


def _table(title: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    if not rows:
        return f'<h2>{escape(title)}</h2><p class="none">None yet.</p>'
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<h2>{escape(title)}</h2><div class="scroll">{table}</div>'
