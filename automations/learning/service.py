"""Learns a candidate from the desk's tickets, judges it, promotes it and takes it back."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Engine

from automations.learning import repository
from automations.learning.labels import DeskExample, desk_examples, desk_labels
from automations.learning.repository import StoredModel
from automations.learning.selection import Selection, select_examples
from automations.learning.verdict import Answer, Verdict, judged
from automations.triage.linear.model import LinearModel
from automations.triage.service import Triage
from automations.triage.shipped_model import CORPUS_DIR, source_version
from automations.triage.training import Example, read_examples, train_desk
from integrations.runtime.database import reading, transaction
from integrations.runtime.errors import BadInput, RuleViolation

LEAST_TEXTS = 50  # tickets with a label; fewer say nothing


class Learnt(msgspec.Struct, frozen=True, kw_only=True):
    """What came out of learning once."""

    version: str
    labels: int
    corrections: int
    learnt: int
    thin: dict[str, int]
    verdict: Verdict


def learn(engine: Engine, current: Triage, *, since: datetime | None, now: datetime) -> Learnt:
    """Train a candidate on the desk's own texts and its tickets, judge it and store it.

    Raises BadInput while the desk has too few labels.
    """
    with reading(engine) as connection:
        examples = list(desk_examples(connection, desk_labels(connection, since=since)))
    if len(examples) < LEAST_TEXTS:
        raise BadInput(
            f"Only {len(examples)} solved tickets bear a reason that a person chose.",
            hint=f"let agents fill in the field Risk reason; {LEAST_TEXTS} tickets are needed.",
        )
    chosen = select_examples(examples)
    candidate = _trained(chosen)
    verdict = compared(current, Triage(candidate), chosen.held_out)
    with transaction(engine) as connection:
        repository.store(
            connection,
            version=candidate.version,
            content=candidate.to_bytes(),
            texts=len(chosen.learnt),
            verdict=verdict,
            now=now,
        )
    return Learnt(
        version=candidate.version,
        labels=len(examples),
        corrections=sum(one.label.corrects is not None for one in examples),
        learnt=len(chosen.learnt),
        thin=chosen.thin,
        verdict=verdict,
    )


def compared(current: Triage, candidate: Triage, held_out: Iterable[DeskExample]) -> Verdict:
    """Let both models judge tickets that neither learnt from."""
    return judged(
        [
            Answer(
                one.label.code[:1],
                current.assess("", one.text).family,
                candidate.assess("", one.text).family,
            )
            for one in held_out
        ]
    )


def promote(engine: Engine, version: str, *, now: datetime) -> StoredModel:
    """Let a candidate work, if its verdict allows it; RuleViolation tells what speaks against."""
    with transaction(engine) as connection:
        found = repository.find(connection, version)
        if found is None:
            raise BadInput(
                f"There is no model {version!r}.", hint="`riskdesk triage models list` shows them."
            )
        if not found.verdict.is_better:
            raise RuleViolation(
                f"Model {version} is no better: {'; '.join(found.verdict.objections)}.",
                hint="let the desk label more tickets, then `riskdesk triage learn` again.",
            )
        repository.set_current(connection, version, now=now)
    return found


def roll_back(engine: Engine) -> tuple[str, str | None]:
    """Let the model before the current one work again; return both, None: the shipped model."""
    with transaction(engine) as connection:
        current = repository.current_version(connection)
        if current is None:
            raise RuleViolation(
                "The shipped model works already.", hint="nothing; there is no model to take back."
            )
        before = repository.previous(connection, current)
        repository.set_current(connection, before, now=None)
    return current, before


def _trained(chosen: Selection) -> LinearModel:
    own = read_examples(sorted(CORPUS_DIR.glob("*.jsonl")))
    learnt = [
        Example(one.text, label, group=group)
        for one, label, group in zip(chosen.learnt, chosen.labels, chosen.groups, strict=True)
    ]
    return train_desk([*own, *learnt], version=_version(learnt))


def _version(learnt: Sequence[Example]) -> str:
    digest = hashlib.sha256(source_version().encode())
    for example in learnt:
        digest.update(msgspec.json.encode((example.text, example.label, example.group)))
    return f"desk-{digest.hexdigest()[:12]}"
