"""A long history: old periods are copies of one that was played, and behave like any ticket."""

import json
import re
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from integrations.runtime.clock import parse_instant
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.founding import new_account
from integrations.sandbox.history import archive, writer
from integrations.sandbox.state.account import STORES, Account
from integrations.sandbox.state.ticketing import bin as ticket_bin
from integrations.sandbox.state.ticketing import tickets
from integrations.sandbox.state.ticketing.ticket_case import TicketCase

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
HOW_MANY = 110
IN_A_PERIOD = 20
COPIES = 5
# numbers of the mould: from 8,000,000,001, from 7,500,000,000,000 and from 20,000,000,000
LEAKS = re.compile(r"(?<![0-9a-z])(?:80000\d{5}|7500\d{9}|20000\d{6})(?![0-9a-z])")


def founded(**settings: Any) -> Account:
    """Return an account whose periods are small."""
    patch = pytest.MonkeyPatch()
    patch.setattr(writer, "MOST_IN_A_PERIOD", IN_A_PERIOD)
    chosen: dict[str, Any] = {"tickets": HOW_MANY, "seed": 3, "start": NOW}
    config = SandboxConfig(**(chosen | settings))
    try:
        return new_account(config)
    finally:
        patch.undo()


@pytest.fixture(scope="module")
def account() -> Account:
    """Give a history to read."""
    return founded()


@pytest.fixture
def own() -> Account:
    """Give a history to change."""
    return founded()


def stamped(account: Account) -> list[TicketCase]:
    """Return the tickets that are copies."""
    return [case for case in account.tickets.values() if case.kept is None]


def everything(case: TicketCase) -> dict[str, Any]:
    """Return all that is known of a ticket."""
    named = {
        name: getattr(case, name)
        for name in case.__dataclass_fields__
        if name not in ("archive", "kept")
    }
    known: dict[str, Any] = json.loads(json.dumps(named | asdict(case.past), default=str))
    return known


