"""When clocks run: the life of a ticket cut into spells, one for each instance of a metric."""

from collections.abc import Callable, Iterable, Iterator

from sync.sla.life import Life, Said
from sync.sla.names import PERIODIC_UPDATE

NOTE_STARTS_UPDATE = (PERIODIC_UPDATE, "activate_on_agent_internal_note")
REPLY, OWN_QUESTION, NOTE, LIGHT_NOTE = (
    Said.REPLY,
    Said.OWN_QUESTION,
    Said.NOTE,
    Said.LIGHT_NOTE,
)

# One instance of a clock: the update that opens it, and the one that ends it, counted from 0.
Spell = tuple[int, int | None]
Rule = Callable[[Life], Iterable[Spell]]


def whole_ticket(life: Life) -> Iterator[Spell]:
    """One instance from creation; solving finishes it, reopening lets it go on."""
    last = life.size - 1
    if not life.finished[last]:
        yield 0, None
        return
    while last > 0 and life.finished[last - 1]:
        last -= 1
    yield 0, last


def public_updates(life: Life) -> Iterable[Spell]:
    """One instance from each public word of the staff to the next one."""
    if life.update_spells is None:
        life.update_spells = list(_updates(life, notes_count=False))
    return life.update_spells


def public_updates_or_notes(life: Life) -> Iterable[Spell]:
    """As `public_updates`; a policy may also let an internal note start it."""
    if any(NOTE_STARTS_UPDATE in stand.policy.flags for stand in life.stands):
        return _updates(life, notes_count=True)
    return public_updates(life)


def group_ownership(life: Life) -> Iterator[Spell]:
    """One instance for each time a group holds the unsolved ticket."""
    opened: int | None = None
    owner = None
    for index, holder in enumerate(life.groups):
        group = None if life.finished[index] else holder
        if group == owner:
            continue
        if opened is not None:
            yield opened, index
        opened, owner = (None if group is None else index), group
    if opened is not None:
        yield opened, None


def _updates(life: Life, *, notes_count: bool) -> Iterator[Spell]:
    choices, finished = life.choices, life.finished
    own_counts = choices.requesting_agent_starts_updates
    opened: int | None = None
    by_note = False
    for index, said in enumerate(life.said):
        speaks = said is REPLY or (own_counts and said is OWN_QUESTION)
        noted = notes_count and _note_starts(life, index)
        if index == 0 and not choices.opening_starts_updates:
            speaks = noted = False
        if opened is None:
            if (speaks or noted) and not finished[index]:
                opened, by_note = index, not speaks
        elif speaks or (noted and by_note and choices.second_note_restarts_update):
            yield opened, index
            opened, by_note = None if finished[index] else index, not speaks
        elif finished[index]:
            yield opened, index
            opened = None
    if opened is not None:
        yield opened, None


def _note_starts(life: Life, index: int) -> bool:
    said = life.said[index]
    return (said is NOTE or said is LIGHT_NOTE) and life.flag(index, NOTE_STARTS_UPDATE)
