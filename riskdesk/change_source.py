"""Chooses where the mirror hears of changes: the one place that reads the setting."""

from collections.abc import Mapping
from http import HTTPStatus

from integrations.runtime.errors import ConfigError, ZendeskRefused
from integrations.runtime.settings import ChangeSource, Settings
from integrations.zendesk.client import ZendeskClient
from integrations.zendesk.export import Params
from sync.sources.exports import ZendeskExports
from sync.sources.lists import ZendeskLists
from sync.sources.source import PageSource

SOURCES = {ChangeSource.EXPORT: ZendeskExports, ChangeSource.LISTS: ZendeskLists}
ARCHIVED: Params = {"filter[type]": "ticket", "query": "status:closed", "page[size]": 1}
# One record of each is enough to know that the account may read them.
ASKED: Mapping[ChangeSource, Mapping[str, Params]] = {
    ChangeSource.EXPORT: {
        "/api/v2/incremental/tickets/cursor.json": {"start_time": 0, "per_page": 1},
    },
    ChangeSource.LISTS: {
        "/api/v2/tickets.json": {"sort": "updated_at", "page[size]": 1},
        "/api/v2/deleted_tickets.json": {"sort": "deleted_at", "page[size]": 1},
        "/api/v2/ticket_audits.json": {"page[size]": 1},
        "/api/v2/search/export.json": ARCHIVED,
    },
}
NOT_FOR_THIS_ACCOUNT = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


def change_source(settings: Settings, client: ZendeskClient) -> PageSource:
    """Return the source of pages for the account of the settings."""
    source = SOURCES[settings.change_source]
    return source(client.session)


def check_change_source(settings: Settings, client: ZendeskClient) -> str:
    """Read a record in each way that the source needs; ConfigError when Zendesk forbids one."""
    for path, params in ASKED[settings.change_source].items():
        try:
            client.session.read(path, params)
        except ZendeskRefused as error:
            if error.status not in NOT_FOR_THIS_ACCOUNT:
                raise
            raise ConfigError(
                f"Zendesk does not let this account read {path} ({error.status}).",
                hint=_hint(settings.change_source),
            ) from None
    return f"changes are read by {settings.change_source}"


def _hint(source: ChangeSource) -> str:
    if source is ChangeSource.EXPORT:
        return "set RISKDESK_CHANGE_SOURCE=lists; docs/change_sources.md says what that costs."
    return "give the OAuth client read scope, and its user an admin role."
