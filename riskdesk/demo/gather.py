"""Gathers the evidence of a played day from Zendesk, the warehouse and the logs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select

from automations.actions import repository as outbox
from integrations.runtime.database import reading
from integrations.webhooks import repository as inbox
from integrations.zendesk.account import connect
from integrations.zendesk.client import ZendeskClient
from riskdesk.change_source import change_source, streams_of
from riskdesk.demo import evidence
from riskdesk.demo.player import Played
from riskdesk.demo.script import Script
from riskdesk.demo.stage import Stage
from riskdesk.demo.summary import Deliveries, TextResult
from riskdesk.demo.tally import Findings
from riskdesk.mirroring import Mirroring
from sync.mirror.catch_up import uncovered
from sync.sources.source import AccountSource
from sync.verification.check import verify
from sync.warehouse.tables.tickets import tickets

PATIENCE_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """The rows behind the tables, and the figures behind the checks."""

    results: tuple[TextResult, ...]
    escalations: Sequence[Mapping[str, Any]]
    clocks: Sequence[Mapping[str, Any]]
    findings: Findings


def gather(stage: Stage, script: Script, played: Played) -> Gathered:
    """Read everything that the day left behind."""
    traces = evidence.traces_in_zendesk(stage.sandbox_url, played.tickets.values())
    client = connect(stage.settings)
    source = change_source(stage.settings, client)
    _read_lists(stage, client, source)
    differences = verify(stage.engine, client, source)
    sent = stage.sandbox_state()["deliveries"]
    with reading(stage.engine) as connection:
        results = evidence.read_results(connection, script.complaints, played.tickets, traces)
        findings = _findings(connection, results, traces, sent)
        return Gathered(
            results=results,
            escalations=evidence.escalation_rows(connection),
            clocks=evidence.clock_rows(connection),
            findings=Findings(
                **findings,
                refused=len(played.failures),
                unhandled=untouched(stage.engine),
                mirror_differences=len(differences),
                secrets_shown=evidence.secrets_shown(
                    script.complaints.values(), traces, stage.folder.glob("*.log")
                ),
            ),
        )


def untouched(engine: Engine) -> int:
    """Return how many living tickets have a state that no worker has looked at."""
    with reading(engine) as connection:
        return sum(one.status != "deleted" for one in uncovered(connection))


def _read_lists(stage: Stage, client: ZendeskClient, source: AccountSource) -> None:
    """Read what Zendesk tells as whole lists only; the desk does so every few minutes or hours."""
    mirroring = Mirroring(
        settings=stage.settings,
        engine=stage.engine,
        zendesk=client,
        source=source,
        poke=lambda ticket_id: ticket_id,  # lists name no tickets
    )
    lists = [each for each in streams_of(stage.settings)[0] if not each.tells_changes]
    stage.wait_until(
        lambda: not any(each.error for each in mirroring.run(lists)),
        what="the lists",
        timeout_s=PATIENCE_S,
    )


def _findings(
    connection: Connection,
    results: Sequence[TextResult],
    traces: Mapping[int, evidence.Traces],
    sent: Mapping[str, int],
) -> dict[str, Any]:
    """Return the figures that the warehouse and the inbox tell."""
    stored = inbox.counts(connection)
    deleted = select(tickets.c.id).where(tickets.c.status == "deleted")
    return {
        "complaints": len(results),
        "results": results,
        "deleted": frozenset(connection.scalars(deleted)),
        "deliveries": Deliveries(
            events=sent["events"],
            received=stored["stored"] - stored["caught_up"] + stored["duplicates"],
            duplicates=stored["duplicates"],
            lost=sent["lost"],
            caught_up=stored["caught_up"],
        ),
        "repeated_effects": evidence.repeated_effects(traces),
        "dead_letters": outbox.counts(connection).get("dead", 0) + stored["failed"],
        "sla_differences": evidence.clocks_unlike_zendesk(connection),
    }
