"""What was deleted, and deleting a person for good."""

from collections.abc import Iterator
from typing import Any

from integrations.runtime.errors import RecordGone
from integrations.zendesk.export import Page, list_export
from integrations.zendesk.failures import record_in
from integrations.zendesk.session import ZendeskSession


class Deletions:
    """Deleted tickets, which Zendesk keeps for thirty days, and the permanent deletion of users."""

    def __init__(self, session: ZendeskSession) -> None:
        self._session = session

    def tickets(self) -> Iterator[Page]:
        """Yield the pages of the deleted tickets: id, subject, who deleted it and when."""
        return list_export(self._session, "/api/v2/deleted_tickets.json", "deleted_tickets")

    def user_for_good(self, user_id: int) -> None:
        """Delete a user and then all that is personal of them; nothing brings it back.

        Can be called again after any failure; RecordGone when there never was such a user.
        """
        if self._is_active(user_id):
            self._delete(f"/api/v2/users/{user_id:d}.json", lambda: not self._is_active(user_id))
        self._delete(f"/api/v2/deleted_users/{user_id:d}.json", lambda: self._is_erased(user_id))

    def _delete(self, path: str, is_done: Any) -> None:
        def send() -> bool:
            self._session.write("DELETE", path)
            return True

        self._session.patience.settle(send, lambda: True if is_done() else None)

    def _is_active(self, user_id: int) -> bool:
        path = f"/api/v2/users/{user_id:d}.json"
        return record_in(self._session.read(path), "user", "GET", path).get("active") is True

    def _is_erased(self, user_id: int) -> bool:
        path = f"/api/v2/deleted_users/{user_id:d}.json"
        try:
            user = record_in(self._session.read(path), "deleted_user", "GET", path)
        except RecordGone:
            return True
        return user.get("permanently_deleted") is True
