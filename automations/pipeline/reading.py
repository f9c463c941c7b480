"""Reads tickets from Zendesk for the pipeline, which never gets to see a secret in them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import Engine, RowMapping

from automations.actions.executor import Record, TicketWriter
from automations.pipeline.directory import AccountReader, Directory
from automations.pipeline.record import Found
from integrations.redaction.keys import redactor_of
from integrations.runtime.database import reading
from integrations.runtime.errors import RecordGone
from integrations.webhooks import repository as inbox
from sync.mirror import intake
from sync.warehouse.history import COMMENT_KINDS


class Zendesk(TicketWriter, AccountReader, Protocol):
    """The little piece of the Zendesk client that the pipeline needs."""

    def ticket(self, ticket_id: int) -> Record:
        """Return the ticket as it is now; RecordGone when it vanished."""

    def audits(self, ticket_id: int) -> list[Record]:
        """Return all audits of the ticket, oldest first."""

    def user(self, user_id: int) -> Record:
        """Return a user."""

    def server_time(self) -> datetime | None:
        """Return Zendesk's own clock as of its newest answer."""


def leaking_places(
    ticket: Record, shown: Record, audits: Sequence[Record], told: Sequence[Record]
) -> list[str]:
    """Return which comments, by their ids, and parts of a ticket lost secrets as it was read."""
    names = {"subject": ("subject", "raw_subject"), "fields": ("custom_fields",)}
    places = [
        place
        for place, keys in names.items()
        if any(ticket.get(key) != shown.get(key) for key in keys)
    ]
    for audit, safe in zip(audits, told, strict=True):
        for event, kept in zip(audit.get("events") or (), safe.get("events") or (), strict=True):
            if event.get("type") in COMMENT_KINDS and event != kept:
                places.append(str(kept.get("id")))
    return places


class Reader:
    """Reads what deliveries tell of, once for all of them."""

    def __init__(
        self,
        engine: Engine,
        zendesk: Zendesk,
        directory: Directory,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._zendesk = zendesk
        self._directory = directory
        self._clock = clock

    def read(self, ticket_id: int, deliveries: Sequence[RowMapping]) -> Found:
        """Return the ticket with its audits, without secrets; RecordGone when it vanished."""
        ticket = self._zendesk.ticket(ticket_id)
        if ticket.get("status") == "deleted":
            raise RecordGone("The ticket was deleted.", hint="nothing; it is recorded.", status=404)
        now = self.zendesk_now()  # what is stored was true then; the audits are no older
        audits = self._zendesk.audits(ticket_id)
        without_secrets = redactor_of(self._engine).value
        shown, told = without_secrets(ticket), without_secrets(audits)
        return Found(
            ticket=shown,
            audits=told,
            deliveries=deliveries,
            zendesk_now=now,
            leaking=leaking_places(ticket, shown, audits, told),
        )

    def name_of(self, user_id: int) -> str:
        """Return a user's name, empty when there is none."""
        name = str(self._zendesk.user(user_id).get("name") or "")
        return redactor_of(self._engine).text(name)

    def zendesk_now(self) -> datetime:
        """Return Zendesk's clock: SLA clocks and the mirror must not depend on this machine's."""
        return self._zendesk.server_time() or self._clock()

    def known(self, ticket_id: int, waiting: Sequence[RowMapping]) -> list[int]:
        """Return the ids of the deliveries that tell nothing new; the ticket is not read."""
        with reading(self._engine) as connection:
            seen = intake.handled_version(connection, ticket_id)
        return [row["id"] for row in waiting if self._is_known(row, seen)]

    def _is_known(self, delivery: RowMapping, seen: datetime | None) -> bool:
        """Tell whether the newest state the desk worked on includes what the delivery tells of.

        Zendesk's stamps are whole seconds: within the same second only our own changes are known
        for sure, because their answer was mirrored.
        """
        happened = delivery["happened_at"]
        if seen is None or happened is None or delivery["outcome"] == inbox.REPLAYED:
            return False
        happened = happened.replace(microsecond=0)
        own = delivery["actor_id"] == self._directory.look().own_id
        return bool(happened < seen or (own and happened == seen))
