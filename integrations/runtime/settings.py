"""Typed settings from RISKDESK_* variables and `.env`; nobody else reads the environment."""

from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from integrations.runtime.errors import ConfigError

PREFIX = "RISKDESK_"


class Mode(StrEnum):
    """What riskdesk may do to Zendesk."""

    ACT = "act"
    OBSERVE = "observe"


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
    zendesk_access_token: SecretStr | None = Field(None, description="A fixed bearer token")
    zendesk_email: str | None = Field(None, description="Old accounts: e-mail of the API token")
    zendesk_api_token: SecretStr | None = Field(
        None, description="Old accounts: API token; Zendesk ends these on 30 April 2027"
    )
    webhook_secrets: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (), description="Signing secrets of the webhook, separated by commas; several for rotation"
    )
    webhook_max_age: timedelta = Field(
        timedelta(minutes=5), description="Older (or newer) signatures are refused"
    )
    database_url: str = Field("sqlite:///riskdesk.db", description="SQLite file or PostgreSQL")
    broker_url: str = Field(
        "memory://", description="memory:// (embedded worker), amqp://… or redis://…"
    )
    queue: str = Field("riskdesk", description="Name of the broker's queue")
    mode: Mode = Field(Mode.ACT, description="act, or observe: decide and record, change nothing")
    lease_time: timedelta = Field(
        timedelta(seconds=90), description="How long a worker may hold a ticket without a sign"
    )
    sync_interval: timedelta = Field(
        timedelta(seconds=60), description="Pause between two mirror runs of the scheduler"
    )
    catch_up_age: timedelta = Field(
        timedelta(days=3),
        description="Missed changes older than this are mirrored, but start no automation",
    )
    export_requests_per_minute: int = Field(
        10, ge=1, description="Incremental-export budget of the account (30 with High Volume)"
    )
    requests_per_minute: int = Field(400, ge=1, description="Account-wide request budget")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")
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
