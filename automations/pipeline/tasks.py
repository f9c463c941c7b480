"""Celery's edge of the pipeline: ids in, one call."""

from collections.abc import Callable

from celery import Celery

HANDLE_TICKET = "pipeline.handle_ticket"
SWEEP = "pipeline.sweep"


def register(app: Celery, *, handle: Callable[[int], None], sweep: Callable[[], object]) -> None:
    """Give the app its tasks. Retries are due times in the database, so none are set here."""

    @app.task(name=HANDLE_TICKET, shared=False)  # type: ignore[untyped-decorator]
    def handle_ticket(ticket_id: int) -> None:
        handle(ticket_id)

    @app.task(name=SWEEP, shared=False)  # type: ignore[untyped-decorator]
    def sweep_unfinished() -> None:
        sweep()
