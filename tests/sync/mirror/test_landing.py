"""Pages on their way into tables: fast and explained alike, any order, bad records kept aside."""

import threading
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw, structs
from sqlalchemy import Engine, update

from integrations.runtime.database import transaction
from integrations.runtime.errors import BadRecord
from sync.mirror.arrival import Arrival, Landed
from sync.mirror.landing import land
from sync.mirror.second_try import retry_quarantined
from sync.warehouse.decoding import decoder_of
from sync.warehouse.fields import LONGEST_KEY, LONGEST_TEXT
from sync.warehouse.records import as_raw, read_record
from sync.warehouse.tables.aftermath import ticket_deletions
from sync.warehouse.tables.bookkeeping import Source
from sync.warehouse.tables.configuration import brands, custom_statuses, macros
from sync.warehouse.tables.conversations import side_conversation_events
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.metric_events import ticket_metric_events
from sync.warehouse.tables.people import groups, users
from sync.warehouse.tables.quarantine import quarantined_records, unknown_fields
from sync.warehouse.tables.tickets import ticket_field_values, ticket_tags, tickets
from tests.support.mirror import (
    NOON,
    exported,
    make_audit,
    make_comment,
    make_creation,
    make_ticket,
    make_user,
    raws,
    rows,
)

STREAMS = {"ticket_audits": "ticket_events"}
TIME = "2025-01-08T10:12:07Z"
PROMISE = {
    "target": 60,
    "target_in_seconds": 3601,
    "business_hours": True,
    "policy": {"id": 25, "title": "Urgent"},
}
EVENT = {
    "id": 1,
    "ticket_id": 7,
    "metric": "reply_time",
    "instance_id": 1,
    "type": "apply_sla",
    "time": TIME,
    "deleted": True,
    "status": {"calendar": 3, "business": None},
}
SAID = {
    "id": "e",
    "side_conversation_id": "s",
    "ticket_id": 7,
    "type": "create",
    "via": "support",
    "actor": {"user_id": 5},
    "created_at": TIME,
    "message": {
        "subject": "A",
        "body": "B",
        "from": {"user_id": 5},
        "to": [{"user_id": 6}],
    },
}
STATUS = {"id": 1, "status_category": "open", "agent_label": "Open", "default": True}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**64), 2**64),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["2025-01-08T10:12:07Z", "9999-12-31T23:59:59-05:00", "2025-01-08", "12"]),
    st.lists(st.one_of(st.text(max_size=3), st.integers()), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def bring(engine: Engine, table: Any, *records: Any, minutes: float = 0) -> Landed:
    stream = STREAMS.get(table.name, table.name)
    arrival = Arrival(stream, Source.EXPORT, NOON + timedelta(minutes=minutes))
    with transaction(engine) as connection:
        return land(connection, table, raws(*records), arrival)


@pytest.mark.parametrize(
    ("table", "whole"),
    [
        (tickets, exported(make_ticket(), generated=0)),
        (users, make_user()),
        (macros, {"id": 1, "title": "Hold", "actions": [{"field": "status", "value": "hold"}]}),
        (ticket_metric_events, EVENT | {"sla": PROMISE}),
        (ticket_metric_events, EVENT | {"group_sla": PROMISE | {"target_in_seconds": None}}),
        (side_conversation_events, SAID),
        (ticket_deletions, {"id": 7, "actor": {"id": 5}, "deleted_at": TIME}),
        (groups, {"id": 1, "name": "Legal", "default": True, "deleted": True, "updated_at": TIME}),
        (brands, {"id": 1, "name": "Shop", "default": False, "is_deleted": True}),
        (custom_statuses, STATUS),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
@given(data=st.data())
def test_what_is_read_fast_is_read_alike_value_by_value(
    table: Any, whole: dict[str, Any], data: st.DataObject
) -> None:
    changed = data.draw(st.dictionaries(st.sampled_from(sorted(whole)), ODD, max_size=3))
    for name in [each for each, value in whole.items() if value and isinstance(value, dict)]:
        inner = st.dictionaries(st.sampled_from(sorted(whole[name])), ODD, max_size=2)
        changed = {name: whole[name] | data.draw(inner)} | changed
    raw, decoder = as_raw(whole | changed), decoder_of(table)
    try:
        fast = decoder.decode(raw, {})
    except (ValueError, RecursionError):
        return
    slow = decoder.explain(read_record(raw)[0], raw, {})

    assert plain(fast) == plain(slow)


def plain(row: Any) -> dict[str, Any]:
    """Return a row with JSON as values; JSON null is nothing."""
    values = structs.asdict(row)
    return {name: read_record(as_raw(value))[0] for name, value in values.items()}


def test_any_order_of_pages_and_duplicates_ends_in_the_same_rows(any_engine: Engine) -> None:
    states = [
        exported(make_ticket(n, updated=m, tags=[f"t{m}"], status="open"), generated=m)
        for n in range(1, 6)
        for m in range(6)
    ]
    random, seen = Random(4), []
    for start in (0, 100):
        shifted = [state | {"id": state["id"] + start} for state in states] * 2
        random.shuffle(shifted)
        for begin in range(0, len(shifted), 7):
            bring(any_engine, tickets, *shifted[begin : begin + 7])
        of_this = [row for row in rows(any_engine, tickets) if row["id"] > start]
        tags = [row["tag"] for row in rows(any_engine, ticket_tags) if row["ticket_id"] > start]
        seen.append(([(row["id"] - start, row["updated_at"]) for row in of_this], tags))

    assert seen[0] == seen[1]
    assert set(seen[0][1]) == {"t5"}


def test_raw_is_what_zendesk_sent_to_the_byte(sqlite_engine: Engine) -> None:
    text = Raw(bytes(as_raw(make_ticket())).replace(b":", b" :  ", 1))
    with transaction(sqlite_engine) as connection:
        land(connection, tickets, [text], Arrival("tickets", Source.EXPORT, NOON))
        kept = connection.exec_driver_sql("SELECT raw FROM tickets").scalar_one()

    assert kept.encode() == bytes(text)


def test_values_of_custom_fields_are_the_same_text_on_both_databases(any_engine: Engine) -> None:
    given_values = [True, 7, "a", ["x", "y"], None, [], {"k": [1]}]
    fields = [{"id": n, "value": value} for n, value in enumerate(given_values)]
    record = bytes(as_raw(make_ticket(custom_fields=fields))).replace(b'"value":7', b'"value":7.50')
    with transaction(any_engine) as connection:
        land(connection, tickets, [Raw(record)], Arrival("tickets", Source.EXPORT, NOON))

    found = [
        (r["field_id"], r["position"], r["value"]) for r in rows(any_engine, ticket_field_values)
    ]
    assert found == [
        *((0, 0, "true"), (1, 0, "7.50"), (2, 0, "a"), (3, 0, "x"), (3, 1, "y")),
        (6, 0, '{"k":[1]}'),
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"status": None}, "status is missing", id="missing"),
        pytest.param({"group_id": "many"}, "group_id has a value of the wrong kind", id="kind"),
        pytest.param({"created_at": "2025-02-30T00:00:00Z"}, "created_at", id="no such day"),
        pytest.param({"status": "x" * (LONGEST_KEY + 1)}, "status is too long", id="long key"),
        pytest.param({"subject": "x" * (LONGEST_TEXT + 1)}, "subject is too long", id="long text"),
        pytest.param({"custom_fields": [{"value": 1}]}, "custom_fields", id="field without id"),
        pytest.param({"tags": ["t" * (LONGEST_KEY + 1)]}, "tags", id="long tag"),
    ],
)
def test_record_that_does_not_fit_is_kept_untouched_with_its_reason(
    any_engine: Engine, changes: dict[str, Any], reason: str
) -> None:
    bad = make_ticket(8, **changes)
    landed = bring(any_engine, tickets, make_ticket(1), bad, make_ticket(9))

    assert (landed.rows, landed.quarantined, landed.keys) == (2, 1, {1, 8, 9})
    assert landed.ticket_ids == {1, 9}
    (kept,) = rows(any_engine, quarantined_records)
    assert reason in kept["error"]
    assert (kept["table_name"], kept["record_id"], kept["ticket_id"]) == ("tickets", "8", 8)
    assert kept["raw"].encode() == bytes(as_raw(bad))


