"""A macro and the known values become a draft; what is unknown stays a visible blank."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Template

from automations.macros.blanks import BLANKS
from automations.macros.loader import Macro, jinja
from integrations.runtime.inert import one_line

SHOWN_OF_ADDRESS = 6  # at each end: enough to recognise, nothing to copy a payment to


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A reply for an agent to check; `missing` names the blanks still open in `text`."""

    slug: str
    language: str
    title: str
    use_when: str
    text: str
    missing: tuple[str, ...]
    sets: Mapping[str, Any]


def render(macro: Macro, values: Mapping[str, str]) -> Draft:
    """Fill the macro's blanks with the values, as inert text."""
    filled = {name: _shown(name, values.get(name, "")) for name in macro.needs}
    missing = tuple(name for name in macro.needs if not filled[name])
    marks = {name: BLANKS[name].mark(macro.language) for name in missing}
    return Draft(
        slug=macro.slug,
        language=macro.language,
        title=macro.title,
        use_when=macro.use_when,
        text=_compiled(macro.text).render(filled | marks),
        missing=missing,
        sets=macro.sets,
    )


@lru_cache(maxsize=512)
def _compiled(text: str) -> Template:
    return jinja.from_string(text)


def _shown(name: str, value: str) -> str:
    line = one_line(value)
    if name == "address" and len(line) > 2 * SHOWN_OF_ADDRESS:
        return f"{line[:SHOWN_OF_ADDRESS]}…{line[-SHOWN_OF_ADDRESS:]}"
    return line
