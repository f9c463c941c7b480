"""The taxonomy is complete and coherent, and old codes go on to mean something."""

import shutil
from datetime import date
from pathlib import Path

import msgspec
import pytest

from automations.escalations.queues import QUEUES
from automations.triage.taxonomy import (
    FACTS,
    FAMILIES,
    RAISES,
    REASONS,
    TAXONOMY_VERSION,
    base_severity,
    current_code,
    departments_of,
    is_by_nature_a_complaint,
    owner_of,
)
from automations.triage.taxonomy_file import (
    DEPARTMENTS,
    TAXONOMY_DIR,
    Edition,
    Reason,
    problems_of,
    read_taxonomy,
)
from integrations.runtime.errors import ConfigError
from sync.sla.desk_clocks.loading import load_desk_rules


def test_the_shipped_taxonomy_has_all_families_and_the_newest_edition() -> None:
    assert "".join(sorted(FAMILIES)) == "ABCDEFGHIJKNX"
    assert {reason.family for reason in REASONS.values()} == set(FAMILIES)
    assert read_taxonomy().editions[-1].number == TAXONOMY_VERSION


def test_owners_are_the_departments_that_can_be_asked() -> None:
    assert set(DEPARTMENTS) == set(QUEUES)


@pytest.mark.parametrize("reason", REASONS.values(), ids=lambda r: r.code)
def test_reason_says_what_the_first_answer_is_for_in_both_languages(reason: Reason) -> None:
    assert reason.answer_en.isascii()
    assert not reason.answer_zh.isascii()


def test_every_fact_is_asked_for_by_some_reason() -> None:
    asked = {code for reason in REASONS.values() for code in (*reason.required, *reason.evidence)}

    assert asked == set(FACTS)


def test_reason_decides_over_its_family() -> None:
    assert (base_severity("A", "A5"), owner_of("A", "A6")) == ("S2", "IA")
    assert (base_severity("A", None), owner_of("A", None)) == ("S1", "SEC")


def test_departments_concerned_too_follow_the_owner() -> None:
    assert departments_of("B", "B8") == ("RC", "LGL")
    assert departments_of("B", None) == ("RC",)


def test_complaints_by_nature_are_those_of_the_clocks_rules() -> None:
    rules = load_desk_rules().complaints
    codes = [(family, None) for family in FAMILIES] + [(r.family, r.code) for r in REASONS.values()]

    for family, reason in codes:
        listed = next(
            (
                verdict
                for code in (reason, family)
                for verdict, group in ((True, rules.are), (False, rules.are_not))
                if code in group
            ),
            None,
        )
        assert is_by_nature_a_complaint(family, reason) is listed, reason or family


def test_code_that_moved_is_read_as_the_one_in_its_place_over_several_editions() -> None:
    taxonomy = read_taxonomy()
    later = (
        Edition("2027.1", date(2027, 1, 1), "", {"K9": "K8", "Q1": "D4"}),
        Edition("2027.2", date(2027, 2, 1), "", {"K8": "K1"}),
    )
    newer = msgspec.structs.replace(taxonomy, editions=(*taxonomy.editions, *later))

    assert list(problems_of(newer)) == []
    assert [newer.current_code(code) for code in ("K9", "K8", "Q1", "A1", "B")] == [
        "K1",
        "K1",
        "D4",
        "A1",
        "B",
    ]
    assert (newer.current_code("Z1"), current_code("Z1")) == (None, None)


def test_codes_that_moved_in_a_circle_are_a_problem_and_no_endless_search() -> None:
    taxonomy = read_taxonomy()
    circle = Edition("2027.1", date(2027, 1, 1), "", {"K9": "K8", "K8": "K9"})
    newer = msgspec.structs.replace(taxonomy, editions=(*taxonomy.editions, circle))

    assert "K9 has moved to a code that does not exist" in list(problems_of(newer))


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        pytest.param("a_account_takeover", 'owner = "SEC"', 'owner = "XYZ"', "XYZ", id="owner"),
        pytest.param("b_scam_victim", '"S2"', '"S5"', "S5", id="severity"),
        pytest.param("b_scam_victim", "[B2]", "[A2]", "A2", id="foreign code"),
        pytest.param("b_scam_victim", "[B2]", "[B1]", "b_scam_victim.toml", id="code twice"),
        pytest.param("c_restriction", '"uid"', '"shoe_size"', "shoe_size", id="unknown fact"),
        pytest.param("d_security_item", "answer_zh", "anser_zh", "anser_zh", id="typing error"),
        pytest.param("severity", '"B8"', '"B88"', "B88", id="raise of an unknown reason"),
        pytest.param("editions", "2026-11-26", "2026-01-01", "date", id="editions out of order"),
    ],
)
def test_wrong_entry_is_named_in_two_lines(
    tmp_path: Path, file: str, old: str, new: str, named: str
) -> None:
    folder = tmp_path / "taxonomy"
    shutil.copytree(TAXONOMY_DIR, folder)
    path = folder / f"{file}.toml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    with pytest.raises(ConfigError) as caught:
        read_taxonomy(folder)

    assert named in caught.value.message
    assert "\n" not in caught.value.message


def test_every_raise_has_both_names_and_raises_something() -> None:
    for found in RAISES.values():
        assert found.english.isascii()
        assert not found.chinese.isascii()
        assert found.one_level or found.to_s1 or found.to_s2
