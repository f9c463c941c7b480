"""Makes a complaint ready to be judged: its signals, and the customer's own words in one shape."""

from typing import Final, NamedTuple

from automations.triage.contacts import mask_contacts
from automations.triage.mail_history import own_words
from automations.triage.normalise import fold, normalise
from automations.triage.signals import signals_in
from integrations.redaction.redactor import masked

SCANNED: Final = 65_536  # characters, for secrets and signals; Zendesk's comments are not longer
# Characters, for what the complaint is about: that stands in its first pages, and often the request
# of a long story in its last sentence.
READ: Final = 8_000
_LAST_SHARE: Final = 4  # of what is read, one part of four comes from the end


class Prepared(NamedTuple):
    """A text without secrets, as it may be shown and as it is matched; same positions in both."""

    shown: str
    folded: str
    signals: dict[str, tuple[str, ...]]
    secrets: tuple[str, ...]  # kinds


def prepared(subject: str, text: str) -> Prepared:
    """Return what is judged: signals from all of it, words without the mails that it quotes."""
    safe = masked(normalise(ends_of(f"{subject}\n{text}".strip(), SCANNED)))
    signals, secrets = signals_in(safe[: 2 * SCANNED])  # some characters grow when normalised
    own = own_words(safe, headings=1 if subject.strip() else 0)
    shown = mask_contacts(ends_of(own, READ))
    return Prepared(shown, fold(shown), signals, secrets)


def ends_of(text: str, most: int) -> str:
    """Return a long text without its middle: the beginning says what happened, the end asks."""
    if len(text) <= most:
        return text
    last = most // _LAST_SHARE
    return f"{text[: most - last]}\n{text[-last:]}"
