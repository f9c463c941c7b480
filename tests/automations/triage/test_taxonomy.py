"""The taxonomy is complete and coherent."""

import pytest

from automations.triage.taxonomy import (
    DEPARTMENTS,
    FAMILIES,
    REASONS,
    SEVERITIES,
    Family,
    Reason,
    base_severity,
    owner_of,
)

ENTRIES: list[Family | Reason] = [*FAMILIES.values(), *REASONS.values()]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.code)
def test_entry_has_both_names_a_severity_and_an_owner(entry: Family | Reason) -> None:
    assert entry.english.isascii()
    assert any("\u4e00" <= c <= "\u9fff" for c in entry.chinese)
    assert entry.severity in SEVERITIES
    assert entry.owner in DEPARTMENTS


def test_every_family_has_reasons_and_every_reason_a_family() -> None:
    assert {reason.family for reason in REASONS.values()} == set(FAMILIES)


def test_reasons_of_complaints_say_what_the_agent_must_collect() -> None:
    assert [r.code for r in REASONS.values() if not r.required and r.family not in "NX"] == []


def test_reason_decides_over_its_family() -> None:
    assert (base_severity("A", "A5"), owner_of("A", "A6")) == ("S2", "IA")
    assert (base_severity("A", None), owner_of("A", None)) == ("S1", "SEC")
