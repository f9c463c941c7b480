"""Values of every kind are read as their column says, or refused."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.runtime.errors import BadRecord
from sync.warehouse.records import clean, row_of
from sync.warehouse.shape import shape
from sync.warehouse.tables.people import users
from sync.warehouse.tables.tickets import tickets
from sync.warehouse.wording import as_text, channel_of
from tests.support.mirror import make_ticket, make_user

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(name=st.sampled_from(sorted(make_ticket())), value=JSON)
def test_any_value_in_any_field_is_read_or_refused(name: str, value: Any) -> None:
    with contextlib.suppress(BadRecord):
        row = shape(tickets, make_ticket() | {name: value})

        assert isinstance(row["id"], int)
        assert isinstance(row["tags"], list)


@given(record=JSON)
def test_any_json_is_cleaned_to_storable_text(record: Any) -> None:
    cleaned = clean(record)

    assert "\\u0000" not in (as_text([cleaned]) or "")
    (as_text([cleaned]) or "").encode("utf-8")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param(2**63 - 1, 2**63 - 1, id="largest"),
        pytest.param("12", 12, id="number as text"),
        pytest.param(12.0, 12, id="whole float"),
    ],
)
def test_number_is_read(number: Any, expected: int) -> None:
    assert row_of(users, make_user(number))["id"] == expected


@pytest.mark.parametrize("number", [2**63, "12a", 12.5, True, [], None])
def test_number_is_refused(number: Any) -> None:
    with pytest.raises(BadRecord):
        row_of(users, make_user(number))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("text", "text", id="text stays"),
        pytest.param(None, None, id="nothing stays"),
        pytest.param(True, "true", id="boolean"),
        pytest.param(501, "501", id="number"),
        pytest.param(["a", "提"], '["a","提"]', id="list"),
    ],
)
def test_value_of_a_field_becomes_text(value: Any, expected: str | None) -> None:
    assert as_text(value) == expected


@pytest.mark.parametrize(
    ("via", "expected"),
    [
        pytest.param({"channel": "email"}, "email", id="audit"),
        pytest.param("Web form", "web", id="export in words"),
        pytest.param("New channel", "New channel", id="unknown words"),
        pytest.param(None, None, id="none"),
    ],
)
def test_channel_is_found_in_both_spellings(via: Any, expected: str | None) -> None:
    assert channel_of({"via": via}) == expected
