"""Rules of a real account are taken as they are and shown as they were recorded."""

import json
from typing import Any

import pytest

from tests.support.sandbox import Desk
from tests.support.shared import shared_file


def recorded(stream: str) -> dict[str, Any]:
    """Return the recorded record of a stream."""
    lines = shared_file("zendesk/recorded/sample_records.jsonl").read_text("utf-8").splitlines()
    (found,) = (row["record"] for row in map(json.loads, lines) if row["stream"] == stream)
    record: dict[str, Any] = found
    return record


@pytest.mark.parametrize(("stream", "key"), [("automations", "automation"), ("macros", "macro")])
def test_a_recorded_rule_is_kept_and_listed_in_its_own_shape(
    desk: Desk, stream: str, key: str
) -> None:
    real = recorded(stream)
    asked = {name: real[name] for name in ("title", "actions", "conditions") if name in real}
    include = "?include=permissions" if "permissions" in real else ""

    desk.post(stream, {key: asked})
    (mine,) = desk.get(f"{stream}{include}")[stream]

    assert mine.keys() == real.keys()
    assert {name: mine[name] for name in asked} == asked
    assert {name: type(value) for name, value in mine.items()} == {
        name: type(value) for name, value in real.items()
    }
