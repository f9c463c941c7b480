"""The real shelf, read once, and a tiny folder of macros to break."""

from collections.abc import Callable
from pathlib import Path

import pytest

from automations.macros.loader import FAMILIES
from automations.macros.service import MacroShelf, load_macros

WriteMacro = Callable[..., Path]

EN = "Hello {{ customer_name }}, this is the text of the macro and it is for you."
ZH = "您好，{{ customer_name }}：这是一条用于测试的回复文本。"


@pytest.fixture(scope="session")
def shelf() -> MacroShelf:
    return load_macros()


@pytest.fixture
def write_macro(tmp_path: Path) -> WriteMacro:
    """Give a function that writes one macro file; every part of its head can be changed."""

    def write(slug: str = "one", language: str = "en", text: str = "", **head: str) -> Path:
        fields = {
            "title": "A title",
            "family": "A",
            "language": language,
            "use_when": "Now",
            "needs": "[customer_name]",
            "sets": "{}",
        } | head
        family = fields["family"]
        folder = tmp_path / ("abstained" if family == "null" else family.lower())
        folder.mkdir(exist_ok=True)
        lines = "\n".join(f"{name}: {value}" for name, value in fields.items() if value)
        file = folder / f"{slug}.{language}.md.j2"
        body = text or (ZH if language == "zh" else EN)
        file.write_text(f"---\n{lines}\n---\n{body}\n", "utf-8")
        return file

    return write


@pytest.fixture
def complete_folder(tmp_path: Path, write_macro: WriteMacro) -> Path:
    """Write the smallest folder that loads: one macro per family and language."""
    for family in (*FAMILIES, "null"):
        for language in ("en", "zh"):
            write_macro(f"default_{family.lower()}", language, family=family)
    return tmp_path
