"""Celery: pokes workers with ticket ids; the work itself lives in the database."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from os import EX_OK
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from celery import Celery
from celery.worker import WorkController
from celery.worker import state as worker_state
from kombu.exceptions import OperationalError

from integrations.runtime.errors import ConfigError, ServiceUnavailable
from integrations.runtime.settings import Settings

EMBEDDED_URL = "memory://"
_SCHEMES = ("memory://", "amqp://", "amqps://", "redis://", "rediss://")
_POLLING_S = 0.01  # kombu's default of 1 s would be the whole latency of the embedded mode
_STOP_S = 30.0
_QUIET_S = 5.0  # after a failed poke; the sweep pokes again anyway
# One more try at once; kombu's default sleeps seconds before it says that nobody listens.
_ONE_MORE_TRY = {"max_retries": 1, "interval_start": 0, "interval_step": 0}

log = structlog.get_logger(__name__)


def create_celery(settings: Settings) -> Celery:
    """Build the Celery app for the broker of the settings; does not connect yet.

    Raises ConfigError for a broker that the design does not know.
    """
    url = settings.broker_url
    if not _is_usable(url):
        raise ConfigError(
            "RISKDESK_BROKER_URL is not a broker address that riskdesk can use.",
            hint="use memory:// (one process), amqp://… (RabbitMQ) or redis://….",
        )
    # kombu complains, at every connection, about a memory address without a host.
    broker = "memory://localhost/" if url == EMBEDDED_URL else url
    app = Celery("riskdesk", broker=broker, set_as_current=False)
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_default_queue=settings.queue,
        task_default_exchange=settings.queue,
        task_default_routing_key=settings.queue,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=4,
        task_publish_retry=False,  # the sweep publishes again what could not be published
        broker_transport_options=_transport_options(url),
        enable_utc=True,
    )
    if url.startswith("amqp"):
        # A quorum queue survives the loss of a RabbitMQ node; a classic queue does not.
        app.conf.update(task_default_queue_type="quorum", worker_detect_quorum_queues=True)
    return app


def _is_usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0
    except ValueError:  # the port is no number
        return False
    number = parts.path.strip("/") if parts.scheme.startswith("redis") else ""
    return url.startswith(_SCHEMES) and has_port and (number.isdecimal() or not number)


def _transport_options(url: str) -> dict[str, Any]:
    if url.startswith("memory"):
        return {"polling_interval": _POLLING_S}
    if url.startswith("amqp"):
        return {"confirm_publish": True, **_ONE_MORE_TRY}
    timeouts = {"visibility_timeout": 600, "socket_timeout": 4, "socket_connect_timeout": 4}
    return {**timeouts, **_ONE_MORE_TRY}


def _failures(app: Celery) -> tuple[type[Exception], ...]:
    """Return what a broker that is down, or refuses us, makes its client library raise."""
    connection = app.connection_for_write()
    return (
        OperationalError,
        OSError,
        *connection.connection_errors,
        *connection.channel_errors,
    )


def check_broker(app: Celery) -> None:
    """Raise ServiceUnavailable, in two lines, when the broker cannot be reached."""
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=4)
    except _failures(app) as error:
        raise ServiceUnavailable(
            f"The broker {app.connection_for_write().as_uri()} cannot be used.",
            hint=f"check RISKDESK_BROKER_URL and that the server runs ({type(error).__name__}).",
        ) from None


def poker(app: Celery, task: str) -> Callable[[int], None]:
    """Return a function that asks some worker to run `task` for a ticket; it never fails.

    After a failure it keeps quiet for a while, so that a dead broker does not hold up its callers:
    the row waits in the database, and the sweep pokes again when the broker is back.
    """
    failures = _failures(app)
    quiet_until = 0.0

    def poke(ticket_id: int) -> None:
        nonlocal quiet_until
        if time.monotonic() < quiet_until:
            return
        try:
            app.send_task(task, args=[ticket_id])
        except failures as error:
            quiet_until = time.monotonic() + _QUIET_S
            log.warning("poke_failed", ticket_id=ticket_id, error=type(error).__name__)

    return poke


class EmbeddedWorker:
    """A Celery worker in a thread of this process, for `riskdesk up` and the demo."""

    def __init__(self, app: Celery, *, concurrency: int = 4) -> None:
        self._app = app
        self._ready = threading.Event()
        # The pool's threads look tasks up in the process's default app, whoever consumes them.
        app.set_default()
        # WorkController, unlike the worker command, leaves this process's signals alone.
        self._controller = WorkController(
            app=app,
            hostname=f"embedded-{uuid4().hex}",  # a shutdown must reach no other worker
            pool_cls="threads",
            concurrency=concurrency,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            loglevel="WARNING",
            ready_callback=lambda _consumer: self._ready.set(),
        )
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self, *, timeout_s: float = 30) -> None:
        """Start consuming; return when the worker is ready."""
        self._thread.start()
        if not self._ready.wait(timeout_s):
            raise ServiceUnavailable(
                "The embedded worker did not start.", hint="run `riskdesk doctor`."
            )

    def stop(self) -> None:
        """Finish the tasks at hand, then end the thread.

        The worker's own thread has to end it: two threads on one broker connection may wait for
        each other's answers for ever. So it gets a message, and a flag in case the broker is gone.
        """
        worker_state.should_stop = EX_OK
        with suppress(*_failures(self._app)):
            self._app.control.broadcast(
                "shutdown",
                destination=[self._controller.hostname],
                arguments={"msg": "The embedded worker ends."},
            )
        self._thread.join(timeout=_STOP_S)
        worker_state.should_stop = None

    def _run(self) -> None:
        with suppress(SystemExit):
            self._controller.start()
