"""Names inside the desk's model."""

from typing import Final

ABSTAIN: Final = "?"  # the class of texts that state no fact; the right answer is to ask
FAMILY: Final = "family"  # the heads of the model
REASON: Final = "reason"
RULES_SHARE: Final = "rules_share"
