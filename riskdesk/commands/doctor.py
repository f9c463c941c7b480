"""`riskdesk doctor`: checks what riskdesk is plugged into and says what to fix."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.text import Text

from integrations.redaction.keys import key_file_of, open_database
from integrations.runtime.broker import EMBEDDED_URL, check_broker, create_celery
from integrations.runtime.database import check_database, create_database_engine, reading
from integrations.runtime.errors import ConfigError, RiskdeskError
from integrations.runtime.logs import clean
from integrations.runtime.settings import Settings, load_settings
from integrations.zendesk.account import connect
from riskdesk.change_source import check_change_source
from riskdesk.output import print_json
from sync.migrations.upgrade import current, newest
from sync.sla.choices import read_choices
from sync.sla.desk_clocks.loading import load_desk_rules, read_rules_file
from sync.sla.source_desk import kept_editions


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check."""

    check: str
    passed: bool
    detail: str
    hint: str = ""


def doctor(
    *, json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False
) -> None:
    """Check settings, database, broker and Zendesk; exit code 1 when something needs fixing.

    Example: riskdesk doctor
    """
    findings = examine()
    if json:
        print_json(findings)
    else:
        console = Console(soft_wrap=True)
        for one in findings:
            mark = Text("ok   ", "green") if one.passed else Text("wrong", "red")
            console.print(mark, Text(f"{one.check}: {clean(one.detail)}"))
            if one.hint:
                console.print(Text(f"      What to do: {clean(one.hint)}"))
    if not all(one.passed for one in findings):
        raise typer.Exit(1)


def examine() -> list[Finding]:
    """Run every check; when the settings cannot be read, the others make no sense."""
    try:
        settings = load_settings()
    except RiskdeskError as error:
        return [Finding("settings", passed=False, detail=error.message, hint=error.hint)]
    database = _checked("database", lambda: _database(settings))
    findings = [
        _checked("settings", lambda: _settings(settings)),
        database,
        _checked("desk rules", lambda: _desk_rules(settings, has_database=database.passed)),
        *([_checked("redaction", lambda: _redaction(settings))] if database.passed else []),
        _checked("broker", lambda: _broker(settings)),
        _checked("zendesk", lambda: _zendesk(settings)),
    ]
    if findings[-1].passed:
        client = connect(settings)
        findings.append(_checked("changes", lambda: check_change_source(settings, client)))
    return findings


def _checked(check: str, run: Callable[[], str]) -> Finding:
    try:
        return Finding(check, passed=True, detail=run())
    except RiskdeskError as error:
        return Finding(check, passed=False, detail=error.message, hint=error.hint)


def _settings(settings: Settings) -> str:
    settings.require("zendesk_url", "webhook_secrets")
    read_choices(settings.sla_choices)
    return f"complete; mode is {settings.mode}"


def _database(settings: Settings) -> str:
    engine = create_database_engine(settings.database_url)
    check_database(engine)
    where = engine.url.render_as_string(hide_password=True)
    if current(engine) != newest():
        return f"{where} can be written; its tables are created by `riskdesk db upgrade`"
    return f"{where} can be written; its tables are up to date"


def _desk_rules(settings: Settings, *, has_database: bool) -> str:
    """Read the rules of the desk's own clocks; name editions that were changed in use."""
    file = read_rules_file(settings.desk_rules)
    rules = load_desk_rules(file)
    engine = create_database_engine(settings.database_url) if has_database else None
    if engine is not None and current(engine) == newest():
        with reading(engine) as connection:
            rules = load_desk_rules(file, kept_editions(connection))
    if rules.changed_editions:
        raise ConfigError(
            f"Clocks follow these editions as they were: {', '.join(rules.changed_editions)}.",
            hint="put their figures back, and write the new ones as a higher edition with its"
            " own date in_force; docs/desk_clocks.md shows how.",
        )
    return (
        f"{file.where}: {len(rules.rules)} regulatory rules, {len(rules.departments)} departments"
    )


def _redaction(settings: Settings) -> str:
    """Say where the key of the placeholders comes from; one that many share has to be set."""
    engine = open_database(settings)
    if settings.redaction_key is not None:
        return "secrets leave placeholders with hashes under RISKDESK_REDACTION_KEY"
    file = key_file_of(engine)
    if file is None:
        raise ConfigError(
            "RISKDESK_REDACTION_KEY is missing: placeholders of secrets cannot be linked.",
            hint="set it to the output of `openssl rand -hex 32`, the same for every process.",
        )
    return f"secrets leave placeholders with hashes under the key in {file.name}"


def _broker(settings: Settings) -> str:
    app = create_celery(settings)
    check_broker(app)
    if settings.broker_url.startswith(EMBEDDED_URL):
        return "embedded in this process (memory://)"
    address = urlsplit(settings.broker_url)
    return f"{address.scheme}://{address.hostname} answers"


def _zendesk(settings: Settings) -> str:
    me = connect(settings).me()
    return f"{settings.zendesk_url} answers; riskdesk acts as user {me['id']} ({me['role']})"
