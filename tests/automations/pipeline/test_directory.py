from datetime import timedelta
from typing import Any

import pytest

from automations.escalations.queues import QUEUES
from automations.pipeline.directory import Directory
from integrations.runtime.errors import ZendeskRetryable
from tests.support.tickets import Clock

Records = list[dict[str, Any]]


class FakeAccount:
    """An account whose groups and fields a test may change; counts how often it is read."""

    def __init__(self) -> None:
        self.reads = 0
        self.fails = False
        self.group_records: Records = [
            {"id": 801, "name": "Account Security"},
            {"id": 802, "name": "Legal"},
            {"id": 899, "name": "Party Committee"},
        ]
        self.field_records: Records = [
            {"id": 901, "title": "Risk reason"},
            {"id": 902, "title": "Risk severity"},
            {"id": 903, "title": "Favourite colour"},
        ]

    def me(self) -> dict[str, Any]:
        return {"id": 601}

    def groups(self) -> Records:
        self.reads += 1
        if self.fails:
            raise ZendeskRetryable("Zendesk is busy.", hint="later.", status=503)
        return self.group_records

    def group_memberships(self) -> Records:
        return [
            {"group_id": 801, "user_id": 1},
            {"group_id": 801, "user_id": 2},
            {"group_id": 899, "user_id": 3},
        ]

    def ticket_fields(self) -> Records:
        return self.field_records


@pytest.fixture
def account() -> FakeAccount:
    return FakeAccount()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def directory(account: FakeAccount, clock: Clock) -> Directory:
    return Directory(account, clock)


def test_finds_groups_and_fields_by_their_names(directory: Directory) -> None:
    policy = directory.look().policy

    assert (policy.reason_field_id, policy.severity_field_id) == (901, 902)
    assert policy.groups["Account Security"] == 801


def test_knows_who_riskdesk_is(directory: Directory) -> None:
    assert directory.look().own_id == 601


def test_knows_the_members_of_each_department(directory: Directory) -> None:
    members = directory.look().members

    assert members["SEC"] == {1, 2}
    assert members["LGL"] == frozenset()
    assert set(members) == set(QUEUES)


def test_an_account_without_our_fields_and_groups_offers_nothing(
    directory: Directory, account: FakeAccount
) -> None:
    account.group_records, account.field_records = [], []

    seen = directory.look()

    assert (seen.policy.reason_field_id, seen.policy.severity_field_id) == (None, None)
    assert not any(seen.members.values())


def test_looks_again_after_ten_minutes(
    directory: Directory, account: FakeAccount, clock: Clock
) -> None:
    directory.look()
    clock.forward(minutes=10, seconds=-1)
    directory.look()
    assert account.reads == 1

    clock.forward(seconds=1)
    account.group_records = [{"id": 888, "name": "Account Security"}]

    assert directory.look().policy.groups["Account Security"] == 888


def test_a_look_that_failed_is_repeated_and_not_remembered(
    directory: Directory, account: FakeAccount, clock: Clock
) -> None:
    account.fails = True
    with pytest.raises(ZendeskRetryable):
        directory.look()
    account.fails = False
    clock.now += timedelta(seconds=1)

    assert directory.look().policy.reason_field_id == 901
