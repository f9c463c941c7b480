"""Builds the client for the account of the settings, with what its processes share."""

from integrations.runtime.settings import Settings
from integrations.zendesk.auth import choose_login
from integrations.zendesk.budgets import limits
from integrations.zendesk.client import ZendeskClient
from integrations.zendesk.ledger import OwnLedger
from integrations.zendesk.meeting_point import MeetingPoint
from integrations.zendesk.session import ZendeskSession
from integrations.zendesk.shared_ledger import SharedLedger


def connect(settings: Settings) -> ZendeskClient:
    """Return a client for the account of the settings; nothing is sent before its first call."""
    settings.require("zendesk_url")
    meeting_point = MeetingPoint(settings.database_url)
    budgets = limits(
        requests=settings.requests_per_minute,
        exports=settings.export_requests_per_minute,
        ticket_updates=settings.ticket_updates_per_minute,
    )
    return ZendeskClient(
        ZendeskSession(
            str(settings.zendesk_url),
            choose_login(settings, meeting_point),
            budgets=budgets,
            ledger=SharedLedger(meeting_point, OwnLedger()),
        )
    )
