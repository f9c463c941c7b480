"""The list of complaint families and reasons that the desk works with, and how to look them up."""

from typing import Final

import msgspec

from automations.triage.taxonomy_table import FAMILY_ROWS, REASON_ROWS

TAXONOMY_VERSION: Final = "2026.1"
SEVERITIES: Final = ("S1", "S2", "S3", "S4")
DEPARTMENTS: Final = ("RC", "SEC", "CMP", "LGL", "P2P", "PAY", "TEC", "CS", "DPO", "IA")
SAFETY_FAMILIES: Final = frozenset("ABC")  # missing one of these costs people money


class Family(msgspec.Struct, frozen=True):
    """A group of complaints; its severity and owner hold when no reason is known."""

    code: str
    english: str
    chinese: str
    severity: str
    owner: str


class Reason(msgspec.Struct, frozen=True):
    """Why somebody complains: how bad it is at least, who owns it, what the agent must collect."""

    code: str
    english: str
    chinese: str
    severity: str
    owner: str
    required: tuple[str, ...]

    @property
    def family(self) -> str:
        """The code of the family that the reason belongs to."""
        return self.code[0]


FAMILIES: Final[dict[str, Family]] = {row[0]: Family(*row) for row in FAMILY_ROWS}
REASONS: Final[dict[str, Reason]] = {
    code: Reason(code, english, chinese, severity, owner, tuple(required.split()))
    for code, english, chinese, severity, owner, required in REASON_ROWS
}


def base_severity(family: str, reason: str | None) -> str:
    """Return the severity that the reason, or else the family, starts with."""
    return REASONS[reason].severity if reason else FAMILIES[family].severity


def owner_of(family: str, reason: str | None) -> str:
    """Return the department code that owns the complaint."""
    return REASONS[reason].owner if reason else FAMILIES[family].owner
