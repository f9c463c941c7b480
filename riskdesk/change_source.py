"""Chooses where the mirror hears of changes: the one place that reads the setting."""

from integrations.runtime.settings import Settings
from integrations.zendesk.client import ZendeskClient
from sync.sources.exports import ZendeskExports
from sync.sources.source import PageSource


def change_source(_settings: Settings, client: ZendeskClient) -> PageSource:
    """Return the source of pages for the account of the settings."""
    return ZendeskExports(client.session)
