"""`riskdesk up`."""

from typing import Annotated

import typer

from integrations.runtime.logs import configure_logs
from integrations.runtime.settings import load_settings


def up(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port of the webhook receiver.", min=0, max=65_535)
    ] = 8080,
) -> None:
    """Run riskdesk in one process: webhook receiver, worker and scheduler.

    Example: riskdesk up --port 8080
    """
    from riskdesk.up import run_up  # noqa: PLC0415 - keeps `riskdesk --help` quick

    settings = load_settings()
    configure_logs(settings)
    run_up(settings, host=host, port=port)
