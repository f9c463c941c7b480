"""SQL over learnt models; never commits."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from automations.learning.tables import triage_models
from automations.learning.verdict import Verdict
from integrations.runtime.database import insert_into

CANDIDATE, CURRENT, FORMER = "candidate", "current", "former"


class StoredModel(msgspec.Struct, frozen=True, kw_only=True):
    """A learnt model without its weights."""

    version: str
    state: str
    texts: int
    verdict: Verdict
    trained_at: datetime
    promoted_at: datetime | None


def store(
    connection: Connection,
    *,
    version: str,
    content: bytes,
    texts: int,
    verdict: Verdict,
    now: datetime,
) -> None:
    """Store a candidate; the same texts give the same one, which then is only judged anew."""
    values = {"content": content, "texts": texts, "verdict": msgspec.to_builtins(verdict)}
    insert = insert_into(connection, triage_models).values(
        version=version, state=CANDIDATE, trained_at=now, **values
    )
    connection.execute(insert.on_conflict_do_update(index_elements=["version"], set_=values))


def listing(connection: Connection) -> list[StoredModel]:
    """Return all learnt models, newest first."""
    query = select(*_WITHOUT_WEIGHTS).order_by(triage_models.c.trained_at.desc())
    return [_model(row) for row in connection.execute(query)]


def find(connection: Connection, version: str) -> StoredModel | None:
    """Return a learnt model."""
    query = select(*_WITHOUT_WEIGHTS).where(triage_models.c.version == version)
    row = connection.execute(query).first()
    return None if row is None else _model(row)


def current_version(connection: Connection) -> str | None:
    """Return which learnt model works; None: the shipped one."""
    query = select(triage_models.c.version).where(triage_models.c.state == CURRENT)
    return connection.scalar(query)


def weights(connection: Connection, version: str) -> bytes:
    """Return a model's file."""
    query = select(triage_models.c.content).where(triage_models.c.version == version)
    return bytes(connection.scalar(query) or b"")


def set_current(connection: Connection, version: str | None, *, now: datetime | None) -> None:
    """Let a model work, or the shipped one; `now`: it was promoted then."""
    was = update(triage_models).where(triage_models.c.state == CURRENT)
    connection.execute(was.values(state=FORMER))
    if version is not None:
        mine = update(triage_models).where(triage_models.c.version == version)
        values = {"state": CURRENT} | ({} if now is None else {"promoted_at": now})
        connection.execute(mine.values(**values))


def previous(connection: Connection, version: str) -> str | None:
    """Return the model that worked before this one; None: the shipped one."""
    before = select(triage_models.c.promoted_at).where(triage_models.c.version == version)
    query = (
        select(triage_models.c.version)
        .where(
            triage_models.c.promoted_at < before.scalar_subquery(),
            triage_models.c.state == FORMER,
        )
        .order_by(triage_models.c.promoted_at.desc())
        .limit(1)
    )
    return connection.scalar(query)


_WITHOUT_WEIGHTS = [column for column in triage_models.c if column.name != "content"]


def _model(row: Row[Any]) -> StoredModel:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    return StoredModel(**values | {"verdict": msgspec.convert(values["verdict"], Verdict)})
