"""The shelf of macros: every reply draft, chosen by family, reason and language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from automations.macros.language import LANGUAGES
from automations.macros.loader import FAMILIES, Macro, read_folder
from automations.macros.render import Draft, render
from integrations.runtime.errors import BadInput, ConfigError

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "macros"

__all__ = ["FOLDER", "Draft", "Macro", "MacroShelf", "load_macros"]


def load_macros(folder: Path | None = None) -> "MacroShelf":
    """Read and check all macros; raise ConfigError when one is wrong or missing."""
    return shelve(read_folder(folder or FOLDER))


@dataclass(frozen=True, slots=True)
class MacroShelf:
    """All macros, complete: a draft exists for every family, in both languages."""

    macros: tuple[Macro, ...]

    def draft(
        self, *, family: str | None, reason: str | None, language: str, values: Mapping[str, str]
    ) -> Draft:
        """Return the most specific draft; a language other than Chinese gets the English one."""
        spoken = "zh" if language.lower().startswith("zh") else "en"
        return render(self._choose(family, reason, spoken), values)

    def draft_on(self, occasion: str, *, language: str, values: Mapping[str, str]) -> Draft:
        """Return the draft for an occasion, whatever the complaint is about."""
        spoken = "zh" if language.lower().startswith("zh") else "en"
        (macro,) = (m for m in self.macros if (m.occasion, m.language) == (occasion, spoken))
        return render(macro, values)

    def find(self, slug: str, language: str) -> Macro:
        """Return the macro with that slug; raise BadInput when there is none."""
        for macro in self.macros:
            if (macro.slug, macro.language) == (slug, language):
                return macro
        raise BadInput(
            f"There is no macro {slug!r} in language {language!r}.",
            hint="`riskdesk macros list` shows them all; languages are en and zh.",
        )

    def _choose(self, family: str | None, reason: str | None, language: str) -> Macro:
        known = family if family in FAMILIES else None  # asking what happened is never wrong
        plain = (m for m in self.macros if m.language == language and m.occasion is None)
        fitting = [m for m in plain if m.family == known]
        exact = [m for m in fitting if reason in m.reasons]
        return (exact or [m for m in fitting if not m.reasons])[0]


def shelve(macros: Iterable[Macro]) -> MacroShelf:
    """Check that the macros agree with each other and leave no family or language out."""
    shelf = MacroShelf(tuple(macros))
    by_place: dict[tuple[str | None, str | None, str], str] = {}
    answered = [macro for macro in shelf.macros if macro.occasion is None]
    for macro in answered:
        for reason in macro.reasons or (None,):
            place = (macro.family, reason, macro.language)
            if other := by_place.get(place):
                raise _disagreement(f"{other} and {macro.slug} both answer {reason or place[0]}")
            by_place[place] = macro.slug
    for language in LANGUAGES:
        for family in (*sorted(FAMILIES), None):
            if (family, None, language) not in by_place:
                raise _disagreement(f"family {family} has no macro without reasons in {language}")
    _check_translations(shelf)
    return shelf


def _check_translations(shelf: MacroShelf) -> None:
    for macro in shelf.macros:
        twins = [m for m in shelf.macros if m.slug == macro.slug]
        if sorted(m.language for m in twins) != sorted(LANGUAGES):
            raise _disagreement(f"{macro.slug} must exist once in each of {', '.join(LANGUAGES)}")
        if any(_meaning(twin) != _meaning(macro) for twin in twins):
            raise _disagreement(f"the heads of {macro.slug} differ between the languages")


def _meaning(macro: Macro) -> tuple[object, ...]:
    return macro.family, macro.occasion, macro.reasons, frozenset(macro.needs), dict(macro.sets)


def _disagreement(what: str) -> ConfigError:
    return ConfigError(
        f"The macros do not fit together: {what}.",
        hint="correct the files below templates/macros; docs/macros.md shows how.",
    )
