"""When clocks run: the life of a ticket cut into spells, one for each instance of a metric."""

from collections.abc import Callable, Iterator

from sync.sla.life import Life, Said

PERIODIC_UPDATE = "periodic_update_time"
NOTE_STARTS_UPDATE = (PERIODIC_UPDATE, "activate_on_agent_internal_note")
NOTES = frozenset({Said.NOTE, Said.LIGHT_NOTE})
REPLIES = frozenset({Said.REPLY})
REPLIES_AND_OWN = frozenset({Said.REPLY, Said.OWN_QUESTION})

# One instance of a clock: the update that opens it, and the one that ends it, counted from 0.
Spell = tuple[int, int | None]
Rule = Callable[[Life], Iterator[Spell]]


def whole_ticket(life: Life) -> Iterator[Spell]:
    """One instance from creation; solving finishes it, reopening lets it go on."""
    last = life.size - 1
    if not life.finished(last):
        yield 0, None
        return
    while last > 0 and life.finished(last - 1):
        last -= 1
    yield 0, last


def public_updates(life: Life) -> Iterator[Spell]:
    """One instance from each public word of the staff to the next one."""
    return _updates(life, notes=frozenset())


def public_updates_or_notes(life: Life) -> Iterator[Spell]:
    """As `public_updates`; a policy may also let an internal note start it."""
    return _updates(life, notes=NOTES)


def group_ownership(life: Life) -> Iterator[Spell]:
    """One instance for each time a group holds the unsolved ticket."""
    opened: int | None = None
    owner = None
    for index, holder in enumerate(life.groups):
        group = None if life.finished(index) else holder
        if group == owner:
            continue
        if opened is not None:
            yield opened, index
        opened, owner = (None if group is None else index), group
    if opened is not None:
        yield opened, None


def _updates(life: Life, *, notes: frozenset[Said]) -> Iterator[Spell]:
    choices = life.choices
    public = REPLIES_AND_OWN if choices.requesting_agent_starts_updates else REPLIES
    opened: int | None = None
    by_note = False
    for index, said in enumerate(life.said):
        speaks = said in public
        noted = said in notes and life.flag(index, NOTE_STARTS_UPDATE)
        if index == 0 and not choices.opening_starts_updates:
            speaks = noted = False
        again = speaks or (noted and by_note and choices.second_note_restarts_update)
        if opened is not None and (again or life.solves(index)):
            yield opened, index
            opened = None
        if opened is None and (speaks or noted) and not life.finished(index):
            opened, by_note = index, not speaks
    if opened is not None:
        yield opened, None
