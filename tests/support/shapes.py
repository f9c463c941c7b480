"""The shape of recorded JSON, and where another value differs from it."""

from collections.abc import Iterator
from typing import Any

NEWER = {"job_type"}  # Zendesk names it since 2024; most recordings are older


class Shape:
    """The merged shape of recorded values: kinds, keys that may and keys that must be there."""

    def __init__(self, values: list[Any]) -> None:
        objects = [value for value in values if isinstance(value, dict)]
        self.kinds = {kind(value) for value in values}
        self.known = {key for one in objects for key in one}
        self.required = set.intersection(*(set(one) for one in objects)) if objects else set()
        self.members = {
            key: Shape([one[key] for one in objects if key in one]) for key in self.known
        }
        items = [item for value in values if isinstance(value, list) for item in value]
        self.items = Shape(items) if items else None

    def differences(self, value: Any, path: str, nullable: set[str]) -> Iterator[str]:
        """Yield what is wrong with a value, place by place."""
        mine = kind(value)
        if mine == "null":
            if "null" not in self.kinds and path.rsplit(".", 1)[-1] not in nullable:
                yield f"{path} is null"
        elif self.kinds - {"null"} and mine not in self.kinds:
            yield f"{path} is {mine}, not {sorted(self.kinds)}"
        elif mine == "object" and self.known:
            yield from (f"{path}.{key} is missing" for key in sorted(self.required - set(value)))
            yield from (
                f"{path}.{key} is unknown" for key in sorted(set(value) - self.known - NEWER)
            )
            for key in set(value) & self.known:
                yield from self.members[key].differences(value[key], f"{path}.{key}", nullable)
        elif mine == "list" and self.items:
            for item in value:
                yield from self.items.differences(item, f"{path}[]", nullable)


def kind(value: Any) -> str:
    """Return the JSON type of a value."""
    if value is None:
        return "null"
    names = {bool: "boolean", dict: "object", list: "list", str: "text"}
    return names.get(type(value), "number")


def names(value: Any) -> set[str]:
    """Return every key anywhere in a value."""
    if isinstance(value, dict):
        return set(value).union(*map(names, value.values()))
    return set().union(*map(names, value)) if isinstance(value, list) else set()
