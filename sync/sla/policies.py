"""SLA policies: what each asks for, read from Zendesk's records, with whatever cannot be read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sync.sla.conditions import Filter, Known
from sync.sla.names import METRIC_NAMES

Reason = str
LineKey = tuple[str, str | None]  # metric and priority
Flag = tuple[str, str]  # metric and name of the optional rule


class Target(NamedTuple):
    """How long a metric may take at one priority; with a `doubt`, nobody can tell."""

    policy_id: int | str | None = None
    policy_title: str | None = None
    priority: str | None = None
    seconds: int | None = None  # None: there is no target
    business_hours: bool = False
    doubt: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Policy:
    """One version of a policy.

    What cannot be read is in `doubts` (targets) and `flag_doubts`, by metric; None: every metric.
    """

    id: int | str | None = None
    title: str = ""
    position: float = 0
    active_from: int | None = None  # second since 1970; None: from the beginning
    filter: Filter = field(default_factory=Filter)
    targets: Mapping[LineKey, Target] = field(default_factory=dict)
    flags: frozenset[Flag] = frozenset()
    doubts: Mapping[str | None, Reason] = field(default_factory=dict)
    flag_doubts: Mapping[str | None, Reason] = field(default_factory=dict)
    is_gone: bool = False  # from here on there is no such policy
    strange_metrics: Sequence[str] = field(init=False)  # with targets, and nobody knows them

    def __post_init__(self) -> None:
        strange = {metric for metric, _ in self.targets} - METRIC_NAMES
        object.__setattr__(self, "strange_metrics", sorted(strange))

    def target(self, metric: str, priority: str | None) -> Target:
        """Return the target of a metric at this priority; without seconds there is none."""
        if self.doubts and priority is not None:
            reason = self.doubts.get(metric) or self.doubts.get(None)
            if reason:
                return Target(doubt=reason)
        return self.targets.get((metric, priority)) or Target(priority=priority)

    def flag_doubt(self, metric: str) -> Reason | None:
        """Return why nobody can tell which optional rules a metric follows."""
        if not self.flag_doubts:
            return None
        return self.flag_doubts.get(metric) or self.flag_doubts.get(None)


NO_POLICY = Policy()


def read_policy(
    record: Mapping[str, Any],
    *,
    active_from: int | None = None,
    target_unit: int = 60,
    known_fields: Known = None,
    doubts: Sequence[Reason] = (),
) -> Policy:
    """Read a policy record of Zendesk; `target_unit` is what one of its plain `target` is worth.

    What cannot be read is kept as a doubt, so that only the clocks that need it are unknown;
    `doubts` say why nobody can tell whether it applies.
    """
    head = _Head.of(record)
    lines = _Lines(head, target_unit)
    lines.read(record.get("policy_metrics"))
    flags, flag_doubts = _settings(record.get("metric_settings"))
    unsure = [*doubts, head.doubt] if head.doubt else doubts
    return Policy(
        id=head.id,
        title=head.title,
        position=head.position,
        active_from=active_from,
        filter=Filter(record.get("filter"), known_fields, unsure),
        targets=lines.targets,
        flags=flags,
        doubts=lines.doubts,
        flag_doubts=flag_doubts,
    )


@dataclass(frozen=True, slots=True)
class _Head:
    id: int | str | None
    title: str
    position: float
    doubt: Reason | None

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "_Head":
        """Read it; where nobody knows a policy's place, it is asked first and never sure."""
        number, title, position = record.get("id"), record.get("title"), record.get("position")
        placed = position is None or _is_whole(position)
        return cls(
            number if isinstance(number, int | str) else None,
            title if isinstance(title, str) else "",
            (position or 0) if placed else float("-inf"),
            None if placed else "its position cannot be read",
        )


class _Lines:
    """The targets of a policy, read line by line."""

    def __init__(self, head: _Head, unit: int) -> None:
        self._head, self._unit = head, unit
        self.targets: dict[LineKey, Target] = {}
        self.doubts: dict[str | None, Reason] = {}

    def read(self, lines: object) -> None:
        if lines is not None and not isinstance(lines, list | tuple):
            self.doubts[None] = self._why("its targets cannot be read")
            return
        for line in lines or ():
            metric = line.get("metric") if isinstance(line, Mapping) else None
            if not isinstance(metric, str):
                self.doubts[None] = self._why("one of its targets cannot be read")
            else:
                self._read_line(metric, line)

    def _read_line(self, metric: str, line: Mapping[str, Any]) -> None:
        priority, hours = line.get("priority"), line.get("business_hours")
        seconds, unit = line.get("target_in_seconds"), 1
        if seconds is None:
            seconds, unit = line.get("target"), self._unit
        if seconds is None or priority is None:
            return  # a line that promises nothing
        if not isinstance(priority, str):
            self.doubts[metric] = self._why(f"a priority of its {metric} cannot be read")
            return
        is_sound = _is_whole(seconds) and seconds > 0 and isinstance(hours, bool | None)
        self.targets[metric, priority] = Target(
            policy_id=self._head.id,
            policy_title=self._head.title,
            priority=priority,
            seconds=seconds * unit if is_sound else None,
            business_hours=bool(hours),
            doubt=self._doubt(metric, is_sound=is_sound),
        )

    def _doubt(self, metric: str, *, is_sound: bool) -> Reason | None:
        if self._head.id is None:
            return "a policy's id cannot be read"
        return None if is_sound else self._why(f"its target for {metric} cannot be read")

    def _why(self, reason: str) -> Reason:
        return f"policy {self._head.id}: {reason}"


def _settings(settings: object) -> tuple[frozenset[Flag], dict[str | None, Reason]]:
    """Return the optional rules that are switched on, and why some cannot be read."""
    if settings is None:
        return frozenset(), {}
    if not isinstance(settings, Mapping):
        return frozenset(), {None: "the policy's metric settings cannot be read"}
    flags: set[Flag] = set()
    doubts: dict[str | None, Reason] = {}
    for metric, name, value in _flags(settings):
        if value is True:
            flags.add((metric, name))
        elif value not in (False, None):
            doubts[metric] = f"the policy's setting {name} cannot be read"
    return frozenset(flags), doubts


def _flags(settings: Mapping[Any, object]) -> Iterator[tuple[str, str, object]]:
    for metric, flags in settings.items():
        if isinstance(flags, Mapping):
            yield from ((str(metric), str(name)[:80], value) for name, value in flags.items())
        elif flags is not None:
            yield str(metric), "", flags


def combined(candidates: Iterable[Policy], reason: Reason) -> Policy:
    """Return what holds whichever of these policies applies; the rest is doubtful for `reason`."""
    policies = list(candidates)
    first = policies[0]
    targets: dict[LineKey, Target] = {}
    for key in {key for policy in policies for key in policy.targets}:
        offers = [policy.targets.get(key) for policy in policies]
        if offers[0] is None or offers.count(offers[0]) != len(offers):
            targets[key] = Target(priority=key[1], doubt=reason)
        else:
            targets[key] = offers[0]
    all_flags = {flag for policy in policies for flag in policy.flags}
    shared = first.flags.intersection(*(policy.flags for policy in policies))
    return Policy(
        title=first.title,
        targets=targets,
        flags=shared,
        doubts={metric: why for policy in policies for metric, why in policy.doubts.items()},
        flag_doubts={
            **{metric: reason for metric, _ in all_flags - shared},
            **{metric: why for policy in policies for metric, why in policy.flag_doubts.items()},
        },
    )


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
