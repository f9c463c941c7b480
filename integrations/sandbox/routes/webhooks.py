"""Webhooks: what is subscribed, and the secrets with which deliveries are signed."""

from typing import Any

from integrations.sandbox.routes.webhook_pages import plain, webhook_page
from integrations.sandbox.state.refusals import bad_request
from integrations.sandbox.state.store import Record
from integrations.sandbox.state.webhooks.events import nanoseconds
from integrations.sandbox.wire.call import Answer, Call, Route, no_content

PLAIN_JSON = "application/json"
SORTS = ("name", "status")


def webhook_of(call: Call) -> Record:
    """Return the webhook that the path names."""
    return call.account.webhooks.store.get(call.params[0])


def _index(call: Call) -> Answer:
    found = list(reversed(call.account.webhooks.store.all()))
    wanted = call.query.get("filter[name_contains]", "").lower()
    status = call.query.get("filter[status]")
    found = [
        webhook
        for webhook in found
        if wanted in webhook["name"].lower() and status in (None, "", webhook["status"])
    ]
    chosen, tail = webhook_page(call, _sorted(call, found))
    if not tail["meta"]["has_more"] and len(chosen) == len(found):
        tail = {"meta": {"has_more": False}}  # recorded: a list that fits has no cursors
    return plain({"webhooks": chosen} | tail)


def _sorted(call: Call, webhooks: list[Record]) -> list[Record]:
    sort = call.query.get("sort", "")
    if not sort:
        return webhooks
    field = sort.removeprefix("-")
    if field not in SORTS:
        raise bad_request("InvalidSortParameter", "sort is not valid")
    return sorted(webhooks, key=lambda one: str(one[field]), reverse=sort.startswith("-"))


def _show(call: Call) -> Answer:
    return plain({"webhook": webhook_of(call)})


def _create(call: Call) -> Answer:
    webhooks = call.account.webhooks
    copied = call.query.get("clone_webhook_id")
    if copied:
        webhook = webhooks.clone(webhooks.store.get(copied), call.actor["id"])
    else:
        webhook = webhooks.create(call.wrapped("webhook"), call.actor["id"])
    moment = nanoseconds(call.account.clock.now(), 0)
    return plain({"webhook": webhook | {"created_at": moment}}, 201)


def _replace(call: Call) -> Answer:
    return _changed(call, replace=True)


def _patch(call: Call) -> Answer:
    return _changed(call, replace=False)


def _changed(call: Call, *, replace: bool) -> Answer:
    asked = call.wrapped("webhook")
    call.account.webhooks.change(webhook_of(call), asked, call.actor["id"], replace=replace)
    return no_content(PLAIN_JSON)


def _destroy(call: Call) -> Answer:
    call.account.webhooks.store.remove(call.params[0])
    return no_content(PLAIN_JSON)


def _secret(call: Call) -> Answer:
    return _shown_secret(call.account.webhooks.secret(call.params[0]))


def _rotate(call: Call) -> Answer:
    return _shown_secret(call.account.webhooks.rotate_secret(call.params[0]), 201)


def _shown_secret(secret: str, status: int = 200) -> Answer:
    shown: dict[str, Any] = {"signing_secret": {"secret": secret, "algorithm": "SHA256"}}
    return plain(shown, status)


NAME = "webhooks"
SECRET = "webhooks/{key}/signing_secret"  # noqa: S105 - a path
ROUTES = (
    Route("GET", NAME, _index, NAME, "index"),
    Route("POST", NAME, _create, NAME, "create"),
    Route("GET", "webhooks/{key}", _show, NAME, "show"),
    Route("PUT", "webhooks/{key}", _replace, NAME, "update"),
    Route("PATCH", "webhooks/{key}", _patch, NAME, "update"),
    Route("DELETE", "webhooks/{key}", _destroy, NAME, "destroy"),
    Route("GET", SECRET, _secret, NAME, "show_signing_secret"),
    Route("POST", SECRET, _rotate, NAME, "reset_signing_secret"),
)
