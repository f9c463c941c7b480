import re
from datetime import timedelta
from pathlib import Path

import pytest

from integrations.runtime.errors import ConfigError
from integrations.runtime.settings import PREFIX, Mode, Settings, load_settings
from tests.support.shared import ROOT

SECRET = "hush-hush"


def refusal() -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load_settings()
    return caught.value


def test_nothing_has_to_be_set() -> None:
    settings = load_settings()

    assert settings.database_url == "sqlite:///riskdesk.db"
    assert settings.broker_url == "memory://"
    assert settings.mode is Mode.ACT


def test_settings_are_read_once() -> None:
    assert load_settings() is load_settings()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("RISKDESK_ZENDESK_URL", "acme"),
        ("RISKDESK_WEBHOOK_MAX_AGE", "a while"),
        ("RISKDESK_LEASE_TIME", "-90"),
        ("RISKDESK_SYNC_INTERVAL", "0"),
        ("RISKDESK_MODE", "dance"),
        ("RISKDESK_EXPORT_REQUESTS_PER_MINUTE", "0"),
        ("RISKDESK_REQUESTS_PER_MINUTE", "ten"),
        ("RISKDESK_LOG_LEVEL", "LOUD"),
        ("RISKDESK_LOG_JSON", "perhaps"),
    ],
)
def test_a_wrong_value_names_its_variable_and_not_the_value(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)

    error = refusal()

    assert variable in error.message
    assert error.message.count(PREFIX) == 1
    assert f"'{value}'" not in error.message


def test_all_wrong_variables_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RISKDESK_MODE", "dance")
    monkeypatch.setenv("RISKDESK_LOG_JSON", "perhaps")

    assert set(re.findall(r"RISKDESK_\w+", refusal().message)) == {
        "RISKDESK_MODE",
        "RISKDESK_LOG_JSON",
    }


def test_what_a_command_needs_is_asked_for_by_its_variable() -> None:
    with pytest.raises(ConfigError) as caught:
        Settings().require("zendesk_url", "webhook_secrets", "database_url")

    assert "RISKDESK_ZENDESK_URL, RISKDESK_WEBHOOK_SECRETS." in caught.value.message
    assert "docs/settings.md" in caught.value.hint


def test_what_is_set_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RISKDESK_WEBHOOK_SECRETS", "one")

    load_settings().require("webhook_secrets")


@pytest.mark.parametrize(
    ("value", "secrets"),
    [
        pytest.param("one", ["one"], id="one"),
        pytest.param("new,old", ["new", "old"], id="two"),
        pytest.param(" new , old ,", ["new", "old"], id="spaces and a last comma"),
        pytest.param("a=b+c/d==", ["a=b+c/d=="], id="base64"),
        pytest.param("", [], id="none"),
    ],
)
def test_webhook_secrets_are_separated_by_commas(
    monkeypatch: pytest.MonkeyPatch, value: str, secrets: list[str]
) -> None:
    monkeypatch.setenv("RISKDESK_WEBHOOK_SECRETS", value)

    assert [one.get_secret_value() for one in load_settings().webhook_secrets] == secrets


@pytest.mark.parametrize(
    ("value", "length"),
    [
        pytest.param("90", timedelta(seconds=90), id="seconds"),
        pytest.param("0.5", timedelta(milliseconds=500), id="half a second"),
        pytest.param("00:01:30", timedelta(seconds=90), id="clock"),
        pytest.param("PT5M", timedelta(minutes=5), id="ISO 8601"),
        pytest.param("3 days", timedelta(days=3), id="days"),
    ],
)
def test_lengths_of_time_may_be_written_in_several_ways(
    monkeypatch: pytest.MonkeyPatch, value: str, length: timedelta
) -> None:
    monkeypatch.setenv("RISKDESK_LEASE_TIME", value)

    assert load_settings().lease_time == length


def test_log_levels_may_be_written_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RISKDESK_LOG_LEVEL", "warning")

    assert load_settings().log_level == "WARNING"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("RISKDESK_ZENDESK_CLIENT_SECRET", SECRET),
        ("RISKDESK_ZENDESK_ACCESS_TOKEN", SECRET),
        ("RISKDESK_ZENDESK_API_TOKEN", SECRET),
        ("RISKDESK_WEBHOOK_SECRETS", SECRET),
        ("RISKDESK_DATABASE_URL", f"postgresql://desk:{SECRET}@db/desk"),
        ("RISKDESK_BROKER_URL", f"amqp://desk:{SECRET}@mq//"),
    ],
)
def test_settings_that_are_printed_show_no_secret(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)

    assert SECRET not in repr(load_settings()) + str(load_settings())


def test_settings_cannot_be_changed_later() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().queue = "other"  # type: ignore[misc]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a working folder whose `.env` is read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(Settings.model_config, "env_file", ".env")
    return tmp_path


def test_a_file_may_hold_the_settings(folder: Path) -> None:
    (folder / ".env").write_text(
        "# the desk\nRISKDESK_MODE=observe\nRISKDESK_WEBHOOK_SECRETS=new,旧\nOTHER=ignored\n",
        "utf-8",
    )

    settings = load_settings()

    assert settings.mode is Mode.OBSERVE
    assert [one.get_secret_value() for one in settings.webhook_secrets] == ["new", "旧"]


def test_the_environment_wins_over_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("RISKDESK_MODE=observe\n", "utf-8")
    monkeypatch.setenv("RISKDESK_MODE", "act")

    assert load_settings().mode is Mode.ACT


def test_a_file_that_is_no_text_is_explained(folder: Path) -> None:
    (folder / ".env").write_bytes(b"RISKDESK_QUEUE=\xff\xfe\n")

    assert ".env" in refusal().message


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_every_setting_is_documented(field: str) -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")

    assert f"`{PREFIX}{field.upper()}`" in page
    assert Settings.model_fields[field].description


def test_the_page_documents_no_setting_that_does_not_exist() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    known = {PREFIX + field.upper() for field in Settings.model_fields}

    assert set(re.findall(r"RISKDESK_[A-Z_]+[A-Z]", page)) <= known
