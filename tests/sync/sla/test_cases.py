"""Case files: whatever is in them, every readable case is answered."""

import json
from pathlib import Path
from typing import Any

import pytest

from integrations.runtime.errors import BadInput
from sync.sla.cases import answer_file
from tests.support.sla import OFFICE_HOURS

GOOD: dict[str, Any] = {
    "id": "good",
    "now": "2026-03-02T10:00:00Z",
    "users": {"10": "end-user", "20": "admin"},
    "policies": [
        {
            "id": 1,
            "policy_metrics": [{"metric": "first_reply_time", "priority": "high", "target": 30}],
        }
    ],
    "ticket": {
        "id": 1,
        "created_at": "2026-03-02T09:00:00Z",
        "requester_id": 10,
        "submitter_id": 10,
        "status": "new",
        "priority": "high",
        "first_comment": {"author_id": 10, "public": True},
    },
    "events": [{"at": "2026-03-02T09:40:00Z", "author_id": 20, "comment": {"public": True}}],
}


def written(folder: Path, *cases: Any) -> Path:
    path = folder / "cases.json"
    path.write_text(json.dumps(cases))
    return path


def test_a_ticket_case_is_answered_with_its_reason(tmp_path: Path) -> None:
    answers = answer_file(written(tmp_path, GOOD))
    clocks = answers.results["good"]
    assert isinstance(clocks, list)
    first = next(clock for clock in clocks if clock["metric"] == "first_reply_time")

    assert first["breach_at"] == "2026-03-02T09:30:00Z"
    assert first["explanation"] == (
        "First reply ended 2026-03-02 09:40:00 UTC with 40 min of 30 min calendar time"
        " (policy 1, priority high); breached 2026-03-02 09:30:00 UTC."
    )


def test_a_business_time_case_can_ask_either_way(tmp_path: Path) -> None:
    ask = {"kind": "business_time", "schedule": OFFICE_HOURS, "start": "2026-03-06T15:00:00Z"}
    due = {**ask, "id": "due", "target_seconds": 7200}
    elapsed = {**ask, "id": "elapsed", "end": "2026-03-09T09:00:00Z"}

    assert answer_file(written(tmp_path, due, elapsed)).results == {
        "due": {"due_at": "2026-03-09T09:00:00Z"},
        "elapsed": {"elapsed_seconds": 7200},
    }


BROKEN = [
    pytest.param({**GOOD, "id": "x", "now": "yesterday"}, id="no instant"),
    pytest.param({**GOOD, "id": "x", "now": "2026-03-02T10:00:00"}, id="no time zone"),
    pytest.param({**GOOD, "id": "x", "ticket": {}}, id="an empty ticket"),
    pytest.param({**GOOD, "id": "x", "ticket": None}, id="no ticket"),
    pytest.param({**GOOD, "id": "x", "events": [7]}, id="an event that is a number"),
    pytest.param({**GOOD, "id": "x", "users": {"10": "wizard"}}, id="an unknown role"),
    pytest.param({**GOOD, "id": "x", "users": {"ten": "agent"}}, id="a user id that is no number"),
    pytest.param({**GOOD, "id": "x", "kind": "riddle"}, id="an unknown kind"),
    pytest.param({"id": "x", "kind": "business_time"}, id="no schedule"),
    pytest.param({"id": "x", "kind": "metric_events", "now": None}, id="no events"),
]


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_case_is_marked_and_the_others_are_answered(
    tmp_path: Path, case: dict[str, Any]
) -> None:
    answers = answer_file(written(tmp_path, case, GOOD))

    assert "error" in answers.results["x"]
    assert isinstance(answers.results["good"], list)
    assert len(answers.warnings) == 1


SCHEDULE = {"time_zone": "UTC", "intervals": []}
TARGET = {"metric": "first_reply_time", "priority": "high", "target": 30}


def policy(**record: Any) -> dict[str, Any]:
    return {"policies": [{"id": 1, "policy_metrics": [TARGET], **record}]}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param(
            policy(policy_metrics=[TARGET | {"business_hours": True}])
            | {"schedule": SCHEDULE | {"time_zone": "Mars"}},
            "time zone 'Mars' is unknown",
            id="an unknown zone",
        ),
        pytest.param(
            policy(policy_metrics=[TARGET | {"business_hours": True}])
            | {"schedule": SCHEDULE | {"intervals": [{"start_time": 9}]}},
            "schedule cannot be read",
            id="half an interval",
        ),
        pytest.param(
            policy(policy_metrics=[TARGET | {"business_hours": True}]),
            "the account has no schedule",
            id="no schedule",
        ),
        pytest.param(
            policy(filter={"all": [{"field": "type", "operator": "greater_than", "value": 1}]}),
            "the operator 'greater_than' is unknown",
            id="an unknown operator",
        ),
        pytest.param(policy(filter=[7]), "its filter cannot be read", id="a broken filter"),
        pytest.param(policy(active_from="soon"), "from when it holds", id="no instant"),
        pytest.param(policy(id=None), "id cannot be read", id="a policy without an id"),
        pytest.param({"policies": [None, *policy()["policies"]]}, "no object", id="no policy"),
        pytest.param(
            policy(metric_settings={"first_reply_time": {"fulfill_on_agent_internal_note": "x"}}),
            "setting fulfill_on_agent_internal_note cannot be read",
            id="a broken setting",
        ),
    ],
)
def test_rules_that_cannot_be_read_leave_their_clocks_unknown_and_no_others(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    answers = answer_file(written(tmp_path, {**GOOD, "events": [], **changes}))
    clocks = answers.results["good"]
    assert isinstance(clocks, list)
    found = {clock["metric"]: clock for clock in clocks}
    first = found["first_reply_time"]

    assert answers.warnings == []
    assert reason in first["unknown_reason"]
    assert (first["state"], first["target_seconds"], first["due_at"]) == ("unknown", None, None)
    assert found["requester_wait_time"]["elapsed_seconds"] == 3600


def test_schedules_over_time_replace_the_schedule(tmp_path: Path) -> None:
    always = SCHEDULE | {"intervals": [{"start_time": 0, "end_time": 10080}]}
    over_time = [{"from": "2026-03-02T09:30:00Z", "schedule": always}]
    rules = policy(policy_metrics=[TARGET | {"business_hours": True}])
    case = {**GOOD, **rules, "schedule": SCHEDULE, "schedules_over_time": over_time}
    clocks = answer_file(written(tmp_path, case)).results["good"]
    assert isinstance(clocks, list)

    assert clocks[0]["elapsed_seconds"] == 2400


def test_an_update_that_comes_twice_counts_once(tmp_path: Path) -> None:
    reply = {**GOOD["events"][0], "id": 7}
    clocks = answer_file(written(tmp_path, {**GOOD, "events": [reply, reply]})).results["good"]
    assert isinstance(clocks, list)

    assert ("periodic_update_time", 2) not in {(one["metric"], one["instance"]) for one in clocks}


@pytest.mark.parametrize("case", [7, None, [], "text", {}, {"id": 3}], ids=repr)
def test_a_case_without_an_id_is_only_warned_about(tmp_path: Path, case: Any) -> None:
    answers = answer_file(written(tmp_path, case, GOOD))

    assert list(answers.results) == ["good"]
    assert answers.warnings[0].startswith("case 1: ")


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"\xff\xfe", b"null"], ids=repr)
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cases.json"
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        answer_file(path)

    assert "list of cases" in caught.value.message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        answer_file(tmp_path / "nowhere.json")

    assert "cannot be read" in caught.value.message
