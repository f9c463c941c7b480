"""Brokers for tests: the embedded one always, RabbitMQ and Redis where they answer."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from celery import Celery

from integrations.runtime.broker import check_broker, create_celery
from integrations.runtime.errors import ServiceUnavailable
from integrations.runtime.settings import Settings
from tests.support.shared import SERVICES_REQUIRED

BROKERS = {
    "embedded": "memory://",
    "rabbitmq": os.environ.get("RISKDESK_TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//"),
    "redis": os.environ.get("RISKDESK_TEST_REDIS_URL", "redis://127.0.0.1:6379/0"),
}


@contextmanager
def fresh_celery(kind: str) -> Iterator[Celery]:
    """Open a Celery app on a queue of its own; delete the queue at the end.

    Skips when the broker does not answer, or fails where services are required.
    """
    app = create_celery(Settings(broker_url=BROKERS[kind], queue=f"test_{uuid4().hex}"))
    try:
        check_broker(app)
    except ServiceUnavailable as error:
        if SERVICES_REQUIRED:
            pytest.fail(error.message)
        pytest.skip(error.message)
    try:
        yield app
    finally:
        _delete_queue(app)
        app.close()


def _delete_queue(app: Celery) -> None:
    name = app.conf.task_default_queue
    with app.connection_for_write() as connection, connection.channel() as channel:
        channel.queue_delete(name)
        if connection.transport.driver_type == "amqp":
            channel.exchange_delete(name)
        elif connection.transport.driver_type == "redis":  # kombu keeps what led to the queue
            leftovers = ("_kombu.binding", "_kombu.binding_permanent")
            channel.client.delete(*(f"{kind}.{name}" for kind in leftovers))