def test_the_planned_number_of_tickets_is_there(account: Account) -> None:
    assert len(account.living_tickets()) == HOW_MANY
    assert len(stamped(account)) == COPIES * (HOW_MANY // (COPIES + 1))


def test_numbers_rise_with_time_over_all_periods(account: Account) -> None:
    opened = [case.record["created_at"] for case in account.tickets.values()]

    assert opened == sorted(opened)
    assert len({case.id for case in account.tickets.values()}) == len(account.tickets)


def test_nothing_of_the_mould_leaks(account: Account) -> None:
    for case in account.tickets.values():
        text = json.dumps(everything(case), ensure_ascii=False)
        assert LEAKS.findall(text) == [], case.id
    for name in STORES:
        text = json.dumps(getattr(account, name).all(), ensure_ascii=False)
        assert LEAKS.findall(text) == [], name


def test_no_two_records_share_an_id(account: Account) -> None:
    ids = Counter(
        one["id"]
        for case in account.tickets.values()
        for audit in case.audits
        for one in (audit, *audit["events"])
    )
    ids.update(case.metric_id for case in account.tickets.values())
    ids.update(one["id"] for one in account.users.all())
    ids.update(one["id"] for one in account.satisfaction_ratings.all())

    assert [number for number, times in ids.items() if times > 1] == []


def test_audits_belong_to_their_ticket_and_name_users_that_exist(account: Account) -> None:
    for case in account.tickets.values():
        assert case.audits[0]["created_at"] == case.record["created_at"]
        for audit in case.audits:
            assert audit["ticket_id"] == case.id
            assert account.users.find(audit["author_id"])
        for field in ("requester_id", "submitter_id", "assignee_id"):
            assert case.record[field] is None or account.users.find(case.record[field])


def test_a_copy_lies_whole_weeks_after_the_one_before(account: Account) -> None:
    cases = stamped(account)
    size = len(cases) // COPIES
    for older, newer in zip(cases[:size], cases[size:], strict=False):
        opened = [parse_instant(one.record["created_at"]) for one in (older, newer)]
        assert opened[1] - opened[0] == writer.PERIOD
        assert newer.generated - older.generated == writer.PERIOD.total_seconds()
        assert [len(one.audits) for one in (older, newer)] == [len(older.audits)] * 2


def test_old_tickets_are_closed_and_only_the_newest_period_is_open(account: Account) -> None:
    assert {case.record["status"] for case in stamped(account)} == {"closed"}
    newest = islice(reversed(list(account.tickets.values())), 10)
    assert {case.record["status"] for case in newest} - {"closed"}


def test_nothing_lies_in_the_future(account: Account) -> None:
    assert max(case.generated for case in account.tickets.values()) < NOW.timestamp()


def test_the_stream_of_audits_equals_a_sort_of_all_audits(account: Account) -> None:
    naive = sorted(
        (int(parse_instant(audit["created_at"]).timestamp()), audit["id"], case.id)
        for case in account.tickets.values()
        for audit in case.audits
    )

    entries = list(account.audits.after((0, 0)))
    assert [(entry.second, entry.id, entry.ticket) for entry in entries] == naive
    for place in (naive[0], naive[len(naive) // 2], naive[-1]):
        behind = [entry[:3] for entry in account.audits.after(place[:2])]
        assert behind == [row for row in naive if row[:2] > place[:2]]


def test_the_stream_leads_to_the_audits_themselves(account: Account) -> None:
    for entry in islice(account.audits.after((0, 0)), 0, None, 17):
        case = account.tickets[entry.ticket]

        assert case.glimpse("audits", entry.position) == case.audits[entry.position]
        assert case.audits[entry.position]["id"] == entry.id


def test_the_order_of_changes_equals_a_sort_of_all_tickets(account: Account) -> None:
    naive = sorted((case.generated, case.id) for case in account.tickets.values())

    assert list(account.tickets.by_change.after((0, 0))) == naive


def test_metric_events_equal_a_sort_of_the_events_of_all_tickets(account: Account) -> None:
    kept, now = account.metric_events, int(NOW.timestamp())
    naive = sorted(
        (event.time, event.id, case.id)
        for case in account.tickets.values()
        for event in kept.of(case, now + 10**8)
    )

    found = [
        (second, number, case.id) for second, number, case, _ in kept.after(account.tickets, (0, 0))
    ]
    assert found == naive
    assert len({number for _, number, _ in naive}) == len(naive)


def test_a_change_to_an_old_ticket_stays_while_others_are_read(own: Account) -> None:
    case = stamped(own)[3]
    agent = own.user_by_email("priya.nair@example.com")
    assert agent is not None
    before = len(case.audits)
    ticket_bin.delete(own, case, agent)
    case.audits[0]["events"][0]["body"] = "▇▇▇"
    for other in own.tickets.values():
        assert other.audits

    assert case.audits[0]["events"][0]["body"] == "▇▇▇"
    assert case.glimpse("audits", 0)["events"][0]["body"] == "▇▇▇"
    assert len(case.audits) == before
    assert case.id not in {one.id for one in own.living_tickets()}


def test_changed_pasts_survive_when_many_others_are_asked_for(
    own: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_REMEMBERED", 2)
    first, *others = stamped(own)
    first.audits.append({"id": 1, "events": []})
    for other in others:
        assert other.timeline.created

    assert first.audits[-1] == {"id": 1, "events": []}
    assert len(first.archive._changed) == 1  # type: ignore[union-attr]
    assert len(first.archive._recent) <= 2  # type: ignore[union-attr]


def test_reading_an_old_ticket_in_passing_is_not_remembered(own: Account) -> None:
    case = stamped(own)[0]
    case.glimpse("timeline")

    assert not case.archive._recent  # type: ignore[union-attr]


def test_a_copy_changes_alone(own: Account) -> None:
    first, second = stamped(own)[0], stamped(own)[len(stamped(own)) // COPIES]
    first.record["tags"].append("mine")
    first.record["collaborator_ids"].append(1)
    first.past.audits[0]["metadata"]["custom"]["mine"] = 1

    assert "mine" not in second.record["tags"]
    assert second.record["collaborator_ids"] == []
    assert second.audits[0]["metadata"]["custom"] == {}


def test_new_tickets_go_on_where_history_ends(own: Account) -> None:
    newest = max(own.tickets)
    admin = own.user_by_email("admin@example.com")
    assert admin is not None
    case = tickets.create(own, {"comment": {"body": "Now"}}, admin)

    assert case.id == newest + 1
    assert list(own.audits.after((0, 0)))[-1].ticket == case.id


def test_the_same_seed_gives_the_same_past(account: Account) -> None:
    again = founded()

    assert [everything(case) for case in again.tickets.values()] == [
        everything(case) for case in account.tickets.values()
    ]
    assert again.users.all() == account.users.all()


def test_another_seed_gives_another_past(account: Account) -> None:
    other = founded(seed=4)

    assert [case.record["subject"] for case in other.tickets.values()] != [
        case.record["subject"] for case in account.tickets.values()
    ]


def test_a_start_some_weeks_later_gives_the_same_past_later(account: Account) -> None:
    weeks = timedelta(weeks=3)
    later = founded(start=NOW + weeks)

    def moved(case: TicketCase) -> tuple[Any, ...]:
        opened = parse_instant(case.record["created_at"]) + weeks
        return case.id, case.record["subject"], case.record["requester_id"], opened

    assert [
        (
            case.id,
            case.record["subject"],
            case.record["requester_id"],
            parse_instant(case.record["created_at"]),
        )
        for case in later.tickets.values()
    ] == [moved(case) for case in account.tickets.values()]


def test_history_has_what_happens_at_a_desk() -> None:
    account = new_account(SandboxConfig(tickets=400, seed=5, start=NOW))
    cases = list(account.tickets.values())
    statuses = {status for case in cases for _, status in case.timeline.statuses}
    merged = [case for case in cases if "closed_by_merge" in case.record["tags"]]
    groups = [len({group for _, group in case.timeline.groups if group}) for case in cases]
    solved = [[status for _, status in case.timeline.statuses].count("solved") for case in cases]
    comments = [event for case in cases for event, _ in case.comments()]
    replied = [
        one.timeline.replies[0] - one.timeline.created for one in cases if one.timeline.replies
    ]
    per_requester = Counter(case.record["requester_id"] for case in cases)

    assert statuses >= {"open", "pending", "hold", "solved", "closed"}
    assert any(case.is_deleted for case in cases)
    assert merged
    assert all(case.record["status"] == "closed" for case in merged)
    assert max(groups) > 1
    assert max(solved) > 1
    assert {comment["public"] for comment in comments} == {True, False}
    assert min(replied) < timedelta(minutes=15) < timedelta(hours=10) < max(replied)
    assert max(per_requester.values()) > 1
    assert any("vip" in one["tags"] for one in account.organizations.all())
