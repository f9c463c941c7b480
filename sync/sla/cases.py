"""Case files: tickets and schedules written down with a question, answered one by one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from integrations.runtime.clock import format_instant
from integrations.runtime.errors import BadInput, BadRecord
from sync.sla.case_format import (
    BusinessTimeCase,
    CaseEvent,
    CaseHead,
    MetricEventsCase,
    PolicyVersion,
    TicketCase,
    TicketFields,
    TicketHead,
)
from sync.sla.choices import DEFAULT_CHOICES, Choices
from sync.sla.clocks import INSTANTS, Clock
from sync.sla.conditions import field_name
from sync.sla.engine import Rulebook, compute
from sync.sla.explain import explain
from sync.sla.metric_events import ReportedClock, fold
from sync.sla.moments import written
from sync.sla.policies import Policy, read_policy
from sync.sla.policy_book import PolicyBook
from sync.sla.schedules import FIRST_SECOND, BusinessTime, read_schedule, to_second
from sync.sla.timeline import Event, Opening, Role, build_timeline

Answer = list[dict[str, Any]] | dict[str, Any]
_NO_FIELDS = frozenset({"id", "created_at", "first_comment"})
_ROLES = {"admin": Role.AGENT} | {role.value: role for role in Role}


@dataclass(slots=True)
class Answers:
    """Answers by case id, and a line for every case that could not be answered."""

    results: dict[str, Answer] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def answer_file(path: Path, choices: Choices = DEFAULT_CHOICES) -> Answers:
    """Answer every case of a file; a case that cannot be read is marked and the others go on.

    Rules that cannot be read leave the clocks that need them unknown.

    Raises BadInput when the file is no list of cases.
    """
    answers = Answers()
    for number, raw in enumerate(_read_cases(path), start=1):
        label = f"case {number}"
        try:
            head = msgspec.json.decode(raw, type=CaseHead)
            label = f"case {number} ({head.id[:60]!r})"
            answers.results[head.id] = {"error": "not answered"}
            answers.results[head.id] = _answer(head, raw, choices)
        except (msgspec.MsgspecError, BadRecord, RecursionError) as error:
            reason = error.message if isinstance(error, BadRecord) else str(error)
            answers.warnings.append(f"{label}: {reason}")
            if label.endswith(")"):
                answers.results[head.id] = {"error": reason}
    return answers


def clock_answer(clock: Clock) -> dict[str, Any]:
    """Return a clock as case files and `--json` show it."""
    known = {
        name: _written(value) if name in INSTANTS else value
        for name, value in msgspec.structs.asdict(clock).items()
    }
    paused = [[_written(since), _written(until)] for since, until in clock.paused_spells]
    targets = [
        {**msgspec.structs.asdict(target), "applied_at": _written(target.applied_at)}
        for target in clock.targets
    ]
    told = {"paused_spells": paused, "targets": targets, "explanation": explain(clock)}
    return known | told


def _written(second: int | None) -> str | None:
    return None if second is None else written(second)


def _read_cases(path: Path) -> list[msgspec.Raw]:
    hint = "give a JSON file with a list of cases; docs/sla.md shows one."
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[msgspec.Raw])
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", hint=hint) from None
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BadInput(f"{path} is no list of cases: {error}.", hint=hint) from None


def _answer(head: CaseHead, raw: msgspec.Raw, choices: Choices) -> Answer:
    answer = _KINDS.get(head.kind)
    if answer is None:
        raise BadRecord(
            f"cases of the kind {head.kind!r} are unknown.",
            hint=f"a kind is one of {', '.join(kind for kind in _KINDS if kind)}.",
        )
    return answer(raw, choices)


def _answer_ticket(raw: msgspec.Raw, choices: Choices) -> Answer:
    case = msgspec.json.decode(raw, type=TicketCase)
    head = msgspec.convert(case.ticket, TicketHead)
    for fields in (case.ticket, *(event.changes or {} for event in case.events)):
        msgspec.convert(fields, TicketFields)
    opening = Opening(
        ticket_id=head.id,
        at=to_second(head.created_at),
        submitter_id=head.submitter_id,
        via=head.via,
        public=head.first_comment.public if head.first_comment else None,
        author_id=head.first_comment.author_id if head.first_comment else head.submitter_id,
        fields={"requester_id": None} | _fields(case.ticket),
    )
    timeline = build_timeline(opening, map(_event, case.events), _users(case.users))
    rules = _rules(case, choices)
    return [clock_answer(clock) for clock in compute(timeline, rules, now=case.now)]


def _event(event: CaseEvent) -> Event:
    comment = event.comment
    said_by = comment.author_id if comment else None
    return Event(
        at=to_second(event.at),
        author_id=event.author_id if said_by is None else said_by,
        public=comment.public if comment else None,
        changes=_fields(event.changes or {}),
        id=event.id,
    )


def _fields(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a ticket's fields as conditions call them: custom fields by their number."""
    fields = {field_name(name): value for name, value in told.items() if name not in _NO_FIELDS}
    custom = fields.pop("custom_fields", None)
    for each in custom if isinstance(custom, list) else ():
        if isinstance(each, Mapping):
            fields[str(each.get("id"))] = each.get("value")
    return fields


