"""The department that owns a complaint is asked, and nobody else."""

import pytest

from automations.escalations.routing import Route, route


def routed(
    *,
    family: str | None = "A",
    reason: str | None = "A1",
    severity: str | None = "S2",
    owner: str | None = "SEC",
    abstained: bool = False,
    complexity: str = "normal",
) -> Route | None:
    return route(
        family=family,
        reason=reason,
        severity=severity,
        owner=owner,
        abstained=abstained,
        complexity=complexity,
        language="zh",
    )


@pytest.mark.parametrize("family", ["N", "X", None])
def test_what_the_desk_does_not_handle_is_never_escalated(family: str | None) -> None:
    assert routed(family=family, reason=None, severity="S1") is None


@pytest.mark.parametrize("severity", ["S3", "S4"])
def test_simple_complaints_stay_with_the_desk_whoever_owns_them(severity: str) -> None:
    assert (
        routed(family="C", reason="C6", severity=severity, owner="P2P", complexity="simple") is None
    )


def test_grave_complaints_are_escalated_however_simple() -> None:
    way = routed(family="C", reason="C6", severity="S2", owner="P2P", complexity="simple")

    assert way is not None
    assert way.queue.code == "P2P"


def test_complex_complaints_of_the_desk_go_to_the_risk_control_group() -> None:
    assert routed(family="B", reason="B1", owner="RC", complexity="normal") is None
    way = routed(family="B", reason="B1", owner="RC", complexity="complex")

    assert way is not None
    assert way.queue.code == "RC"


def test_an_abstained_complaint_is_never_escalated() -> None:
    assert routed(abstained=True, severity="S1") is None


@pytest.mark.parametrize(
    ("owner", "severity", "queue", "also"),
    [
        pytest.param("SEC", "S3", "SEC", [], id="one department"),
        pytest.param("P2P+CMP", "S2", "P2P", ["CMP"], id="two departments"),
        pytest.param("TEC/CS", "S3", "TEC", ["CS"], id="either of two"),
        pytest.param("RC+LGL", "S2", "LGL", [], id="the desk and another"),
        pytest.param("RC+LGL", "S1", "RC", ["LGL"], id="the desk and another, urgent"),
        pytest.param("RC", "S1", "RC", [], id="the desk, urgent"),
        pytest.param(None, "S1", "RC", [], id="no owner, urgent"),
        pytest.param("nobody", "S1", "RC", [], id="unknown owner, urgent"),
    ],
)
def test_the_owner_is_asked(owner: str | None, severity: str, queue: str, also: list[str]) -> None:
    found = routed(family="B", reason="B8", owner=owner, severity=severity)

    assert found is not None
    assert (found.queue.code, [q.code for q in found.also]) == (queue, also)


@pytest.mark.parametrize("owner", ["RC", "RC lead", "RC→incident", None, "nobody"])
@pytest.mark.parametrize("severity", ["S2", "S3", "S4", None])
def test_what_the_desk_owns_stays_there_unless_it_is_s1(
    owner: str | None, severity: str | None
) -> None:
    assert routed(family="C", reason="C1", owner=owner, severity=severity) is None


def test_service_complaints_go_to_customer_service() -> None:
    found = routed(family="I", reason="I4", owner="RC", severity="S3")

    assert found is not None
    assert found.queue.code == "CS"


def test_suspicions_against_staff_go_to_internal_audit_and_are_restricted() -> None:
    found = routed(reason="A6", owner="SEC", severity="S1")

    assert found is not None
    assert (found.queue.code, found.also) == ("IA", ())
    assert found.tags == ("risk_escalated", "risk_queue_ia", "risk_restricted")


@pytest.mark.parametrize(
    ("severity", "priority"), [("S1", "urgent"), ("S2", "high"), ("S3", "normal"), ("S4", "low")]
)
def test_severity_gives_the_priority(severity: str, priority: str) -> None:
    found = routed(severity=severity)

    assert found is not None
    assert found.priority == priority


def test_an_unknown_severity_counts_as_s3() -> None:
    found = routed(severity="S9")

    assert found is not None
    assert (found.severity, found.priority) == ("S3", "normal")


def test_tags_name_the_queue_and_the_language_is_kept() -> None:
    found = routed()

    assert found is not None
    assert found.tags == ("risk_escalated", "risk_queue_sec")
    assert found.language == "zh"
