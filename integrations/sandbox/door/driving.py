"""What a driver may order: another time, and a change that only exports see."""

from datetime import datetime
from itertools import islice

import msgspec

from integrations.runtime.clock import format_instant, parse_instant
from integrations.runtime.errors import BadInput
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.clock import EARLIEST, RecordClock


class _ClockOrder(msgspec.Struct, forbid_unknown_fields=True):
    now: str | None = None
    speed: float | None = None


class _BulkChange(msgspec.Struct, forbid_unknown_fields=True):
    tickets: int | None = None  # None: all of them
    at: str | None = None


def set_clock(clock: RecordClock, body: bytes) -> None:
    """Step the record clock to an instant, let it run at a speed, or both."""
    try:
        order = msgspec.json.decode(body, type=_ClockOrder)
        instant = _instant(order.now)
    except (msgspec.MsgspecError, ValueError):
        raise _no_clock_order() from None
    if instant is None and order.speed is None:
        raise _no_clock_order()
    if instant is not None:
        clock.step_to(instant)
    if order.speed is not None:
        clock.run(order.speed)


def bulk_change(account: Account, body: bytes) -> dict[str, int | str]:
    """Give many tickets one export time without changing them, as system updates do."""
    now = account.clock.now()
    try:
        order = msgspec.json.decode(body or b"{}", type=_BulkChange)
        moment = _instant(order.at) or now
    except (msgspec.MsgspecError, ValueError):
        raise _no_bulk_change() from None
    if not EARLIEST <= moment <= now or (order.tickets or 0) < 0:
        raise _no_bulk_change()
    chosen = list(islice(account.living_tickets(), order.tickets))
    for case in chosen:
        account.touch(case, moment)
    return {"tickets": len(chosen), "at": format_instant(moment)}


def _instant(text: str | None) -> datetime | None:
    return None if text is None else parse_instant(text)


def _no_clock_order() -> BadInput:
    return BadInput(
        "The clock wants an instant with a time zone, a speed, or both.",
        hint='send {"now": "2026-03-03T01:00:00Z"} or {"speed": 60}.',
    )


def _no_bulk_change() -> BadInput:
    return BadInput(
        "A bulk change wants a number of tickets, or none for all, and an instant that has been.",
        hint='send {"tickets": 5000, "at": "2026-03-03T01:00:00Z"}.',
    )
