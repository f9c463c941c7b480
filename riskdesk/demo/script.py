"""Writes the day's script: who does what to which ticket, and when. Pure: same seed, same day."""

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from riskdesk.demo.complaints import Complaint

# What people say, by language and act; an act may have its own lines for a family ("act:A").
PHRASES: Final[dict[str, dict[str, list[str]]]] = json.loads(
    Path(__file__).with_name("phrases.json").read_text("utf-8")
)
DAY: Final = date(2026, 3, 3)
ZONE: Final = ZoneInfo("Asia/Singapore")
OPENS: Final = time(9)
CLOSES: Final = time(19)
WRITING_HOURS: Final = timedelta(hours=9)  # the last complaint arrives at six, or a bit before

# Severity 1 (minutes count) to 4, as the desk rates the family before it has read a case.
SEVERITY: Final = {"A": 1, "J": 1, "B": 2, "E": 2, "G": 2, "N": 4, "X": 4}
USUAL_SEVERITY: Final = 3
FIRST_REPLY_MIN: Final = {1: 11, 2: 35, 3: 95, 4: 140}  # median minutes
DEPARTMENT_MIN: Final = {1: 9, 2: 30, 3: 110, 4: 180}
CHANCE: Final = {
    "priority corrected": 0.06,
    "nobody comes": 0.06,
    "customer grows impatient": 0.5,
    "department speaks in public": 0.25,
    "agent asks back": 0.4,
    "customer answers": 0.8,
    "solved today": 0.62,
    "deleted unsolved": 0.07,
    "reopened": 0.15,
    "solved again": 0.6,
    "advertising deleted": 0.4,
}
IMPATIENT_AFTER: Final = timedelta(hours=2)
# How likely the department that owns the family answers today.
DEPARTMENT_SHARE: Final = dict.fromkeys("ABEGJ", 0.8) | dict.fromkeys("CDFHK", 0.45) | {"I": 0.3}
UNKNOWN_DEPARTMENT_SHARE: Final = 0.4


