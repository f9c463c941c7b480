"""What the sandbox answers has the shape of what Zendesk really answered."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.sandbox import Desk, Receiver, desk_on, receiving
from tests.support.shapes import Shape
from tests.support.shared import SHARED, shared_file

RECORDED = "zendesk/recorded/interactions.jsonl"
SAMPLE: dict[str, Any] = {
    "macros": {"macro": {"title": "Thaw", "actions": [{"field": "status", "value": "solved"}]}},
    "triggers": {
        "trigger": {
            "title": "Route",
            "all": [{"field": "subject_includes_word", "operator": "includes", "value": "never"}],
            "actions": [{"field": "status", "value": "open"}],
        }
    },
    "ticket_fields": {"ticket_field": {"title": "Chain", "type": "text"}},
    "organization_fields": {"organization_field": {"title": "Tier", "key": "tier"}},
    "users": {"user": {"name": "Li Na"}},
    "tickets": {"ticket": {"subject": "Frozen", "comment": {"body": "Why?"}}},
    "webhooks": {
        "webhook": {
            "name": "X1234",
            "description": "for a test",
            "endpoint": "http://127.0.0.1:9/",
            "http_method": "GET",
            "request_format": "json",
            "status": "active",
            "subscriptions": ["conditional_ticket_events"],
            "authentication": {
                "type": "basic_auth",
                "data": {"username": "ana", "password": "secret"},
                "add_position": "header",
            },
        }
    },
}


def _interactions() -> list[dict[str, Any]]:
    path = SHARED / RECORDED
    if not path.exists():
        return []
    lines = path.read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


INTERACTIONS = _interactions()


def nullable_fields() -> set[str]:
    """Return the names of the fields that are null in any recording."""
    found: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            found.update(key for key, inner in value.items() if inner is None)
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    for row in INTERACTIONS:
        walk(row["body"])
    return found


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[Desk, Receiver]]:
    shared_file(RECORDED)
    with desk_on(tickets=150) as desk, receiving() as receiver:
        for name in ("triggers", "macros", "webhooks"):
            desk.post(name, SAMPLE[name])
            desk.post(name, SAMPLE[name])
        for key in _recorded_user_fields():
            desk.post("user_fields", {"user_field": {"title": key, "key": key}})
        yield desk, receiver


def _recorded_user_fields() -> set[str]:
    """Return the keys of the custom fields that the recorded users have."""
    results = [one for row in INTERACTIONS for one in (row["body"] or {}).get("results") or ()]
    return {key for one in results for key in one.get("user_fields", {})}


def _new_ids(desk: Desk, resource: str, how_many: int) -> list[Any]:
    return [
        next(iter(desk.post(resource, SAMPLE[resource]).values()))["id"] for _ in range(how_many)
    ]


def _standing_id(desk: Desk, resource: str) -> Any:
    return getattr(desk.sandbox.state, resource).all()[0]["id"]


def _path_of_a_file(desk: Desk) -> str:
    upload = desk.call("POST", "uploads?filename=README.md", data=b"hello").json()["upload"]
    comment = {"body": "Some comment", "uploads": upload["token"]}
    number = desk.post("tickets", {"ticket": {"subject": "x", "comment": comment}})["ticket"]["id"]
    said = desk.get(f"tickets/{number}/comments")["comments"][0]
    file_id = upload["attachment"]["id"]
    path = f"/api/v2/tickets/{number}/comments/{said['id']}"
    return f"{path}/attachments/{file_id}/redact.json"


def _stage_request(desk: Desk, receiver: Receiver, row: dict[str, Any]) -> tuple[str, Any]:
    """Return the recorded request with ids that exist here."""
    path, _, query = row["uri"].partition("?")
    body = json.loads(json.dumps(row["request_body"]))
    resource = row["route"].split("/")[3].removesuffix(".json")
    if row["status"] == 404 or "/attachments/" in row["route"]:
        return (row["uri"] if row["status"] == 404 else _path_of_a_file(desk)), body
    if "{job}" in row["route"]:
        job = desk.post("tickets/create_many", {"tickets": [SAMPLE["tickets"]["ticket"]] * 3})
        return f"/api/v2/job_statuses/{job['job_status']['id']}.json", None
    if query.startswith("ids="):
        new = ",".join(map(str, _new_ids(desk, resource, 3)))
        return f"{path}?ids={new}", body
    if row["route"].endswith("create_many.json") and row["status"] == 400:
        key = next(iter(body))
        return path, {key: body[key] * 26}
    if row["route"].endswith("update_many.json"):
        for item, new_id in zip(body[resource], _new_ids(desk, resource, 4), strict=False):
            item["id"] = new_id
        return path, body
    if "page%5Bafter%5D" in query and "search/export" in path:  # a cursor lives for an hour
        asked = re.sub(r"page%5Bafter%5D=[^&]*&(page%5Bsize%5D=)\d+", r"\g<1>1", query)
        first = desk.get(f"{path}?{asked}")
        cursor = quote(first["meta"]["after_cursor"])
        query = re.sub(r"(page%5Bafter%5D=)[^&]*", lambda match: match[1] + cursor, query)
    query = re.sub(r"(webhook_id=)\w+", lambda m: m[1] + _new_ids(desk, "webhooks", 1)[0], query)
    if path.endswith("/test"):
        body["request"] |= {"endpoint": receiver.url}
    if re.search(r"\{(id|ulid)\}", row["route"]):
        has_sample = resource in SAMPLE
        new_id = _new_ids(desk, resource, 1)[0] if has_sample else _standing_id(desk, resource)
        path = re.sub(rf"(/{resource}/)[^/.]+", rf"\g<1>{new_id}", path, count=1)
    return (f"{path}?{query}" if query else path), body


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=f"{n}-{row['method']}-{row['route'][8:]}-{row['status']}")
        for n, row in enumerate(INTERACTIONS)
    ]
    or [pytest.param(None, id="no-recordings")],
)
def test_answer_has_the_recorded_shape(stage: tuple[Desk, Receiver], row: dict[str, Any]) -> None:
    desk, receiver = stage
    path, body = _stage_request(desk, receiver, row)
    same = [
        other["body"]
        for other in INTERACTIONS
        if all(other[key] == row[key] for key in ("method", "route", "status"))
    ]

    answer = desk.call(row["method"], path, json=body)

    assert answer.status_code == row["status"], answer.text
    mine = answer.json() if answer.content else None
    if answer.status_code >= 400:
        assert mine == row["body"]  # errors are said to the letter
    if isinstance(row["body"], dict) and isinstance(mine, dict):
        assert set(mine) == set(row["body"])
    assert list(Shape(same).differences(mine, "", nullable_fields())) == []


@pytest.mark.parametrize("name", ["x-zendesk-api-warn", "location", "content-type"])
def test_answers_bear_the_recorded_headers(stage: tuple[Desk, Receiver], name: str) -> None:
    desk, receiver = stage
    differing = []
    for row in INTERACTIONS:
        path, body = _stage_request(desk, receiver, row)
        answer = desk.call(row["method"], path, json=body)
        mine, theirs = answer.headers.get(name), row["headers"].get(name, [None])[0]
        if name == "location":  # the host and the number differ
            mine, theirs = (re.sub(r"^.*?/api|\d+", "", text or "") for text in (mine, theirs))
        if mine != theirs:
            differing.append((row["method"], row["uri"][:60], mine, theirs))

    assert differing == []
