"""What Zendesk answers when it does not do what was asked."""

from typing import Any


class Refusal(Exception):
    """An error answer: HTTP status, JSON body and extra headers."""

    def __init__(
        self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}


def not_found() -> Refusal:
    """Say that there is no such record."""
    return Refusal(404, {"error": "RecordNotFound", "description": "Not found"})


def invalid(field: str, description: str, *, code: str | None = None) -> Refusal:
    """Say that a record would be invalid because of one field."""
    detail = {"description": description}
    if code:
        detail["error"] = code
    body = {
        "error": "RecordInvalid",
        "description": "Record validation errors",
        "details": {field: [detail]},
    }
    return Refusal(422, body)


def invalid_fields(problems: list[dict[str, Any]]) -> Refusal:
    """Say that a record would be invalid because of several of its fields."""
    body = {
        "error": "RecordInvalid",
        "description": "Record validation errors",
        "details": {"base": problems},
    }
    return Refusal(422, body)


def blank(field: str) -> Refusal:
    """Say that a required field is missing."""
    title = field.replace("_", " ").capitalize()
    return invalid(field, f"{title}: cannot be blank", code="BlankValue")


def closed() -> Refusal:
    """Say that a closed ticket stays as it is."""
    return invalid("status", "Status: closed prevents ticket update")


def bad_request(error: str, description: str, **more: Any) -> Refusal:
    """Say that the request itself is wrong."""
    return Refusal(400, {"error": error, "description": description, **more})


def forbidden(description: str) -> Refusal:
    """Say that the caller may not do this."""
    return Refusal(403, {"error": "Forbidden", "description": description})


def no_access() -> Refusal:
    """Say that the caller's role does not allow this."""
    message = "You do not have access to this page. "
    message += "Please contact the account owner of this help desk for further help."
    return Refusal(403, {"error": {"title": "Forbidden", "message": message}})


def unauthenticated() -> Refusal:
    """Say that the credentials are not known."""
    return Refusal(401, {"error": "Couldn't authenticate you"})


def outdated() -> Refusal:
    """Say that a safe update came too late."""
    description = "Safe Update prevented the update due to outdated ticket data. "
    description += "Please fetch the latest ticket data and try again."
    return Refusal(409, {"error": "UpdateConflict", "description": description})
