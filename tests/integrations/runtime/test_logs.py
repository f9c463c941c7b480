import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from integrations.runtime.logs import HIDDEN, clean, configure_logs, redact, strip_controls
from integrations.runtime.settings import Settings

Lines = Callable[[], list[str]]


def redacted(**fields: Any) -> dict[str, Any]:
    return dict(redact(None, "info", dict(fields)))


@pytest.mark.parametrize(
    "private",
    [
        pytest.param("ana.li+x@mail.example.com", id="e-mail"),
        pytest.param("安娜@例子.公司", id="Chinese e-mail"),
        pytest.param("Bearer abcdef123456", id="bearer token"),
        pytest.param("Basic dXNlcjpwYXNz", id="basic login"),
        pytest.param("desk:hush-hush@", id="login in a URL"),
        pytest.param("hunter2", id="password"),
        pytest.param("0x52908400098527886E0F7030069857D2E4169EE7", id="Ethereum address"),
        pytest.param("52908400098527886e0f7030069857d2e4169ee7" + "0" * 24, id="transaction"),
        pytest.param("1BoatSLRHtKNngkdXEeobR76b53LETtpyT", id="Bitcoin address"),
        pytest.param("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", id="bech32 address"),
        pytest.param("TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", id="Tron address"),
        pytest.param("+8613800138000", id="phone with country"),
        pytest.param("+44 20 7946 0958", id="phone with country and spaces"),
        pytest.param("13800138000", id="Chinese mobile"),
        pytest.param("138-0013-8000", id="Chinese mobile in groups"),
        pytest.param("(555) 010-4477", id="American phone"),
    ],
)
def test_secrets_and_personal_data_are_hidden_in_any_text(private: str) -> None:
    before = {"hunter2": "password=", "desk:hush-hush@": "amqp://"}.get(private, "see ")

    text = clean(f"{before}{private} on ticket 17")

    assert private not in text
    assert HIDDEN in text
    assert text.endswith(" on ticket 17") or "@" in private


@pytest.mark.parametrize(
    "url",
    ["redis://:hush@mq:6379/0", "postgresql://desk:hu:sh@db/desk", "amqp://desk:hu@sh@mq//"],
    ids=["no user", "colon in the password", "at sign in the password"],
)
def test_a_url_shows_its_host_and_not_its_login(url: str) -> None:
    shown = clean(f"cannot reach {url}")

    assert "hu" not in shown
    assert "mq" in shown or "db" in shown


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ticket 8447388090494 was read", id="13-digit id"),
        pytest.param("user 844738809049412 is unknown", id="15-digit id"),
        pytest.param("2026-03-03T12:00:00.123456Z", id="instant"),
        pytest.param("2026-03-03 12:00:00", id="date and time"),
        pytest.param("ticket 1234567, attempt 12 of 12", id="short numbers"),
        pytest.param("10.12.13.114:5432", id="address in the network"),
        pytest.param("5f0c1d2e-0000-4000-8000-00000000000a", id="event id"),
        pytest.param("integrations.webhooks.repository.select_for_replay", id="name of code"),
        pytest.param("an update of the secretary's token ring", id="words"),
        pytest.param("ServiceUnavailableBecauseOfSomethingElse", id="long name"),
    ],
)
def test_what_operators_need_stays_readable(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "field",
    """password client_secret access_token authorization cookie api_key apikey body subject
    description email requester_email phone name user_name text comment note signature""".split(),
)
def test_fields_that_hold_private_things_are_hidden_whatever_is_in_them(field: str) -> None:
    assert redacted(**{field: "x"}) == {field: HIDDEN}
    assert redacted(**{field: {"deep": "x"}}) == {field: HIDDEN}


def test_ids_and_counts_stay_numbers() -> None:
    fields = {"ticket_id": 8447388090494, "user_id": 844738809049412, "share": 0.5, "ok": True}

    assert redacted(**fields, nothing=None) == fields | {"nothing": None}


