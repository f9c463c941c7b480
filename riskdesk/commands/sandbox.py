"""`riskdesk sandbox …`: the local Zendesk."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(no_args_is_help=True)

Port = Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 chooses a free one.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same account.")]
Tickets = Annotated[int, typer.Option(help="Tickets of history to begin with.", min=0)]
Rpm = Annotated[int, typer.Option(help="Requests a minute of the account.", min=1)]
RpmIncremental = Annotated[int, typer.Option(help="Incremental exports a minute.", min=1)]
EndpointLimits = Annotated[
    bool, typer.Option(help="Whether single endpoints have limits of their own.")
]
JobSeconds = Annotated[
    float, typer.Option(help="Seconds that a job of 100 items takes.", min=0, max=3600)
]
ExportLag = Annotated[int, typer.Option(help="Seconds by which exports lag behind.", min=0)]
Start = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%dT%H:%M:%SZ"],
        help="Stop the record clock there; only requests move it on.",
    ),
]
Speed = Annotated[
    float | None,
    typer.Option(help="How many times as fast as the machine's the record clock runs."),
]
Trial = Annotated[bool, typer.Option("--trial", help="Limit webhooks as in a trial account.")]
ArchiveAfter = Annotated[
    int | None,
    typer.Option(help="Days after which closed tickets leave the lists; Zendesk: 120.", min=1),
]
FaultsFile = Annotated[Path | None, typer.Option(help="JSON file: how the sandbox misbehaves.")]


@app.callback()
def sandbox() -> None:
    """Work with the local Zendesk."""


@app.command()
def serve(
    *,
    port: Port = 8787,
    seed: Seed = 1,
    tickets: Tickets = 0,
    rpm: Rpm = 700,
    rpm_incremental: RpmIncremental = 10,
    endpoint_limits: EndpointLimits = True,
    job_seconds: JobSeconds = 1.0,
    export_lag: ExportLag = 60,
    start: Start = None,
    speed: Speed = None,
    trial: Trial = False,
    archive_after: ArchiveAfter = None,
    faults: FaultsFile = None,
) -> None:
    """Serve a local Zendesk on loopback until interrupted.

    Example: riskdesk sandbox serve --port 8787 --tickets 200
    """
    from integrations.sandbox.config import SandboxConfig  # noqa: PLC0415 - see `up`
    from integrations.sandbox.faults import Faults, load_faults  # noqa: PLC0415
    from integrations.sandbox.server import serve as run  # noqa: PLC0415

    config = SandboxConfig(
        seed=seed,
        tickets=tickets,
        rpm=rpm,
        rpm_incremental=rpm_incremental,
        endpoint_limits=endpoint_limits,
        job_seconds=job_seconds,
        export_lag=timedelta(seconds=export_lag),
        start=start.replace(tzinfo=UTC) if start else None,
        speed=speed,
        trial=trial,
        archive_after=None if archive_after is None else timedelta(days=archive_after),
        faults=load_faults(faults) if faults else Faults(),
    )
    console = Console(stderr=True)
    run(config, port=port, on_ready=lambda url: console.print(f"Sandbox Zendesk at {url}"))
