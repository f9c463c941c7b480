"""Which marks a ticket bears, read from tags and fields as they changed."""

from typing import Any

import pytest

from tests.support.desk_clocks import complaint, desk_of, happened, marks_of

DAY = "2026-06-01T09:00Z"
FIELDS = {"Risk reason": [7], "Risk severity": [8], "Jurisdiction": [9], "Complaint": [6]}
DESK = desk_of(field_ids=FIELDS)


def marks(*events: Any, tags: Any = (), **fields: Any) -> dict[str, Any]:
    found = marks_of(complaint(DAY, *events, tags=tags, **fields), desk=DESK)
    return {name: getattr(found, name) for name in found.__struct_fields__ if name != "channel"}


def only(**said: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(marks())
    return nothing | said


def later(**changes: Any) -> Any:
    return happened("2026-06-02T09:00Z", **changes)


def test_the_desks_own_tags_say_what_triage_thought() -> None:
    tags = ["riskdesk", "risk_family_c", "risk_reason_c8", "risk_s2", "risk_language_zh"]

    assert marks(tags=[*tags, "risk_escalated", "risk_queue_sec"]) == only(
        family="C", reason="C8", severity="S2", language="zh", is_complaint=True, queue="SEC"
    )


def test_a_ticket_without_marks_says_nothing() -> None:
    assert marks(tags=["vip", "riskdesk", "risk_abstained", "risk_secret_leaked"]) == only()


def test_fields_count_before_tags() -> None:
    tags = ["risk_family_a", "risk_reason_a1", "jurisdiction_de"]

    found = marks(later(**{"7": "risk_c8", "9": "uk"}), tags=tags)

    assert (found["reason"], found["family"], found["jurisdiction"]) == ("C8", "C", "GB")


def test_of_severities_in_field_and_tag_the_worst_counts() -> None:
    assert marks(later(**{"8": "risk_s3"}), tags=["risk_s1"])["severity"] == "S1"


def test_the_newest_of_two_tags_counts_and_the_older_again_when_it_goes() -> None:
    both, first = ["jurisdiction_de", "jurisdiction_fr"], ["jurisdiction_de"]

    assert marks(later(tags=both), tags=first)["jurisdiction"] == "FR"
    assert marks(later(tags=both), later(tags=first), tags=first)["jurisdiction"] == "DE"


def test_of_two_tags_that_say_the_same_one_may_go() -> None:
    both = ["risk_reason_a1", "risk_a1"]

    assert marks(later(tags=["risk_a1"]), tags=both)["reason"] == "A1"


def test_two_tags_that_came_at_once_say_nothing() -> None:
    assert marks(tags=["jurisdiction_de", "jurisdiction_fr"])["jurisdiction"] is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param({"tags": ["risk_family_c"]}, True, id="a family of complaints"),
        pytest.param({"tags": ["risk_reason_g3"]}, True, id="a reason of complaints"),
        pytest.param({"tags": ["risk_family_g", "risk_reason_g4"]}, None, id="another reason"),
        pytest.param({"tags": ["risk_family_n"]}, False, id="no complaint for this desk"),
        pytest.param({"tags": ["risk_family_k", "risk_complaint"]}, True, id="a tag says it is"),
        pytest.param({"tags": ["risk_family_c", "risk_not_complaint"]}, False, id="a tag says no"),
        pytest.param({"6": True}, True, id="a ticked box"),
        pytest.param({"6": False, "tags": ["risk_family_c"]}, True, id="an unticked box is silent"),
    ],
)
def test_whether_a_ticket_is_a_complaint(said: dict[str, Any], expected: object) -> None:
    assert marks(**said)["is_complaint"] is expected


@pytest.mark.parametrize(
    "hostile",
    [
        "jurisdiction_" + "x" * 500,
        "jurisdiction_<script>",
        "jurisdiction_=cmd|calc",
        "risk_queue_waits/../x",
        "risk_reason_z9",
        "risk_s5",
        "risk_language_klingonish",
        "risk_family_ab",
    ],
)
def test_what_cannot_be_a_mark_is_none(hostile: str) -> None:
    assert marks(tags=[hostile]) == only()


@pytest.mark.parametrize("tags", [None, "vip", [None, 7, {"a": 1}], []])
def test_tags_of_any_shape_can_be_read(tags: Any) -> None:
    assert marks(later(tags=tags), tags=["risk_s1"])["severity"] is None


def test_the_channel_is_zendesks_unless_a_tag_names_a_portal() -> None:
    assert marks_of(complaint(DAY, via="chat")).channel == "chat"
    assert marks_of(complaint(DAY, tags=["cfpb_portal"], via="api")).channel == "cfpb_portal"


def test_an_account_may_name_its_own_fields_and_tags() -> None:
    rules = """
marks:
  product: {fields: [Line of business], values: {spot_trading: trading}}
  jurisdiction: {prefixes: [entity_]}
"""
    desk = desk_of(rules, field_ids={"Line of business": [3, 4]})

    found = marks_of(
        complaint(DAY, later(**{"4": "spot_trading"}), tags=["entity_us_ny"]), desk=desk
    )

    assert (found.product, found.jurisdiction) == ("trading", "US-NY")
