"""The rules file: what may stand in it, and what is said of a wrong entry."""

from pathlib import Path

import pytest

from integrations.runtime.errors import ConfigError
from sync.sla.desk_clocks.calendars import knows_holidays
from sync.sla.desk_clocks.loading import RulesFile, load_desk_rules, read_rules_file

RULE = (
    "{id: house/x, metric: house_x, title: X, step: final_answer, limit: 3 days, source: S,"
    " checked: source}"
)


def problem(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_desk_rules(RulesFile(text, "rules.yaml"))
    return caught.value.message


def test_the_shipped_rules_can_be_read_and_their_holidays_are_known() -> None:
    rules = load_desk_rules()

    places = [place.calendar for place in rules.places.values()]
    assert all(knows_holidays(place.holidays) for place in places if place.holidays)
    assert {"mica-2025-294/ack@1", "vara/final@1"} <= {
        rule.policy_id for line in rules.rules for rule in line.all
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "line "),
        ("[]", "it has no sections"),
        ("colours: {}", "section 'colours' is unknown"),
        ("rules: {}", "section rules: it must be a list"),
        ("rules: [{id: vara/ack}]", "rules vara/ack: Object missing required field"),
        ("rules: [7]", "rules, entry 1: Expected `object`"),
        (f"rules: [{RULE.replace('title: X', 'titel: X')}]", "unknown field `titel`"),
        (f"rules: [{RULE}, {RULE}]", "house/x: the same entry stands here twice"),
        (f"rules: [{RULE.replace('3 days', '3 d')}]", "house/x: '3 d' is not like 3 business days"),
        (f"rules: [{RULE.replace('3 days', '3 h')}]", "house/x: '3 h' is not like"),
        (f"rules: [{RULE.replace('house_x', 'vara_acknowledgement')}]", "belongs to"),
        (f"rules: [{RULE.replace('house_x', 'first_reply_time')}]", "belongs to riskdesk"),
        (f"rules: [{RULE[:-1]}, same_as: vara/ack}}]", "either limit or same_as"),
        (f"rules: [{RULE[:-1]}, jurisdictions: [ZZ]}}]", "house/x: there is no jurisdiction ZZ"),
        (f"rules: [{RULE[:-1]}, calendar: ZZ}}]", "house/x: there is no jurisdiction ZZ"),
        (f"rules: [{RULE[:-1]}, complaint: false}}]", "for every ticket"),
        (f"rules: [{RULE[:-1]}, closes_at: '17:00'}}]", "closes_at needs receipt"),
        (f"rules: [{RULE[:-1]}, edition: 1, in_force: soon}}]", "Invalid"),
        (
            f"rules: [{RULE.replace('limit: 3 days', 'same_as: no/rule')}]",
            "house/x: same_as: there is no rule no/rule",
        ),
        (
            "severity: [{edition: 2, times: {S1: 1 min, S2: 1 h, S3: 1 h, S4: 1 h}}]",
            "severity: a higher edition must come into force at a later date",
        ),
        (
            "severity: [{edition: 1, times: {S1: 1 day, S2: 1 h, S3: 1 h, S4: 1 h}}]",
            "severity: the time of S1 is not like 15 min",
        ),
        ("severity: [{edition: 1, times: {S1: 1 h}}]", "missing required field `S2`"),
        ("departments: [{code: SEC}]", "departments SEC: Object missing"),
        ("marks: {colour: {}}", "marks colour: Object contains unknown field"),
        ("reminders: {severity: [whenever]}", "reminders severity: 'whenever' is none of"),
        ("jurisdictions: {NO: {title: Norway, zone: Europe/Oslo}}", "write the code in quotes"),
        ("jurisdictions: {ZZ: {title: Z, zone: Mars/Base}}", "ZZ: the time zone 'Mars/Base'"),
        (
            "jurisdictions: {ZZ: {title: Z, zone: Etc/UTC, holidays: QQ}}",
            "ZZ: no such holidays are known for 'QQ'",
        ),
        (
            "jurisdictions: {ZZ: {title: Z, zone: Etc/UTC, aliases: [UK]}}",
            "ZZ: UK means another place already",
        ),
    ],
)
def test_a_wrong_entry_is_named_with_what_is_wrong(text: str, said: str) -> None:
    assert said in problem(text)


def test_every_wrong_entry_is_named_at_once() -> None:
    message = problem("rules: [{id: a/b}, {id: c/d}]\nsection: 1")

    assert all(name in message for name in ("rules.yaml", "rules a/b", "rules c/d", "'section'"))


def test_an_entry_of_the_file_replaces_the_shipped_one_and_leaves_the_others() -> None:
    text = f"rules: [{RULE.replace('house/x', 'vara/ack').replace('house_x', 'vara_x')}]"

    lines = load_desk_rules(RulesFile(text, "f")).rules
    rules = {line.all[0].entry.id: line.all[0].entry for line in lines}

    assert (rules["vara/ack"].metric, rules["vara/ack"].limit) == ("vara_x", "3 days")
    assert rules["vara/final"].limit == "4 weeks"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing, binary = tmp_path / "rules.yaml", tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ConfigError, match=r"rules\.yaml cannot be used: No such file"):
        read_rules_file(missing)
    with pytest.raises(ConfigError, match="no UTF-8 text"):
        read_rules_file(binary)
