"""From fields that people set to a model that works, and back."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert
from typer.testing import CliRunner

from automations.learning import repository, service
from automations.learning.current import CurrentTriage
from automations.learning.drift import drift
from automations.learning.labels import desk_examples, desk_labels
from automations.learning.tables import triage_models
from automations.learning.verdict import Answer, Verdict, judged
from automations.triage.service import Triage
from automations.triage.training import Example, train_desk
from integrations.runtime.database import create_database_engine, reading, transaction
from integrations.runtime.errors import BadInput, RuleViolation
from integrations.runtime.settings import load_settings
from riskdesk.commands.triage import app
from sync.migrations.upgrade import upgrade
from sync.warehouse.tables.configuration import ticket_fields
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.people import users
from sync.warehouse.tables.tickets import tickets
from tests.support.cases import NOON

FIELD, AGENT, RISKDESK, CUSTOMER = 901, 50, 60, 1_000
STORED: dict[str, Any] = {"_synced_at": NOON, "_source": "export", "raw": {}}
GOOD = judged([Answer("F", "H", "F")] * 60)
runner = CliRunner()


class Desk:
    """A mirror into which a test puts tickets and what became of their reason."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._ids = iter(range(1, 1_000_000))
        with transaction(engine) as connection:
            self._put(connection, ticket_fields, id=FIELD, title="Risk reason", type="tagger")
            for user, role in ((AGENT, "agent"), (RISKDESK, "admin"), (CUSTOMER, "end-user")):
                self._put(connection, users, id=user, role=role, name="x")

    def ticket(
        self,
        ticket_id: int,
        *changes: tuple[int, str],
        status: str = "solved",
        text: str = "My withdrawal is pending",
        channel: str = "web",
        requester: int | None = None,
    ) -> None:
        """Store a ticket whose reason was set by these authors, in turn."""
        requester = requester or CUSTOMER + ticket_id
        with transaction(self.engine) as connection:
            self._put(
                connection,
                tickets,
                id=ticket_id,
                status=status,
                subject="Help",
                requester_id=requester,
            )
            self._put(
                connection,
                ticket_comments,
                id=next(self._ids),
                ticket_id=ticket_id,
                audit_id=next(self._ids),
                author_id=requester,
                public=True,
                body=text,
                attachments=[],
                created_at=NOON,
            )
            for place, (author, value) in enumerate(changes):
                at = NOON + timedelta(minutes=place)
                self._change(connection, ticket_id, author, value, via_channel=channel, at=at)

    def _change(
        self,
        connection: Any,
        ticket_id: int,
        author: int,
        value: str,
        *,
        via_channel: str,
        at: datetime,
    ) -> None:
        audit = next(self._ids)
        mark = {"riskdesk": f"draft:{ticket_id}"} if author == RISKDESK else {}
        common = {"ticket_id": ticket_id, "author_id": author}
        self._put(
            connection, ticket_audits, id=audit, custom_metadata=mark, created_at=at, **common
        )
        self._put(
            connection,
            ticket_field_history,
            event_id=next(self._ids),
            field=str(FIELD),
            audit_id=audit,
            value=value,
            via_channel=via_channel,
            valid_from=at,
            **common,
        )

    @staticmethod
    def _put(connection: Any, table: Any, **values: Any) -> None:
        known = {name for name in STORED if name in table.c} | values.keys()
        row = {name: value for name, value in (STORED | values).items() if name in known}
        for column in table.c:
            if column.name not in row and not column.nullable and column.server_default is None:
                row[column.name] = _filler(column)
        connection.execute(insert(table).values(**row))

    def labels(self) -> dict[int, tuple[str, str | None]]:
        """Return code and corrected code by ticket."""
        with reading(self.engine) as connection:
            return {one.ticket_id: (one.code, one.corrects) for one in desk_labels(connection)}


def _filler(column: Any) -> Any:
    kind = str(column.type).upper()
    if "JSON" in kind:
        return []
    if "BOOL" in kind:
        return False
    if "INT" in kind:
        return 0
    return NOON if "TIME" in kind else ""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RISKDESK_DATABASE_URL", f"sqlite:///{tmp_path / 'desk.db'}")
    load_settings.cache_clear()
    engine = create_database_engine(load_settings().database_url)
    upgrade(engine)
    yield Desk(engine)
    engine.dispose()
    load_settings.cache_clear()


@pytest.mark.parametrize(
    ("changes", "status", "label"),
    [
        pytest.param([(AGENT, "risk_f3")], "solved", ("F3", None), id="chosen by an agent"),
        pytest.param([(RISKDESK, "risk_f3")], "solved", None, id="written by riskdesk"),
        pytest.param(
            [(RISKDESK, "risk_f3"), (AGENT, "risk_b1")], "open", ("B1", "F3"), id="corrected"
        ),
        pytest.param(
            [(RISKDESK, "risk_f3"), (AGENT, "risk_b1"), (RISKDESK, "risk_a1")],
            "solved",
            ("B1", "F3"),
            id="corrected, and written over",
        ),
        pytest.param([(AGENT, "risk_f3")], "open", None, id="not solved yet"),
        pytest.param([(-1, "risk_f3")], "solved", None, id="written by Zendesk"),
        pytest.param([(CUSTOMER, "risk_f3")], "solved", None, id="chosen by the customer"),
        pytest.param([(AGENT, "risk_zz9")], "solved", None, id="no reason of any edition"),
        pytest.param([(AGENT, "")], "solved", None, id="cleared"),
    ],
)
def test_only_what_people_said_is_a_label(
    desk: Desk, changes: list[tuple[int, str]], status: str, label: tuple[str, str | None] | None
) -> None:
    desk.ticket(7, *changes, status=status)

    assert desk.labels().get(7) == label


