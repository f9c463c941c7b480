"""`riskdesk sandbox …`: the local Zendesk."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(no_args_is_help=True)


@app.callback()
def sandbox() -> None:
    """Work with the local Zendesk."""


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 chooses a free one.")] = 8787,
    seed: Annotated[int, typer.Option(help="The same seed gives the same account.")] = 1,
    tickets: Annotated[int, typer.Option(help="Tickets of history to begin with.", min=0)] = 0,
    rpm: Annotated[int, typer.Option(help="Requests a minute of the account.", min=1)] = 700,
    rpm_incremental: Annotated[int, typer.Option(help="Incremental exports a minute.", min=1)] = 10,
    export_lag: Annotated[
        int, typer.Option(help="Seconds by which exports lag behind.", min=0)
    ] = 60,
    start: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%SZ"],
            help="Stop the record clock there; only requests move it on.",
        ),
    ] = None,
    faults: Annotated[
        Path | None, typer.Option(help="JSON file: how the sandbox misbehaves.")
    ] = None,
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
        export_lag=timedelta(seconds=export_lag),
        start=start.replace(tzinfo=UTC) if start else None,
        faults=load_faults(faults) if faults else Faults(),
    )
    console = Console(stderr=True)
    run(config, port=port, on_ready=lambda url: console.print(f"Sandbox Zendesk at {url}"))
