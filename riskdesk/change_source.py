"""Chooses where the mirror hears of changes: the one place that reads the setting."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

import structlog
from sqlalchemy import Engine

from integrations.runtime.database import transaction
from integrations.runtime.errors import ConfigError, ZendeskError, ZendeskRefused
from integrations.runtime.settings import ChangeSource, Settings
from integrations.zendesk.client import ZendeskClient
from integrations.zendesk.export import Params
from sync.mirror import gaps, missing, unconfirmed
from sync.sources.exports import ZendeskExports
from sync.sources.lists import ZendeskLists
from sync.sources.reserve import kept_for_live
from sync.sources.source import AccountSource
from sync.streams.stream import SOON, Stream

log = structlog.get_logger(__name__)

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


def pace_of(settings: Settings) -> float:
    """Return by how much the setting stretches the moments between two pulls of a stream."""
    return settings.sync_interval / SOON


def change_source(settings: Settings, client: ZendeskClient) -> AccountSource:
    """Return the source of pages for the account of the settings."""
    source = SOURCES[settings.change_source]
    leave = kept_for_live(source.streams, pace=pace_of(settings))
    return source(client.session, leave=leave)


def streams_of(settings: Settings) -> tuple[Sequence[Stream], Mapping[str, str]]:
    """Return the streams that the account can have, and why others are missing, by name."""
    source = SOURCES[settings.change_source]
    return source.streams, source.missing


def settle(source: AccountSource, engine: Engine) -> None:
    """Find out, after a run, what became of tickets that were called gone or not told of."""
    try:
        unconfirmed.confirm(engine, source.show_tickets, now=source.server_time())
    except ZendeskError as error:
        log.warning("deletions_wait_to_be_confirmed", error=type(error).__name__)
    if not isinstance(source, ZendeskLists):
        return
    try:
        missing.settle(engine, source.show_tickets)
    except ZendeskError as error:
        log.warning("missing_tickets_wait", error=type(error).__name__)
    with transaction(engine) as connection:
        gaps.note_gaps(connection)


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