def test_what_a_trigger_wrote_is_no_label(desk: Desk) -> None:
    desk.ticket(7, (AGENT, "risk_f3"), channel="rule")

    assert desk.labels() == {}


def test_examples_hold_the_customers_own_words(desk: Desk) -> None:
    desk.ticket(7, (AGENT, "risk_f3"), text="<p>Pending</p>\n\nOn Monday, Help wrote:\n> hello")

    with reading(desk.engine) as connection:
        (example,) = desk_examples(connection, desk_labels(connection))

    assert example.text == "Help\n\nPending"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Triage:
    """Give a triage that learnt from six texts, and let candidates begin with the same."""
    rows = [
        ("my withdrawal is pending", "F3"),
        ("where is my deposit", "F1"),
        ("the app crashes", "H2"),
        ("price was wrong", "H1"),
        ("support is slow", "I1"),
        ("nobody answers me", "I1"),
    ]
    folder = tmp_path / "corpus"
    folder.mkdir()
    lines = [json.dumps({"text": text, "label": label}) for text, label in rows]
    (folder / "own.jsonl").write_text("\n".join(lines))
    monkeypatch.setattr(service, "CORPUS_DIR", folder)
    return Triage(train_desk([Example(*row) for row in rows], version="small"))


def test_a_candidate_learns_the_desks_own_way_and_is_judged_on_tickets_it_never_saw(
    desk: Desk, small: Triage
) -> None:
    names = "zorbing quibble wexler plover snark tumble grault garply waldo fred plugh thud".split()
    for n in range(1, 361):
        words = f"{names[n % 12]} {names[n // 12 % 12]} {n}"
        text, code = [
            (f"the frobnicator {words} froze my bridge", "risk_f3"),
            (f"the blinkenlight {words} shows wrong colours", "risk_h2"),
        ][n % 2]
        desk.ticket(n, (AGENT, code), text=text)

    found = service.learn(desk.engine, small, since=None, now=NOON)

    assert found.labels == 360
    assert found.verdict.held_out > 30
    assert found.verdict.candidate_right > found.verdict.current_right
    with reading(desk.engine) as connection:
        (stored,) = repository.listing(connection)
    assert (stored.version, stored.state) == (found.version, "candidate")
    assert service.learn(desk.engine, small, since=None, now=NOON).version == found.version


def test_too_few_labels_are_refused(desk: Desk, small: Triage) -> None:
    with pytest.raises(BadInput) as caught:
        service.learn(desk.engine, small, since=None, now=NOON)

    assert "Risk reason" in caught.value.hint


def store(desk: Desk, triage: Triage, version: str, verdict: Verdict = GOOD) -> None:
    with transaction(desk.engine) as connection:
        repository.store(
            connection,
            version=version,
            content=triage._model.to_bytes(),
            texts=60,
            verdict=verdict,
            now=NOON,
        )


def test_models_are_promoted_and_taken_back_in_turn(desk: Desk, small: Triage) -> None:
    for place, version in enumerate(("one", "two")):
        store(desk, small, version)
        service.promote(desk.engine, version, now=NOON + timedelta(hours=place))

    assert service.roll_back(desk.engine) == ("two", "one")
    assert service.roll_back(desk.engine) == ("one", None)
    with pytest.raises(RuleViolation):
        service.roll_back(desk.engine)


def test_a_model_that_is_no_better_is_not_promoted(desk: Desk, small: Triage) -> None:
    store(desk, small, "worse", judged([Answer("F", "F", "H")] * 60))

    with pytest.raises(RuleViolation) as caught:
        service.promote(desk.engine, "worse", now=NOON)

    assert "right on 0 of 60" in caught.value.message
    with pytest.raises(BadInput):
        service.promote(desk.engine, "unheard-of", now=NOON)


def test_processes_follow_a_promotion_and_survive_a_model_they_cannot_read(
    desk: Desk, small: Triage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automations.learning.current.load_triage", lambda: "shipped")
    moment = [NOON]
    current = CurrentTriage(desk.engine, lambda: moment[0])
    assert current.look() == "shipped"  # type: ignore[comparison-overlap]
    store(desk, small, "one")
    service.promote(desk.engine, "one", now=NOON)
    moment[0] += timedelta(minutes=6)

    assert current.look().model_version == "small"

    with transaction(desk.engine) as connection:
        connection.execute(triage_models.update().values(content=b"old", version="broken"))
    moment[0] += timedelta(minutes=6)
    assert current.look() == "shipped"  # type: ignore[comparison-overlap]


def test_commands_give_json_and_tables(desk: Desk, small: Triage) -> None:
    store(desk, small, "desk-one")

    (model,) = json.loads(runner.invoke(app, ["models", "list", "--json"]).stdout)
    assert (model["version"], model["state"]) == ("desk-one", "candidate")
    assert "works now" in runner.invoke(app, ["models", "promote", "desk-one"]).stdout
    assert "shipped model" in runner.invoke(app, ["models", "rollback"]).stdout
    assert "desk-one" in runner.invoke(app, ["models", "list"]).stdout
    weeks = json.loads(runner.invoke(app, ["drift", "--since", "2026-03-02", "--json"]).stdout)
    assert all(week["tickets"] == 0 for week in weeks)
    assert runner.invoke(app, ["drift", "--since", "2026-03-02"]).exit_code == 0


def test_drift_counts_tickets_as_first_read_and_corrections(desk: Desk) -> None:
    desk.ticket(7, (RISKDESK, "risk_f3"), (AGENT, "risk_b1"))

    with reading(desk.engine) as connection:
        assert [week.tickets for week in drift(connection, since=NOON, now=NOON)] == [0]