def _users(users: Mapping[int, str]) -> dict[int, Role]:
    unknown = sorted(set(users.values()) - _ROLES.keys())
    if unknown:
        raise BadRecord(
            f"the role {unknown[0][:40]!r} is unknown.", hint=f"roles are {', '.join(_ROLES)}."
        )
    return {user_id: _ROLES[role] for user_id, role in users.items()}


def _rules(case: TicketCase, choices: Choices) -> Rulebook:
    over_time = case.schedules_over_time
    schedules = [(FIRST_SECOND, case.schedule)]
    if over_time is not None:  # then there was no other one before
        schedules = [(to_second(entry.since), entry.schedule) for entry in over_time]
    return Rulebook(
        policies=PolicyBook(_policies(case.policies or (), target_unit=60), choices=choices),
        group_policies=PolicyBook(
            _policies(case.group_policies or (), target_unit=1), choices=choices
        ),
        schedules=sorted(
            ((since, read_schedule(schedule)) for since, schedule in schedules if schedule),
            key=lambda entry: entry[0],
        ),
        choices=choices,
    )


def _policies(records: Iterable[Any], *, target_unit: int) -> Iterable[Policy]:
    for each in records:
        record = each if isinstance(each, dict) else {}
        since, doubts = None, [] if record is each else ["it is no object"]
        try:
            version = msgspec.convert(record, PolicyVersion)
            since = None if version.active_from is None else to_second(version.active_from)
        except (msgspec.ValidationError, BadRecord):
            doubts.append("nobody can read from when it holds")
        yield read_policy(record, active_from=since, target_unit=target_unit, doubts=doubts)


def _answer_business_time(raw: msgspec.Raw, _choices: Choices) -> Answer:
    case = msgspec.json.decode(raw, type=BusinessTimeCase)
    time = BusinessTime(case.schedule)
    if case.end is not None:
        return {"elapsed_seconds": time.business_seconds(case.start, case.end)}
    if case.target_seconds is None:
        raise BadRecord("the case asks nothing.", hint="give target_seconds or end.")
    due = time.due_at(case.start, case.target_seconds)
    return {"due_at": None if due is None else format_instant(due)}


def _answer_metric_events(raw: msgspec.Raw, _choices: Choices) -> Answer:
    case = msgspec.json.decode(raw, type=MetricEventsCase)
    schedule = BusinessTime(case.schedule) if case.schedule else None
    return [_reported(clock) for clock in fold(case.events, now=case.now, schedule=schedule)]


def _reported(clock: ReportedClock) -> dict[str, Any]:
    told = msgspec.structs.asdict(clock)
    del told["targets"]
    instants = (*INSTANTS, "deadline_at")
    return {name: _written(told[name]) if name in instants else told[name] for name in told}


_KINDS: Mapping[str | None, Callable[[msgspec.Raw, Choices], Answer]] = {
    None: _answer_ticket,
    "ticket": _answer_ticket,
    "business_time": _answer_business_time,
    "metric_events": _answer_metric_events,
}