@pytest.mark.parametrize("escape", [r"\u0000", r"\ud83d"], ids=["NUL", "half an emoji"])
def test_characters_no_database_stores_are_replaced_and_the_original_is_kept(
    any_engine: Engine, escape: str
) -> None:
    raw = Raw(bytes(as_raw(make_ticket(subject="cut@"))).replace(b"@", escape.encode()))
    with transaction(any_engine) as connection:
        landed = land(connection, tickets, [raw], Arrival("tickets", Source.EXPORT, NOON))

    assert (landed.rows, landed.quarantined) == (1, 0)
    assert rows(any_engine, tickets)[0]["subject"] == "cut\ufffd"
    (kept,) = rows(any_engine, quarantined_records)
    assert (kept["stored"], kept["resolved_at"]) == (True, None)
    assert escape in kept["raw"]

    bring(any_engine, tickets, make_ticket(updated=1, subject="cut"), minutes=3)
    (kept,) = rows(any_engine, quarantined_records)
    assert kept["resolved_at"] == NOON + timedelta(minutes=3)


def test_after_an_upgrade_records_are_tried_again_and_replace_nothing_newer(
    any_engine: Engine,
) -> None:
    with transaction(any_engine) as connection:
        for number in (1, 2, 3):
            bad = Raw(bytes(as_raw(make_ticket(number, status=None))))
            land(connection, tickets, [bad], Arrival("tickets", Source.EXPORT, NOON))
        older = {"version": "0.0.1", "raw": bytes(as_raw(make_ticket(1))).decode()}
        kept = quarantined_records
        connection.execute(update(kept).where(kept.c.record_id == "1").values(older))
        older["raw"] = bytes(as_raw(make_ticket(2, status="pending"))).decode()
        connection.execute(update(kept).where(kept.c.record_id == "2").values(older))
        connection.execute(update(kept).where(kept.c.record_id == "3").values(version="0.0.1"))
    with transaction(any_engine) as connection:
        newer = raws(make_ticket(2, updated=9, status="solved"))
        land(connection, tickets, newer, Arrival("tickets", Source.EXPORT, NOON))
        unsettled = update(kept).where(kept.c.record_id == "2").values(resolved_at=None)
        connection.execute(unsettled)
    later = NOON + timedelta(days=1)

    assert retry_quarantined(any_engine, now=later) == 2
    assert [row["status"] for row in rows(any_engine, tickets)] == ["open", "solved"]
    settled = [row["resolved_at"] for row in rows(any_engine, quarantined_records)]
    assert settled == [later, later, None]
    assert retry_quarantined(any_engine, now=later) == 0


