"""Commands by which triage learns from the desk: candidates, promotion, rollback, drift."""

import json
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from automations.learning import repository, service
from automations.learning.current import CurrentTriage
from automations.learning.drift import Week, drift
from automations.learning.service import Learnt
from integrations.runtime.clock import utc_now
from integrations.runtime.database import reading
from riskdesk.commands.database import opened_database

models = typer.Typer(help="Models learnt from the desk's tickets.", no_args_is_help=True)
console = Console()

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on (UTC).")]
FAMILIES_SHOWN = 4


def learn(since: Day = None, *, as_json: AsJson = False) -> None:
    """Learn a candidate from solved tickets whose reason a person chose, and judge it.

    It is compared with the model that works now on tickets that neither of them learnt from.

    Example: riskdesk triage learn --since 2026-01-01
    """
    with opened_database() as engine, console.status("learning from the desk's tickets"):
        current = CurrentTriage(engine, utc_now).look()
        found = service.learn(engine, current, since=_utc(since), now=utc_now())
    if as_json:
        typer.echo(_json(found))
    else:
        _show_learnt(found)


@models.command("list")
def list_models(*, as_json: AsJson = False) -> None:
    """List learnt models, newest first; without a current one the shipped model works.

    Example: riskdesk triage models list
    """
    with opened_database() as engine, reading(engine) as connection:
        found = repository.listing(connection)
    if as_json:
        typer.echo(_json(found))
        return
    table = Table("model", "state", "tickets", "held out", "right", "before", "trained (UTC)")
    for each in found:
        verdict = each.verdict
        table.add_row(
            each.version,
            each.state if each.verdict.is_better else f"{each.state}, no better",
            str(each.texts),
            str(verdict.held_out),
            str(verdict.candidate_right),
            str(verdict.current_right),
            f"{each.trained_at:%Y-%m-%d %H:%M}",
        )
    console.print(table)


@models.command()
def promote(version: Annotated[str, typer.Argument(help="Name of the model, see `list`.")]) -> None:
    """Let a candidate work; refused unless it was better and overlooks no more of A, B and C.

    Example: riskdesk triage models promote desk-0123456789ab
    """
    with opened_database() as engine:
        found = service.promote(engine, version, now=utc_now())
    console.print(f"{found.version} works now; every process follows within five minutes.")


@models.command()
def rollback() -> None:
    """Let the model work again that worked before the current one.

    Example: riskdesk triage models rollback
    """
    with opened_database() as engine:
        current, before = service.roll_back(engine)
    console.print(f"{current} is taken back; {before or 'the shipped model'} works again.")


def show_drift(
    since: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Weeks from this day on (UTC).")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Show week by week what complaints are and how well triage reads them, beside before.

    Example: riskdesk triage drift --since 2026-11-02
    """
    with opened_database() as engine, reading(engine) as connection:
        weeks = drift(connection, since=since.replace(tzinfo=UTC), now=utc_now())
    if as_json:
        typer.echo(_json(weeks))
    else:
        _show_weeks(weeks)


def _show_learnt(found: Learnt) -> None:
    verdict = found.verdict
    console.print(
        f"Learnt {found.version} from {found.learnt} of {found.labels} labelled tickets "
        f"({found.corrections} corrections)."
    )
    table = Table("on held-out tickets", "all", "right before", "right now")
    table.add_row(
        "all", str(verdict.held_out), str(verdict.current_right), str(verdict.candidate_right)
    )
    for family, expected in verdict.expected_safety.items():
        before, now = verdict.current_safety[family], verdict.candidate_safety[family]
        table.add_row(f"family {family}", str(expected), str(before), str(now))
    console.print(table)
    if found.thin:
        thin = ", ".join(f"{code} ({texts})" for code, texts in found.thin.items())
        console.print(f"Too thin to be learnt as reasons, so as families: {thin}.")
    if verdict.is_better:
        console.print(f"It is better: `riskdesk triage models promote {found.version}`.")
    else:
        console.print(f"It may not be promoted: {'; '.join(verdict.objections)}.")


def _show_weeks(weeks: list[Week]) -> None:
    table = Table("week of", "tickets", "largest", "sure", "abstained", "corrected", "striking")
    for week in weeks:
        largest = sorted(week.shares.items(), key=lambda one: -one[1])[:FAMILIES_SHOWN]
        table.add_row(
            f"{week.begins:%Y-%m-%d}",
            str(week.tickets),
            " ".join(f"{family} {share:.0%}" for family, share in largest),
            *(_percent(value) for value in (week.confidence, week.abstained, week.corrected)),
            "\n".join(week.striking),
        )
    console.print(table)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"


def _json(value: object) -> str:
    return json.dumps(msgspec.to_builtins(value), ensure_ascii=False, indent=2)


def _utc(day: datetime | None) -> datetime | None:
    return None if day is None else day.replace(tzinfo=UTC)
