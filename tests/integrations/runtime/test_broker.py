import queue
import socket
from collections.abc import Iterator

import pytest
from celery import Celery

from integrations.runtime.broker import EmbeddedWorker, check_broker, create_celery, poker
from integrations.runtime.errors import ConfigError, ServiceUnavailable
from integrations.runtime.settings import Settings
from tests.support.services import BROKERS, fresh_celery

TASK = "tests.remember"


def make_app(url: str) -> Celery:
    return create_celery(Settings(broker_url=url, queue="test_unused"))


@pytest.fixture
def nobody() -> Iterator[str]:
    """Give an address of this machine at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but it does not listen: connections are refused
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize("kind", BROKERS)
def test_an_embedded_worker_runs_all_that_is_poked_whatever_fails_in_between(kind: str) -> None:
    """Each broker's app has a task of the same name: no app may run another's."""
    seen: queue.Queue[int] = queue.Queue()

    def remember(ticket_id: int) -> None:
        seen.put(ticket_id)
        if ticket_id == 1:
            raise ValueError("a ticket that fails")

    with fresh_celery(kind) as app:
        app.task(name=TASK, shared=False)(remember)
        poke = poker(app, TASK)
        poke(1)  # before the worker starts
        worker = EmbeddedWorker(app, concurrency=1)
        worker.start()
        try:
            poke(8447388090494)
            worked_on = {seen.get(timeout=20) for _ in range(2)}
        finally:
            worker.stop()

    assert worked_on == {1, 8447388090494}
    assert not worker._thread.is_alive()


def test_rabbitmq_keeps_the_queue_on_several_nodes() -> None:
    with fresh_celery("rabbitmq") as app:
        poker(app, TASK)(17)
        with app.connection_for_write() as connection:
            name = app.conf.task_default_queue
            kind = {"x-queue-type": "quorum"}  # RabbitMQ refuses to declare it as another kind
            declared = connection.default_channel.queue_declare(
                name, durable=True, auto_delete=False, arguments=kind
            )

    assert declared.message_count == 1


@pytest.mark.parametrize("scheme", ["amqp", "redis"])
def test_a_broker_that_is_down_is_told_in_two_lines(nobody: str, scheme: str) -> None:
    with pytest.raises(ServiceUnavailable) as caught:
        check_broker(make_app(f"{scheme}://desk:hush-hush@{nobody}/"))

    assert nobody in caught.value.message
    assert "hush-hush" not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 2


def test_a_wrong_password_is_told_without_showing_it() -> None:
    with fresh_celery("rabbitmq"):
        address = BROKERS["rabbitmq"].rpartition("@")[2]

    with pytest.raises(ServiceUnavailable) as caught:
        check_broker(make_app(f"amqp://guest:hush-hush@{address}"))

    assert "AccessRefused" in caught.value.hint
    assert "hush-hush" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["amqp", "redis"])
def test_a_poke_into_the_void_is_no_error(nobody: str, scheme: str) -> None:
    poke = poker(make_app(f"{scheme}://{nobody}/"), TASK)

    poke(17)
    poke(18)  # keeps quiet: its caller must not wait for a dead broker again and again


def test_a_poke_that_is_refused_is_no_error() -> None:
    with fresh_celery("rabbitmq"):
        address = BROKERS["rabbitmq"].rpartition("@")[2]

    poker(make_app(f"amqp://guest:wrong@{address}"), TASK)(17)


def test_after_a_failed_poke_the_next_ones_are_left_to_the_sweep_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    tried: list[int] = []
    app = make_app("memory://")
    monkeypatch.setattr("integrations.runtime.broker.time.monotonic", lambda: now[0])

    def refuse(_task: str, *, args: list[int]) -> None:
        tried.extend(args)
        raise ConnectionRefusedError

    monkeypatch.setattr(app, "send_task", refuse)
    poke = poker(app, TASK)
    for ticket_id, seconds in ((1, 0.0), (2, 4.9), (3, 0.2)):
        now[0] += seconds
        poke(ticket_id)

    assert tried == [1, 3]


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("", id="empty"),
        pytest.param("rabbit", id="a word"),
        pytest.param("http://127.0.0.1/", id="the web"),
        pytest.param("sqla+sqlite:///broker.db", id="a broker that loses tasks"),
        pytest.param("amqp://127.0.0.1:port//", id="the port is a word"),
        pytest.param("amqp://127.0.0.1:99999//", id="there is no such port"),
        pytest.param("redis://127.0.0.1:6379/desk", id="redis numbers its databases"),
        pytest.param("redis://[::1/0", id="half an address"),
    ],
)
def test_what_is_no_usable_broker_is_a_wrong_setting(url: str) -> None:
    with pytest.raises(ConfigError, match="RISKDESK_BROKER_URL"):
        make_app(url)
