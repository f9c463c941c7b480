"""zenpy on our session: one client object per account, whatever the account's address."""

import logging
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeVar

from zenpy import Zenpy
from zenpy.lib.api import BaseApi
from zenpy.lib.exception import ZenpyException

from integrations.runtime.errors import ZendeskRefused
from integrations.zendesk.failures import unreadable
from integrations.zendesk.session import TIMEOUT_S, ZendeskSession

LOOK_UP = "_get_"  # zenpy's name for what an attribute such as `ticket.requester` calls

T = TypeVar("T")


def build_zenpy(session: ZendeskSession) -> Zenpy:
    """Return a zenpy client without cache that talks through the session to its address."""
    logging.getLogger("zenpy").setLevel(logging.WARNING)  # its debug lines print whole tickets
    zenpy = Zenpy(
        subdomain="account",  # must not be empty; the address comes from the session
        session=session,
        anonymous=True,  # the session signs each request
        timeout=TIMEOUT_S,
        disable_cache=True,
    )
    for api in vars(zenpy).values():
        _adapt(api, session.base.netloc)
    return zenpy


def _adapt(api: object, netloc: str) -> None:
    """Give this one API object, and those inside it, the account's host and port, and no look-ups.

    zenpy knows only `subdomain.domain`, which neither `localhost:8080` nor an address with a
    colon fits, or environment variables, which would redirect every client in the process. And
    it asks Zendesk unseen when somebody touches an attribute such as `ticket.requester`.
    """
    if not isinstance(api, BaseApi):
        return
    for part in vars(api).values():
        _adapt(part, netloc)
    cls = type(api)
    looks_up = {name: _no_hidden_call for name in dir(cls) if name.startswith(LOOK_UP)}
    api.__class__ = type(cls.__name__, (cls,), {"base_url": netloc, **looks_up})


def _no_hidden_call(_api: object, *_ids: object) -> NoReturn:
    """Refuse what zenpy's objects do when an attribute is touched."""
    raise ZendeskRefused(
        "An attribute of a zenpy object would have asked Zendesk unseen; nothing was sent.",
        hint="take the id (`ticket.requester_id`) and ask for it: `client.user(...)`.",
    )


def one(method: str, path: str, call: Callable[[], Any]) -> dict[str, Any]:
    """Return the record that a zenpy call answers with, as a plain dict."""
    return _understood(method, path, lambda: _plain(call()))


def many(path: str, call: Callable[[], Iterable[Any]]) -> list[dict[str, Any]]:
    """Return every record of a zenpy list, all pages, as plain dicts."""
    return _understood("GET", path, lambda: [_plain(record) for record in call()])


def _plain(record: Any) -> dict[str, Any]:
    fields: dict[str, Any] = record.to_dict()
    return fields


def _understood(method: str, path: str, call: Callable[[], T]) -> T:
    """Run it; an answer that zenpy cannot map becomes our error, without the answer's text."""
    try:
        return call()
    except (ZenpyException, AttributeError, KeyError, TypeError, ValueError):
        raise unreadable(method, path) from None