def test_private_fields_are_hidden_inside_other_fields_too() -> None:
    shown = redacted(answer={"password": "hunter2", "status": 17, "who": {"email": "a@b.example"}})

    assert shown == {"answer": {"password": HIDDEN, "status": 17, "who": {"email": HIDDEN}}}


def test_other_objects_are_cleaned_as_they_print() -> None:
    shown = redacted(
        seen=["a@b.example", "line\nbreak"], raw=b"Bearer abcdef123456", error=ValueError("a@b.c")
    )

    assert "a@b" not in str(shown)
    assert "abcdef123456" not in str(shown)


@pytest.mark.parametrize(
    "control",
    ["\n", "\r", "\x1b[31m", "\x00", "\x7f", "\x9b", "\u2028", "\u202e", "\u2066", "\u200f"],
    ids=repr,
)
def test_text_cannot_forge_lines_or_steer_the_terminal(control: str) -> None:
    shown = strip_controls(f"a{control}b")

    assert control[0] not in shown
    assert redacted(error=f"a{control}b")["error"] == shown


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)

    assert clean(once) == once


HOSTILE = {
    "letters": "a",
    "digits": "1",
    "dots": ".",
    "pairs": "1 ",
    "ids": "1234567890123 ",
    "hyphens": "12-",
    "almost phones": "+1 ",
    "at signs": "a@",
    "almost e-mails": "a@a",
    "URLs": "://a:",
    "logins": "://a:a",
    "hex": "0xabcdef",
    "tokens": "token ",
    "bearers": "bearer ",
    "spaces": " ",
    "passwords": "password=",
    "lines": "\n",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_long_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    """A quadratic pattern needs minutes here, and the suite's time limit ends it."""
    text = piece * (100_000 // len(piece))

    assert len(clean(text)) <= len(text) * len(HIDDEN)


@pytest.fixture
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str], restored_logging: None) -> Lines:  # noqa: ARG001
    """Give what was logged, line by line."""

    def read() -> list[str]:
        return capsys.readouterr().err.splitlines()

    return read


def test_json_logs_are_one_object_a_line(lines: Lines) -> None:
    configure_logs(Settings(log_json=True))

    structlog.get_logger("riskdesk").info("ticket_read", ticket_id=17, subject="Help 我")
    logging.getLogger("library").warning("%s is\ngone", "a@b.example")

    ours, theirs = (json.loads(line) for line in lines())
    assert (ours["event"], ours["ticket_id"], ours["subject"]) == ("ticket_read", 17, HIDDEN)
    assert ours["level"] == "info"
    assert ours["timestamp"].startswith("20")
    assert theirs["event"] == f"{HIDDEN} is gone"


@pytest.mark.parametrize("log_json", [True, False], ids=["json", "text"])
def test_the_text_of_an_exception_is_cleaned(lines: Lines, log_json: bool) -> None:  # noqa: FBT001
    configure_logs(Settings(log_json=log_json))
    try:
        int("a@b.example\nforged line")
    except ValueError:
        structlog.get_logger().exception("it_broke", ticket_id=17)
        logging.getLogger("library").exception("theirs")

    shown = lines()
    assert "a@b.example" not in str(shown)
    assert "ValueError" in str(shown)
    assert not any(line.startswith("forged") for line in shown)


def test_the_log_level_of_the_settings_holds(lines: Lines) -> None:
    configure_logs(Settings(log_level="WARNING"))

    structlog.get_logger().info("too_quiet")
    structlog.get_logger().warning("loud_enough")

    (line,) = lines()
    assert "loud_enough" in line


def test_libraries_that_log_addresses_are_kept_quiet(lines: Lines) -> None:
    configure_logs(Settings(log_level="DEBUG"))

    logging.getLogger("urllib3").debug("GET /api/v2/users.json?query=ana")

    assert lines() == []
