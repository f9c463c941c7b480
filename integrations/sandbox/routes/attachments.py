"""Attachments: files are uploaded here and named in a comment later."""

from typing import Any

from integrations.sandbox.state.refusals import blank
from integrations.sandbox.wire.call import Answer, Call, Route, no_content

YES = ("true", "1")


def _upload(call: Call) -> Answer:
    name = call.query.get("filename", "").strip()
    if not name:
        raise blank("filename")
    file: dict[str, Any] = {
        "file_name": name.replace("\\", "/").rsplit("/", 1)[-1],
        "content_type": _content_type(call),
        "inline": call.query.get("inline", "").lower() in YES,
    }
    upload = call.account.files.upload(
        file, call.content, base=call.base, token=call.query.get("token", "")
    )
    shown = {
        "token": upload.token,
        "expires_at": upload.expires_at,
        "attachments": upload.attachments,
        "attachment": upload.attachments[-1],
    }
    return Answer({"upload": shown}, 201)


def _content_type(call: Call) -> str:
    """Return the kind of file that the client names, without parameters and odd characters."""
    named = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    return named if named.isascii() and named.isprintable() else ""


def _discard(call: Call) -> Answer:
    call.account.files.discard(str(call.params[0]))
    return no_content()


def _show(call: Call) -> Answer:
    return Answer({"attachment": call.account.files.get(call.id)})


def _update(call: Call) -> Answer:
    """Let agents open a file that was found to be malware, or forbid it again."""
    attachment = call.account.files.get(call.id)
    asked = call.wrapped("attachment")
    call.warn("attachment", asked, frozenset(("malware_access_override",)))
    if "malware_access_override" in asked:
        attachment["malware_access_override"] = asked["malware_access_override"] in (True, *YES)
    return Answer({"attachment": attachment})


NAME = "attachments"
ROUTES = (
    Route(
        *("POST", "uploads", _upload, "uploads", "create", "attachments"),
        open_to_end_users=True,
        takes_files=True,
    ),
    Route("DELETE", "uploads/{key}", _discard, "uploads", "destroy", open_to_end_users=True),
    Route("GET", "attachments/{id}", _show, NAME, "show", NAME),
    Route("PUT", "attachments/{id}", _update, NAME, "update"),
)
