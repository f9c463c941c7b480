"""Typed settings from RISKDESK_* variables and `.env`; nobody else reads the environment."""

import re
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    Field,
    FilePath,
    HttpUrl,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from integrations.runtime.errors import ConfigError

PREFIX = "RISKDESK_"


class Mode(StrEnum):
    """What riskdesk may do to Zendesk."""

    ACT = "act"
    OBSERVE = "observe"


class ChangeSource(StrEnum):
    """How the mirror hears of changes in Zendesk."""

    EXPORT = "export"
    LISTS = "lists"


def _as_seconds(value: object) -> object:
    """Read a bare number as seconds: `90` as well as `PT90S` or `00:01:30`."""
    is_number = isinstance(value, str) and re.fullmatch(r"[0-9]+(\.[0-9]+)?", value.strip())
    return float(value) if is_number else value  # type: ignore[arg-type]


def _as_level(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


Duration = Annotated[timedelta, BeforeValidator(_as_seconds), Field(gt=timedelta(0))]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_as_level)]


class Settings(BaseSettings):
    """Every setting of riskdesk; the variable is RISKDESK_ and the field's name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    zendesk_url: HttpUrl | None = Field(
        None, description="Base address of the Zendesk account, or of the local sandbox"
    )
    zendesk_client_id: str | None = Field(None, description="OAuth client (client credentials)")
    zendesk_client_secret: SecretStr | None = Field(None, description="Secret of the OAuth client")
    zendesk_refresh_token: SecretStr | None = Field(
        None, description="First refresh token of an OAuth client that a person authorised"
    )
    zendesk_access_token: SecretStr | None = Field(None, description="A fixed bearer token")
    zendesk_email: str | None = Field(None, description="Old accounts: e-mail of the API token")
    zendesk_api_token: SecretStr | None = Field(
        None, description="Old accounts: API token; Zendesk ends these on 30 April 2027"
    )
    webhook_secrets: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (), description="Signing secrets of the webhook, separated by commas; several for rotation"
    )
    webhook_max_age: Duration = Field(
        timedelta(minutes=5), description="Older (or newer) signatures are refused"
    )
    # Addresses may carry a password, so they are left out of the settings' repr.
    database_url: str = Field(
        "sqlite:///riskdesk.db", description="SQLite file or PostgreSQL", repr=False
    )
    redaction_key: SecretStr | None = Field(
        None,
        description="Key of the hashes in placeholders of secrets, or version:key",
    )
    broker_url: str = Field(
        "memory://", description="memory:// (embedded worker), amqp://… or redis://…", repr=False
    )
    queue: str = Field("riskdesk", description="Name of the broker's queue")
    mode: Mode = Field(Mode.ACT, description="act, or observe: decide and record, change nothing")
    lease_time: Duration = Field(
        timedelta(seconds=90), description="How long a worker may hold a ticket without a sign"
    )
    sync_interval: Duration = Field(
        timedelta(seconds=45),
        description="How often changes are asked for; lists that rarely change, less often",
    )
    change_source: ChangeSource = Field(
        ChangeSource.EXPORT,
        description="export, or lists for accounts that may not use incremental exports",
    )
    desk_rules: FilePath | None = Field(
        None, description="File of rules over the shipped ones of the desk's own SLA clocks"
    )
    common_indicators: FilePath | None = Field(
        None, description="File of domains and addresses so common that they link no tickets"
    )
    sla_choices: str = Field(
        "", description="Answers to what nobody documents of SLA clocks: name=value, name=value"
    )
    cache_dir: Path = Field(
        Path("~/.cache/riskdesk"),
        description="Folder for what can be made again, such as the trained triage model",
    )
    catch_up_age: Duration = Field(
        timedelta(days=3),
        description="Missed changes older than this are mirrored, but start no automation",
    )
    export_requests_per_minute: int = Field(
        10, ge=1, description="Incremental-export budget of the account (30 with High Volume)"
    )
    requests_per_minute: int = Field(400, ge=1, description="Account-wide request budget")
    ticket_updates_per_minute: int = Field(
        100, ge=1, description="Ticket-update budget of the account (300 with High Volume)"
    )
    log_level: LogLevel = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR; unset, commands show WARNING"
    )
    log_json: bool = Field(default=False, description="One JSON object a line instead of text")

    @field_validator("webhook_secrets", mode="before")
    @classmethod
    def _split_secrets(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    def require(self, *names: str) -> None:
        """Raise ConfigError naming each of these settings that is empty."""
        missing = [PREFIX + name.upper() for name in names if not getattr(self, name)]
        if missing:
            raise ConfigError(
                f"Missing settings: {', '.join(missing)}.",
                hint="set them in the environment or in .env; docs/settings.md explains each.",
            )


@lru_cache
def load_settings() -> Settings:
    """Return the process-wide settings, or say which variable to set."""
    try:
        return Settings()
    except ValidationError as error:
        problems = sorted(
            {f"{PREFIX}{str(e['loc'][0]).upper()} ({e['msg'].lower()})" for e in error.errors()}
        )
        raise ConfigError(
            f"Invalid settings: {'; '.join(problems)}.",
            hint="correct them in the environment or in .env; docs/settings.md explains each.",
        ) from None
    except (UnicodeDecodeError, OSError):
        raise ConfigError(
            "The file .env cannot be read.", hint="save it as UTF-8 text that this user may read."
        ) from None
