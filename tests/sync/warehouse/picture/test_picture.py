"""The picture of the schema is current, shows everything and stays readable as tables are added."""

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import BigInteger, Column, MetaData, Table

from riskdesk.commands.db import import_tables
from sync.warehouse.describe import picture, tables_by_module
from sync.warehouse.picture.layout import CHARACTER, Card, Panel, Picture, arrange
from sync.warehouse.picture.panels import GROUPS, OTHERS, panels_of
from sync.warehouse.picture.svg import COLOURS, INK, QUIET, draw
from sync.warehouse.views.creation import VIEWS

FILE = Path(__file__).resolve().parents[4] / "docs" / "warehouse.svg"


def many_tables() -> list[Panel]:
    """Return 60 tables in three columns that point at each other."""
    known = MetaData()
    tables = []
    for number in range(60):
        targets = [(number * 7) % 60, (number * 11 + 3) % 60, number // 2]
        pointing = [
            Column(f"c{place}_id", BigInteger, comment=f"table_with_letters_{'x' * target}.id")
            for place, target in enumerate(targets)
        ]
        name = f"table_with_letters_{'x' * number}"
        tables.append(Table(name, known, Column("id", BigInteger, primary_key=True), *pointing))
    return [Panel(f"Group {n}", n % 3, tables[n * 6 : n * 6 + 6]) for n in range(10)]


@pytest.fixture(params=["ours", "many"])
def arranged(request: pytest.FixtureRequest) -> Picture:
    import_tables()
    return arrange(panels_of(tables_by_module(), []) if request.param == "ours" else many_tables())


def overlap(one: Card, other: Card) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    above = one.y + one.height <= other.y or other.y + other.height <= one.y
    return not (beside or above)


def test_picture_is_current() -> None:
    import_tables()

    assert FILE.read_text("utf-8") == picture(), "run `riskdesk db describe`"


def test_picture_is_the_same_each_time() -> None:
    assert draw(many_tables(), ["b", "a"]) == draw(many_tables(), ["b", "a"])


def test_picture_names_every_table_and_view() -> None:
    import_tables()
    texts = {node.text for node in ET.fromstring(picture()).iter() if node.tag.endswith("text")}  # noqa: S314 - our own file

    expected = {str(table.name) for module in tables_by_module().values() for table in module}
    assert expected | set(VIEWS) | {"deliveries", "actions", "→ tickets"} <= texts


def test_every_module_of_tables_has_its_group() -> None:
    grouped = {module for _, _, modules in GROUPS for module in modules}

    assert set(tables_by_module()) <= grouped, "name the module in picture/panels.py"


def test_tables_of_an_unknown_module_are_shown_too() -> None:
    (table,) = many_tables()[0].tables[:1]
    panels = panels_of({"tickets": [], "novelties": [table]}, [])

    assert [(panel.title, list(panel.tables)) for panel in panels] == [(OTHERS[0], [table])]


def test_no_card_lies_on_another(arranged: Picture) -> None:
    assert [pair for pair in combinations(arranged.cards, 2) if overlap(*pair)] == []


def test_every_text_fits_into_its_card(arranged: Picture) -> None:
    for card in arranged.cards:
        longest = max(len(name) + len(target) + 3 for name, target in card.rows)
        assert longest * CHARACTER <= card.width - 16
        assert len(card.table.name) * CHARACTER * 1.25 <= card.width - 8


def test_no_line_runs_through_a_card(arranged: Picture) -> None:
    for line in arranged.lines:
        for card in arranged.cards:
            assert not card.x <= line.x <= card.x + card.width
            for edge, height in [*line.joins, line.end]:
                left, right = sorted((edge, line.x))
                inside = card.y < height < card.y + card.height
                assert not (inside and left < card.x + card.width and card.x < right)


def test_no_two_lines_run_over_each_other(arranged: Picture) -> None:
    for one, other in combinations(arranged.lines, 2):
        apart = one.span[1] < other.span[0] or other.span[1] < one.span[0]
        assert apart or abs(one.x - other.x) > 5


def test_everything_is_inside_the_picture(arranged: Picture) -> None:
    assert all(0 < line.x < arranged.width for line in arranged.lines)
    assert all(card.x + card.width < arranged.width for card in arranged.cards)
    assert all(card.y + card.height < arranged.height for card in arranged.cards)


@pytest.mark.parametrize("colour", [*COLOURS, INK, QUIET])
def test_colours_of_text_can_be_read_on_white(colour: str) -> None:
    parts = [int(part, 16) / 255 for part in re.findall("[0-9a-f]{2}", colour)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert 1.05 / (luminance + 0.05) >= 4.5, "the contrast that WCAG asks of text"
