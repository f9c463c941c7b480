"""The versions that a trigger has had, and what differs from one to the next."""

from itertools import zip_longest
from typing import Any

from integrations.sandbox.state.store import Record

SAVED = ("title", "description", "active", "actions", "conditions")


def note_revision(trigger: Record, author: Record, stamp: str) -> None:
    """Remember what a trigger is from now on, when that is something new."""
    snapshot = {name: trigger[name] for name in SAVED}
    kept: list[Record] = trigger["revisions"]
    if kept and kept[-1]["snapshot"] == snapshot:
        return
    revision = {
        "id": len(kept) + 1,
        "author_id": author["id"],
        "created_at": stamp,
        "snapshot": snapshot,
    }
    trigger["revisions"] = [*kept, revision]


def shown_revision(kept: list[Record], number: int) -> Record:
    """Return a version with what differs from the one before it."""
    revision = kept[number - 1]
    before = kept[number - 2]["snapshot"] if number > 1 else {}
    after = revision["snapshot"]
    diff = {name: _change(before.get(name), after[name]) for name in SAVED[:3]}
    conditions = before.get("conditions") or {}
    return dict(revision) | {
        "diff": diff
        | {
            "source_id": number - 1 or None,
            "target_id": number,
            "actions": _pairs(before.get("actions"), after["actions"], ("field", "value")),
            "conditions": {
                place: _pairs(
                    conditions.get(place),
                    after["conditions"][place],
                    ("field", "operator", "value"),
                )
                for place in ("all", "any")
            },
        }
    }


def _pairs(before: Any, after: Any, names: tuple[str, ...]) -> list[Record]:
    return [
        {name: _change((old or {}).get(name), (new or {}).get(name)) for name in names}
        for old, new in zip_longest(before or [], after or [])
    ]


def _change(old: Any, new: Any) -> list[Record]:
    if old == new:
        return [{"change": "=", "content": new}]
    gone = [] if old is None else [{"change": "-", "content": old}]
    return gone + ([] if new is None else [{"change": "+", "content": new}])