class Kind(StrEnum):
    """What a step is; every kind is one request of one person to Zendesk."""

    WRITES = "customer writes"
    WAITS = "customer asks for news"
    REPLIES = "agent replies"
    ASKS = "agent asks and sets pending"
    ANSWERS = "customer answers"
    NOTES = "department leaves a note"
    SPEAKS = "department replies"
    SOLVES = "agent solves"
    REOPENS = "customer reopens"
    CORRECTS = "supervisor corrects the priority"
    VANISHES = "ticket is deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing a person does; `text` is what is written, empty where nothing is."""

    at: datetime
    kind: Kind
    complaint_id: str
    text: str = ""
    priority: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The day: its steps in the order of time, and the complaints they are about."""

    complaints: dict[str, Complaint]
    steps: tuple[Step, ...]
    start: datetime
    end: datetime


def build_script(complaints: Iterable[Complaint], *, seed: int = 7, day: date = DAY) -> Script:
    """Return a day on which each complaint is written and the desk works on it until seven."""
    start = datetime.combine(day, OPENS, ZONE).astimezone(UTC)
    end = datetime.combine(day, CLOSES, ZONE).astimezone(UTC)
    by_id = {complaint.id: complaint for complaint in complaints}
    steps = [
        step
        for complaint in by_id.values()
        for step in _Case(complaint, seed, start).play()
        if step.at <= end
    ]
    steps.sort(key=lambda step: step.at)  # stable: one ticket's steps keep their order
    return Script(complaints=by_id, steps=tuple(steps), start=start, end=end)


@dataclass(slots=True)
class _Case:
    """One complaint on its way through the day; its chances depend on nothing but seed and id."""

    complaint: Complaint
    seed: int
    start: datetime
    steps: list[Step] = field(default_factory=list)
    chance: random.Random = field(init=False)
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        # Not cryptography: a day that repeats. A text seed does not depend on the hash seed.
        self.chance = random.Random(f"{self.seed}:{self.complaint.id}")  # noqa: S311
        share = self.chance.betavariate(1.1, 1.6)  # busier in the morning
        self.now = self.start + timedelta(seconds=int(share * WRITING_HOURS.total_seconds()))

    @property
    def severity(self) -> int:
        """How urgent the people of the day feel this case is."""
        return SEVERITY.get(self.complaint.family or "", USUAL_SEVERITY)

    def play(self) -> list[Step]:
        """Return the steps of this case, each later than the one before."""
        self._add(Kind.WRITES, text=self.complaint.text)
        if self._happens("priority corrected"):
            self._wait(2, 9)
            rise = {1: "urgent", 2: "urgent", 3: "high"}
            self._add(Kind.CORRECTS, priority=rise.get(self.severity, "low"))
        if self.complaint.family == "X":
            self._clear_away()
        elif self._happens("nobody comes"):
            self._wait(100, 240)
            self._say(Kind.WAITS, "waiting")
        else:
            self._work_on()
        return self.steps

    def _clear_away(self) -> None:
        """Advertising gets no answer: it is deleted, or closed without a word."""
        self._wait(10, 120)
        self._add(Kind.VANISHES if self._happens("advertising deleted") else Kind.SOLVES)

    def _work_on(self) -> None:
        arrived = self.now
        self._reply_first()
        replied = self.now
        if self.chance.random() < self._department_share():
            # The department hears of the case when it arrives, and works beside the agent.
            self.now = self._soon(DEPARTMENT_MIN[self.severity], after=arrived)
            while any(step.at == self.now for step in self.steps):
                self.now += timedelta(seconds=1)
            self._department()
            self.steps.sort(key=lambda step: step.at)
        self.now = max(replied, self.now)
        if self._happens("agent asks back"):
            self._ask_back()
        if self._happens("solved today"):
            self._solve()
        elif self._happens("deleted unsolved") and self.complaint.expected is not None:
            # A person's own texts stay: each is owed a result.
            self._wait(5, 60)
            self._add(Kind.VANISHES)

    def _reply_first(self) -> None:
        """Most are answered in time, some late."""
        arrived = self.now
        slower = 1.3 if self.complaint.is_chinese else 1.0  # fewer agents write Chinese
        reply_at = self._soon(FIRST_REPLY_MIN[self.severity] * slower, after=arrived)
        if reply_at - arrived > IMPATIENT_AFTER and self._happens("customer grows impatient"):
            self.now += timedelta(seconds=(reply_at - arrived).seconds * 2 // 3)
            self._say(Kind.WAITS, "waiting")
        self.now = reply_at
        self._say(Kind.REPLIES, "first_reply")

    def _department_share(self) -> float:
        family = self.complaint.family
        return DEPARTMENT_SHARE.get(family, 0.0) if family else UNKNOWN_DEPARTMENT_SHARE

    def _department(self) -> None:
        if self._happens("department speaks in public"):
            self._say(Kind.SPEAKS, "department_reply")
        else:
            self._say(Kind.NOTES, "department_note")

    def _ask_back(self) -> None:
        self._wait(4, 30)
        self._say(Kind.ASKS, "ask")
        if self._happens("customer answers"):
            self._wait(6, 110)
            self._say(Kind.ANSWERS, "answer")
            self._wait(8, 70)
            self._say(Kind.REPLIES, "second_reply")

    def _solve(self) -> None:
        self._wait(8, 70)
        self._say(Kind.SOLVES, "solve")
        if self._happens("reopened"):
            self._wait(6, 90)
            self._say(Kind.REOPENS, "reopen")
            self._wait(5, 45)
            self._say(Kind.REPLIES, "second_reply")
            if self._happens("solved again"):
                self._wait(10, 60)
                self._say(Kind.SOLVES, "solve")

    def _happens(self, event: str) -> bool:
        return self.chance.random() < CHANCE[event]

    def _soon(self, median_min: float, *, after: datetime) -> datetime:
        """Return a moment that is usually about the median away, now and then much later."""
        minutes = max(2.0, median_min * self.chance.lognormvariate(0, 0.7))
        return after + timedelta(seconds=int(minutes * 60))

    def _wait(self, least_min: int, most_min: int) -> None:
        self.now += timedelta(seconds=self.chance.randint(least_min * 60, most_min * 60))

    def _say(self, kind: Kind, act: str) -> None:
        book = PHRASES["zh" if self.complaint.is_chinese else "en"]
        lines = book.get(f"{act}:{self.complaint.family}", book[act])
        self._add(kind, text=self.chance.choice(lines))

    def _add(self, kind: Kind, *, text: str = "", priority: str | None = None) -> None:
        step = Step(
            at=self.now,
            kind=kind,
            complaint_id=self.complaint.id,
            text=text,
            priority=priority,
        )
        self.steps.append(step)
