"""Macro files read strictly: a head that disagrees with its text never reaches an agent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from automations.macros.blanks import BLANKS
from automations.macros.language import LANGUAGES, is_written_in
from integrations.runtime.errors import ConfigError

FAMILIES = frozenset("ABCDEFGHIJKNX")
ABSTAINED_FOLDER = "abstained"  # macros for complaints whose family triage could not tell
OCCASIONS_FOLDER = "occasions"  # macros for what may happen in a complaint of any family
SECRET_LEAKED = "secret_leaked"  # noqa: S105 - the name of an occasion
OCCASIONS = frozenset({SECRET_LEAKED})
STATUSES = frozenset({"open", "pending", "hold", "solved"})
_REQUIRED = frozenset({"title", "family", "language", "use_when", "needs", "sets"})
_OPTIONAL = frozenset({"reasons", "occasion"})
_FILE_NAME = re.compile(r"(?P<slug>[a-z0-9_]+)\.(?P<language>[a-z]{2})\.md\.j2")
_TAG = re.compile(r"[a-z0-9_]+")
# Plain text and {{ name }}, nothing else: a macro that cannot compute cannot go wrong.
_ALLOWED_NODES = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name)

jinja = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """One reply in one language; `family` None is for complaints without a known family.

    With an `occasion` it answers that occasion, whatever the complaint is about.
    """

    slug: str
    language: str
    title: str
    family: str | None
    reasons: tuple[str, ...]
    use_when: str
    needs: tuple[str, ...]
    sets: Mapping[str, Any]
    text: str
    occasion: str | None = None


def read_folder(folder: Path) -> tuple[Macro, ...]:
    """Read every macro file below the folder, sorted by family and slug."""
    paths = sorted(folder.glob("*/*.j2"))
    if not paths:
        raise ConfigError(
            f"There is no macro in {folder}.",
            hint="reinstall riskdesk; its templates/macros folder belongs to the package.",
        )
    return tuple(parse(path.parent.name, path.name, _read(path)) for path in paths)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise _wrong(str(path), "is not UTF-8 text") from None


def parse(folder: str, file_name: str, source: str) -> Macro:
    """Read one file and check its head against its text, its name and its folder."""
    where = f"templates/macros/{folder}/{file_name}"
    name = _FILE_NAME.fullmatch(file_name)
    if name is None:
        raise _wrong(where, "is not named <slug>.<language>.md.j2")
    head, text = _split(where, source)
    macro = _build(where, name["slug"], head, text)
    if macro.language != name["language"]:
        raise _wrong(where, f"says language {macro.language!r} in its head")
    if macro.occasion is not None and (macro.family or macro.occasion not in OCCASIONS):
        raise _wrong(where, f"names an occasion; known ones are {sorted(OCCASIONS)}, of no family")
    if folder != (OCCASIONS_FOLDER if macro.occasion else macro.family or ABSTAINED_FOLDER).lower():
        raise _wrong(where, f"says family {macro.family!r} in its head, which is another folder")
    _check_text(where, macro)
    return macro


def _split(where: str, source: str) -> tuple[dict[str, Any], str]:
    parts = source.split("---\n", 2)
    if len(parts) != 3 or parts[0]:  # noqa: PLR2004 - before, head, text
        raise _wrong(where, "does not start with a head between two lines of ---")
    try:
        head = yaml.safe_load(parts[1])
    except (yaml.YAMLError, ValueError):  # ValueError: a date that does not exist
        raise _wrong(where, "has a head that is not YAML") from None
    if not isinstance(head, dict):
        raise _wrong(where, "has an empty head")
    if missing := _REQUIRED - head.keys():
        raise _wrong(where, f"lacks {', '.join(sorted(missing))} in its head")
    if unknown := head.keys() - _REQUIRED - _OPTIONAL:
        raise _wrong(where, f"has unknown words in its head: {sorted(map(str, unknown))}")
    return head, parts[2].strip("\n")


def _build(where: str, slug: str, head: Mapping[str, Any], text: str) -> Macro:
    family, reasons = head["family"], _names(where, "reasons", head.get("reasons", []))
    if family is not None and str(family) not in FAMILIES:
        raise _wrong(where, f"names the unknown family {family!r}")
    if any(not re.fullmatch(f"{family}[0-9]+", reason) for reason in reasons):
        raise _wrong(where, f"names reasons that are not of family {family}: {list(reasons)}")
    for word in ("title", "use_when"):
        if not isinstance(head[word], str) or not head[word].strip():
            raise _wrong(where, f"has no text for {word}")
    return Macro(
        slug=slug,
        language=str(head["language"]),
        title=head["title"],
        family=family,
        reasons=reasons,
        use_when=head["use_when"],
        needs=_names(where, "needs", head["needs"]),
        sets=_sets(where, head["sets"]),
        text=text,
        occasion=None if head.get("occasion") is None else str(head["occasion"]),
    )


def _names(where: str, word: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or any(not isinstance(name, str) for name in value):
        raise _wrong(where, f"needs a list of names for {word}")
    return tuple(value)


def _sets(where: str, value: object) -> Mapping[str, Any]:
    sets = value if isinstance(value, dict) else {"": None}
    tags = sets.get("add_tags", [])
    if sets.keys() - {"status", "add_tags"} or str(sets.get("status", "open")) not in STATUSES:
        raise _wrong(where, f"may set only add_tags and status ({', '.join(sorted(STATUSES))})")
    if not isinstance(tags, list) or not all(_TAG.fullmatch(str(tag)) for tag in tags):
        raise _wrong(where, "has add_tags that Zendesk would not keep: use a-z, 0-9 and _")
    return sets


def _check_text(where: str, macro: Macro) -> None:
    try:
        tree = jinja.parse(macro.text)
    except TemplateSyntaxError as error:
        raise _wrong(where, f"is no template ({error.message})") from None
    if any(not isinstance(node, _ALLOWED_NODES) for node in _all_nodes(tree)):
        raise _wrong(where, "does more than {{ name }}")
    used = {node.name for node in tree.find_all(nodes.Name)}
    if used != set(macro.needs) or len(used) != len(macro.needs):
        raise _wrong(where, f"declares {sorted(macro.needs)} but its text uses {sorted(used)}")
    if unknown := used - BLANKS.keys():
        raise _wrong(where, f"has blanks outside the vocabulary: {sorted(unknown)}")
    if macro.language not in LANGUAGES or not is_written_in(macro.language, macro.text):
        raise _wrong(where, f"is not written in {macro.language!r}")


def _all_nodes(node: nodes.Node) -> list[nodes.Node]:
    return [node, *(found for child in node.iter_child_nodes() for found in _all_nodes(child))]


def _wrong(where: str, what: str) -> ConfigError:
    return ConfigError(f"{where} {what}.", hint="correct the file; docs/macros.md shows one.")
