"""Plants five hundred secrets in a sandbox and searches everything for them afterwards."""

import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, select

from integrations.runtime.database import reading
from riskdesk.demo.calls import Calls, read_all
from tests.support.planted import SENTENCES

LONGEST_SUBJECT = 140
SHORTEST_TO_BE_JOINED = 10  # characters; shorter ones would be found by chance
CREATED, CHANGED = "Create", "Change"


@dataclass(frozen=True, slots=True)
class Canary:
    """A secret and the sentence that holds it."""

    kind: str
    value: str
    sentence: str

    def is_in(self, text: str, dense: str) -> bool:
        """Tell whether the value can be read, as it is or whatever stands within it."""
        short = len(core := joined(self.value)) < SHORTEST_TO_BE_JOINED
        return self._is_word_of(text) if short else core in dense or self._is_word_of(text)

    def _is_word_of(self, text: str) -> bool:
        edge = "[0-9A-Za-z]"
        exact = rf"(?<!{edge}){re.escape(self.value)}(?!{edge})"
        return self.value in text and re.search(exact, text) is not None


def canaries(count: int, *, seed: int) -> list[Canary]:
    """Return secrets of every kind in every sentence, in both languages."""
    rng = random.Random(seed)
    ways = [(kind, make, each) for kind, make, sentences in SENTENCES for each in sentences]
    found = []
    for number in range(count):
        kind, make, sentence = ways[number % len(ways)]
        value = make(rng)
        found.append(Canary(kind, value, sentence.format(value)))
    return found


def joined(text: str) -> str:
    """Return a text without case, spaces and punctuation."""
    return re.sub(r"[^0-9a-z\u3400-\u9fff]", "", text.lower())


def survivors(planted: Iterable[Canary], text: str) -> list[Canary]:
    """Return which of the secrets can be read in a text, however they are written there."""
    dense = joined(text)
    return [canary for canary in planted if canary.is_in(text, dense)]


def all_text_in(engine: Engine) -> str:
    """Return every text of every column of every table that there is, whoever made it."""
    with reading(engine) as connection:
        tables = MetaData()
        tables.reflect(connection)
        return "\n".join(
            "\n".join(_texts(dict(row)))
            for table in tables.sorted_tables
            for row in connection.execute(select(table)).mappings()
        )


def all_files_in(folder: Path) -> str:
    return "\n".join(path.read_text("utf-8", "replace") for path in sorted(folder.iterdir()))


def all_text_of_zendesk(calls: Calls, ticket_ids: Iterable[int]) -> str:
    """Return tickets, comments and audits as Zendesk shows them.

    What a subject or a field held before stays in the audit of its change: no interface of
    Zendesk's takes it out there.
    """
    shown: list[Any] = []
    for number in ticket_ids:
        shown.append(calls.get(f"/api/v2/tickets/{number}.json"))
        shown.append(read_all(calls, "comments", f"tickets/{number}/comments"))
        shown += [
            event
            for audit in read_all(calls, "audits", f"tickets/{number}/audits")
            for event in audit["events"]
            if event["type"] not in {CREATED, CHANGED}
        ]
    return "\n".join(_texts(shown))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        if value[:1] in {"{", "["}:
            yield from _texts(_decoded(value))
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield str(name)
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
