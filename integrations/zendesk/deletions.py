"""What was deleted, and deleting a person for good."""

from collections.abc import Callable, Iterator

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

        Zendesk takes days for the second step. Can be called again after any failure.
        """
        if self._is_being_erased(user_id):
            return
        if self._is_active(user_id):
            self._delete(f"/api/v2/users/{user_id:d}.json", lambda: not self._is_active(user_id))
        path = f"/api/v2/deleted_users/{user_id:d}.json"
        self._delete(path, lambda: self._is_being_erased(user_id))

    def _delete(self, path: str, is_done: Callable[[], bool]) -> None:
        def send() -> bool:
            self._session.write("DELETE", path)
            return True

        self._session.patience.settle(send, lambda: True if is_done() else None)

    def _is_active(self, user_id: int) -> bool:
        path = f"/api/v2/users/{user_id:d}.json"
        return record_in(self._session.read(path), "user", "GET", path).get("active") is True

    def _is_being_erased(self, user_id: int) -> bool:
        """Tell whether the permanent deletion was asked for; Zendesk keeps its steps on record."""
        path = f"/api/v2/users/{user_id:d}/compliance_deletion_statuses.json"
        try:
            return bool(self._session.read(path).get("compliance_deletion_statuses"))
        except RecordGone:
            return False
