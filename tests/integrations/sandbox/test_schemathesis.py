"""Generated requests after Zendesk's own OpenAPI file never make the sandbox stumble."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from tests.support.openapi import OAS, covered, spec
from tests.support.sandbox import ADMIN, TIMEOUT_S, Desk, desk_on
from tests.support.shared import shared_file

EXAMPLES = 6  # requests for each operation


def subset() -> dict[str, Any]:
    """Return the file with what the sandbox covers; bodies it leaves out look like the answers."""
    content = deepcopy({key: value for key, value in spec().items() if key != "paths"})
    content["paths"] = {}
    for one in covered():
        item = spec()["paths"][one.path]
        operation = deepcopy(item[one.method.lower()])
        if one.method in ("POST", "PUT", "PATCH") and "requestBody" not in operation:
            answer = next(iter(operation["responses"].values())).get("content") or {}
            body = answer.get("application/json", {"schema": {"type": "object"}})
            operation["requestBody"] = {"content": {"application/json": {"schema": body["schema"]}}}
        kept = content["paths"].setdefault(one.path, {})
        kept["parameters"] = item.get("parameters", [])
        kept[one.method.lower()] = operation
    return content


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    shared_file(OAS)
    with desk_on(tickets=20) as talking:
        yield talking


if covered():
    schema = schemathesis.openapi.from_dict(subset())

    @schema.parametrize()
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def test_no_request_makes_the_sandbox_stumble(case: Any, desk: Desk) -> None:
        answer = case.call(
            base_url=desk.sandbox.url,
            headers={"Authorization": ADMIN},
            session=desk.session,
            timeout=TIMEOUT_S,
        )

        assert answer.status_code < 500, f"{answer.status_code} {answer.text[:300]}"

else:

    def test_no_request_makes_the_sandbox_stumble(desk: Desk) -> None:
        raise AssertionError(f"nothing of the file is covered by {desk}")
