"""`riskdesk up`: web, worker and scheduler in one process."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import uvicorn
from filelock import FileLock, Timeout

from automations.pipeline import lease
from integrations.runtime.broker import EMBEDDED_URL, EmbeddedWorker, check_broker
from integrations.runtime.database import check_database
from integrations.runtime.errors import ServiceUnavailable
from integrations.runtime.settings import Settings
from riskdesk.desk import SWEEP_INTERVAL, Desk, build_desk
from riskdesk.schedule import Repeater
from riskdesk.web import build_app
from sync.migrations.upgrade import upgrade


def run_up(settings: Settings, *, host: str, port: int) -> None:
    """Run until interrupted; raises RiskdeskError, before anything starts, for what is missing."""
    settings.require("zendesk_url", "webhook_secrets")
    desk = build_desk(settings)
    with _bound_socket(host, port) as listener:
        check_database(desk.engine)  # first: taking the lock would create a folder that is missing
        with _alone_on(desk) as is_alone:
            check_broker(desk.celery)
            desk.zendesk.me()  # refused credentials show now, not at the first complaint
            upgrade(desk.engine)
            if is_alone:
                # Whoever held a lease on this database was killed: the lock file proves it.
                lease.release_all(desk.engine)
            with _background(desk):
                app = build_app(settings, desk.engine, desk.poke)
                server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
                server.run(sockets=[listener])


@contextmanager
def _bound_socket(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port first, so that a second start fails before it touches anything."""
    with closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise ServiceUnavailable(
                f"Port {port} on {host} cannot be used: {error.strerror}.",
                hint="stop the program that uses it, or choose another with --port.",
            ) from None
        yield listener


@contextmanager
def _alone_on(desk: Desk) -> Iterator[bool]:
    """Hold the lock file of a SQLite database: one `riskdesk up` a file.

    Yields whether this process is certainly the only worker; on a server nobody can know.
    """
    file = desk.engine.url.database
    if desk.engine.dialect.name != "sqlite" or not file:
        yield False
        return
    try:
        with FileLock(f"{file}.lock", timeout=0):
            yield desk.settings.broker_url.startswith(EMBEDDED_URL)
    except Timeout:
        raise ServiceUnavailable(
            f"Another riskdesk is running on the database {file}.",
            hint="stop it, or set RISKDESK_DATABASE_URL to another file or to PostgreSQL.",
        ) from None


@contextmanager
def _background(desk: Desk) -> Iterator[None]:
    """Run worker, sweep and sync beside the web server."""
    worker = EmbeddedWorker(desk.celery)
    worker.start()
    desk.sweep(patience=timedelta(0))  # what a killed process left behind
    repeaters = [
        Repeater("sweep", desk.sweep, pause=SWEEP_INTERVAL),
        Repeater("sync", desk.mirroring.a_while, pause=desk.mirroring.tick),
    ]
    for repeater in repeaters:
        repeater.start()
    try:
        yield
    finally:
        for repeater in repeaters:
            repeater.stop()
        worker.stop()
