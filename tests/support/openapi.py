"""Zendesk's own OpenAPI file, read as tolerantly as it must be, and held against answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from integrations.sandbox.routes import API_ROUTES
from tests.support.shared import SHARED

OAS = "zendesk/oas/support_api_2.0.0_2024-03.yaml"
PREFIX = "/api/v2/"
METHODS = ("get", "post", "put", "patch", "delete")
Schema = dict[str, Any]


class _Loader(yaml.CSafeLoader):
    """Reads the operator `=` as the text that it is there, not as a type of YAML 1.1."""


def _as_text(loader: _Loader, node: Any) -> Any:
    return loader.construct_scalar(node)


_Loader.add_constructor("tag:yaml.org,2002:value", _as_text)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the file that the sandbox covers."""

    method: str
    path: str  # as in the file: /api/v2/tickets/{ticket_id}
    pattern: str  # as in the sandbox: tickets/{id}
    responses: dict[str, Any]

    @property
    def name(self) -> str:
        """Method and pattern."""
        return f"{self.method} {self.pattern}"


@cache
def spec() -> dict[str, Any]:
    """Return the whole file; an empty one where the shared material is absent."""
    path = SHARED / OAS
    if not path.exists():
        return {"paths": {}, "components": {"schemas": {}}}
    content: dict[str, Any] = yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506 - safe
    return content


def _anonymous(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


@cache
def covered() -> tuple[Operation, ...]:
    """Return the operations of the file for which the sandbox has a route."""
    routes = {(route.method, _anonymous(route.pattern)): route for route in API_ROUTES}
    found = []
    for path, item in spec()["paths"].items():
        for method in METHODS:
            route = routes.get((method.upper(), _anonymous(path.removeprefix(PREFIX))))
            if method in item and route:
                responses = item[method]["responses"]
                found.append(Operation(route.method, path, route.pattern, responses))
    return tuple(found)


def lenient(schema: Any) -> Any:
    """Return a schema in which everything may be null, alternatives may overlap, and no more."""
    if isinstance(schema, list):
        return [lenient(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    loose = {
        key: {name: lenient(one) for name, one in value.items()}
        if key == "properties"
        else lenient(value)
        for key, value in schema.items()
        if key not in ("nullable", "example", "examples", "description", "format", "oneOf")
    }
    if isinstance(loose.get("type"), str):
        loose["type"] = [loose["type"], "null"]
    if "enum" in loose:
        loose["enum"] = [*loose["enum"], None]
    if "oneOf" in schema:
        loose["anyOf"] = lenient(schema["oneOf"])
    return loose


@cache
def _components() -> dict[str, Schema]:
    return {name: lenient(schema) for name, schema in spec()["components"]["schemas"].items()}


def differences(operation: Operation, status: int, body: Any) -> list[str]:
    """Return where an answer leaves the file: status, type, missing or unknown keys."""
    if str(status) not in operation.responses:
        return [f"status {status}, not {sorted(operation.responses)}"]
    content = operation.responses[str(status)].get("content") or {}
    schema = (content.get("application/json") or {}).get("schema")
    if schema is None:
        return []
    loose = lenient(schema)
    root = loose | {"components": {"schemas": _components()}}
    wrong = [
        f"{_place(error.absolute_path)}: {_briefly(error)}"
        for error in Draft202012Validator(root).iter_errors(body)
    ]
    return sorted({*wrong, *_unknown(loose, body, "")})


def _place(path: Any) -> str:
    return ".".join("[]" if isinstance(part, int) else str(part) for part in path)


def _briefly(error: Any) -> str:
    kind = type(error.instance).__name__
    if error.validator == "type":
        return f"{kind}, not {error.validator_value[0]}"
    if error.validator == "enum":
        return f"{error.instance!r} is no value of the file"
    if error.validator == "required":
        return str(error.message).replace("is a required property", "is missing")
    return f"{kind} fits no alternative"


def _unknown(schema: Schema, value: Any, path: str) -> Iterator[str]:
    """Yield the keys that the file does not know, where it lists keys at all."""
    known, items = _known(schema)
    if isinstance(value, list) and items:
        for one in value:
            yield from _unknown(items, one, f"{path}[]")
    if not isinstance(value, dict) or not known:
        return
    for key, inner in value.items():
        place = f"{path}.{key}".lstrip(".")
        if key in known:
            yield from _unknown(known[key], inner, place)
        else:
            yield f"{place} is unknown to the file"


def _known(schema: Schema) -> tuple[dict[str, Schema], Schema]:
    """Return the properties and the items of a schema with everything that it refers to."""
    if "$ref" in schema:
        return _known(_components()[schema["$ref"].rpartition("/")[2]])
    if schema.get("additionalProperties"):
        return {}, {}
    known: dict[str, Schema] = dict(schema.get("properties") or {})
    items: Schema = schema.get("items") or {}
    for part in [*schema.get("allOf", ()), *schema.get("anyOf", ())]:
        inner, inner_items = _known(part)
        known |= {name: one for name, one in inner.items() if name not in known}
        items = items or inner_items
    return known, items
