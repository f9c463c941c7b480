"""Where records of others name a person: origins of messages, participants, copied addresses."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

SHORTEST = 5  # a shorter address would be found in too much that is none
PERSON_ID = re.compile(r"[0-9]{1,19}")
# Keys of an object that says who somebody is.
WHO = frozenset(
    """
    name email address phone formatted_phone username profile_url display_name contact_uri
    external_id photo avatar
    """.split()
)
ORIGINS = frozenset({"via", "metadata", "system"})
# Texts of tickets stay as Zendesk has them, also where somebody is named in them.
TEXTS = frozenset(
    "body html_body plain_body description subject raw_subject preview_text value".split()
)


@dataclass(frozen=True, slots=True)
class Traces:
    """By what copies of somebody are recognised: ids, and addresses in lower case."""

    people: frozenset[int]
    addresses: frozenset[str] = frozenset()

    def name(self, value: Any) -> bool:
        """Tell whether a value is one of the addresses."""
        return isinstance(value, str) and value.strip().lower() in self.addresses

    def meet(self, record: dict[str, Any]) -> bool:
        """Tell whether an object says who one of the people is."""
        by_id = any(_number(record.get(key)) in self.people for key in ("user_id", "id"))
        is_who = any(record.get(key) for key in WHO)
        return is_who and (by_id or any(self.name(record.get(key)) for key in WHO))


def without_traces(value: Any, traces: Traces) -> Any:
    """Return JSON in which objects about these people have no names, and lists no addresses."""
    if isinstance(value, dict):
        blank = WHO if traces.meet(value) else frozenset()
        return {
            key: None
            if key in blank
            else item
            if key in TEXTS and isinstance(item, str)
            else without_traces(item, traces)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [without_traces(item, traces) for item in value if not traces.name(item)]
    return None if traces.name(value) else value


def without_origin(record: Any) -> Any:
    """Return a record without where it came from: addresses, names, network and place.

    Whole keys are left out; the channel, and what integrations wrote, have columns of their own.
    """
    if not isinstance(record, dict):
        return record
    kept = {key: value for key, value in record.items() if key not in ORIGINS}
    for events in ("events", "child_events"):
        if isinstance(kept.get(events), list):
            kept[events] = [without_origin(each) for each in kept[events]]
    return kept


def addresses_of(record: Any) -> set[str]:
    """Return by which addresses a record says it came, in lower case."""
    via = record.get("via") if isinstance(record, dict) else None
    source = via.get("source") if isinstance(via, dict) else None
    origin = source.get("from") if isinstance(source, dict) else None
    found = origin if isinstance(origin, dict) else {}
    return useful(found.get(key) for key in ("address", "phone"))


def people_in(value: Any) -> set[int]:
    """Return the ids of all people whom objects anywhere in a value name."""
    if isinstance(value, list):
        return {number for item in value for number in people_in(item)}
    if not isinstance(value, dict):
        return set()
    own = _number(value.get("user_id"))
    return {number for item in value.values() for number in people_in(item)} | (
        set() if own is None else {own}
    )


def useful(values: Collection[Any] | Any) -> set[str]:
    """Return those of the values that can be searched for, in lower case."""
    texts = (value.strip().lower() for value in values if isinstance(value, str))
    return {text for text in texts if len(text) >= SHORTEST}


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and PERSON_ID.fullmatch(value) else None