def test_unknown_field_is_reported_once_without_its_value(
    any_engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    name = f"moon_{any_engine.dialect.name}"  # a process knows what it learned for one database
    for minutes in range(3):
        bring(any_engine, tickets, make_ticket(updated=minutes) | {name: "secret"})
        bring(any_engine, tickets, make_ticket(8, updated=minutes))

    (noted,) = rows(any_engine, unknown_fields)
    assert (noted["table_name"], noted["field"], noted["record_id"]) == (
        "tickets",
        name,
        "7",
    )
    assert caplog.text.count(name) == 1
    assert "secret" not in caplog.text
    assert rows(any_engine, tickets)[0]["raw"][name] == "secret"


def test_field_whose_name_is_no_word_is_reported_once_too(any_engine: Engine) -> None:
    name = f'"\\\n{any_engine.dialect.name}'
    for minutes in range(3):
        bring(any_engine, macros, {"id": 1, "title": "Hold", name: 1}, minutes=minutes)

    (noted,) = rows(any_engine, unknown_fields)
    assert noted["field"] == name


def test_unknown_field_of_a_comment_is_reported_once(any_engine: Engine) -> None:
    name = f"mood_{any_engine.dialect.name}"
    comment = make_comment(1) | {name: "calm"}
    for _ in range(2):
        bring(any_engine, ticket_audits, make_audit(1, [comment]))

    (noted,) = rows(any_engine, unknown_fields)
    found = noted["table_name"], noted["field"], noted["record_id"]
    assert found == ("ticket_comments", name, str(comment["id"]))
    assert rows(any_engine, ticket_comments)[0]["raw"][name] == "calm"


@pytest.mark.parametrize("target", [2**62, "60", 1.5])
def test_promise_that_cannot_be_understood_is_kept_aside_and_the_rest_is_stored(
    any_engine: Engine, target: Any
) -> None:
    wrong = EVENT | {"id": 2, "sla": {"target": target}}
    landed = bring(any_engine, ticket_metric_events, EVENT | {"sla": PROMISE}, wrong)

    assert (landed.rows, landed.quarantined) == (1, 1)
    (kept,) = rows(any_engine, quarantined_records)
    assert "target_seconds" in kept["error"]


def test_writers_that_meet_in_the_same_tickets_never_lock_each_other_out(
    postgres_engine: Engine,
) -> None:
    failures: list[BaseException] = []

    def write(seed: int) -> None:
        random = Random(seed)
        try:
            for turn in range(12):
                some = random.sample(range(1, 30), 20)
                audits = [
                    make_audit(
                        1000 * seed + 40 * turn + n,
                        [make_creation(100_000 * seed + 40 * turn + n, "status", f"s{seed}")],
                        ticket_id=n,
                    )
                    for n in some
                ]
                states = [make_ticket(n, updated=turn, tags=[f"{seed}", "x"]) for n in some]
                bring(postgres_engine, tickets, *states)
                bring(postgres_engine, ticket_audits, *audits)
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=write, args=(seed,)) for seed in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    open_ends = [
        row["ticket_id"]
        for row in rows(postgres_engine, ticket_field_history)
        if row["valid_until"] is None
    ]
    assert len(open_ends) == len(set(open_ends))


def test_keys_of_lists_are_told_as_their_column_has_them(any_engine: Engine) -> None:
    landed = bring(any_engine, users, make_user(1) | {"id": "1"}, {"id": 2}, {"id": "x"}, None, {})

    assert (landed.keys, landed.rows, landed.quarantined) == ({1, 2}, 1, 4)


def test_bad_record_names_the_field_and_never_its_value() -> None:
    with pytest.raises(BadRecord) as caught:
        decoder_of(tickets).explain(make_ticket(group_id="secret"), as_raw({}), {})

    assert "secret" not in str(caught.value)
