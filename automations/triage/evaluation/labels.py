"""What the labels of a file mean: families and reasons of our own, or names of somebody else."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from automations.triage.model import ABSTAIN
from automations.triage.taxonomy import current_code
from integrations.runtime.errors import BadInput

# Names that annotators of reviews use, and the families they mean.
LABEL_NAMES: Final[Mapping[str, str]] = {
    "account_theft": "A",
    "fraud_scam": "B",
    "frozen_or_restricted": "C",
    "twofa_phone_email": "D",
    "p2p_dispute": "E",
    "deposit_withdrawal": "F",
    "technical": "H",
    "customer_service": "I",
    "kyc": "K",
    "legal": "G",
    "other": "N",
    "spam_ad": "X",
    "ambiguous_abstain": ABSTAIN,
    "abstain": ABSTAIN,
}


def family_of_label(label: str) -> str | None:
    """Return the family that a label means (code, reason or name), or None for an unknown label."""
    label = label.strip()
    if label in LABEL_NAMES:
        return LABEL_NAMES[label]
    if label == ABSTAIN:
        return label
    code = current_code(label)
    return code[:1] if code else None


def read_map(path: Path) -> dict[str, str]:
    """Read a JSON or TOML file from labels to what they mean."""
    hint = 'write {"their label": "A", "another": "abstain"} as JSON, or the same as TOML.'
    try:
        content = path.read_bytes()
        found: Any = (
            tomllib.loads(content.decode())
            if path.suffix == ".toml"
            else msgspec.json.decode(content)
        )
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", hint=hint) from None
    except (ValueError, RecursionError):
        raise BadInput(f"{path} is no JSON or TOML file.", hint=hint) from None
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise BadInput(f"{path} does not map labels to labels.", hint=hint)
    return found


def families_of(meanings: Mapping[str, str]) -> dict[str, str]:
    """Return the families that the meanings name, or say which one is none of ours."""
    families = {}
    for label, meaning in meanings.items():
        family = family_of_label(meaning)
        if family is None:
            raise BadInput(
                f"The label {label!r} is mapped to no family of ours.",
                hint='map it to a family such as "A", a reason such as "A1", or "abstain".',
            )
        families[label] = family
    return families
