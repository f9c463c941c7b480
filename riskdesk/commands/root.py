"""Puts the command groups together and shows errors as two lines."""

import sys
from contextlib import suppress

import typer
from rich.console import Console
from rich.text import Text
from sqlalchemy.exc import DBAPIError

from integrations.runtime.errors import RiskdeskError, ServiceUnavailable
from integrations.runtime.logs import clean, configure_logs
from integrations.runtime.settings import load_settings
from riskdesk.commands import (
    actions,
    cases,
    db,
    demo,
    doctor,
    escalations,
    export,
    macros,
    sandbox,
    sla,
    sla_differences,
    sla_explain,
    sla_report,
    sync,
    sync_verify,
    triage,
    up,
    webhooks,
)

STOPPED = 130  # a person pressed Ctrl-C

app = typer.Typer(
    help="The layer beside Zendesk for a crypto exchange's risk-control desk.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command("up")(up.up)
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.add_typer(sandbox.app, name="sandbox", help="A local Zendesk to develop against.")
app.add_typer(db.app, name="db", help="The database's tables.")
app.add_typer(webhooks.app, name="webhooks", help="Deliveries from Zendesk.")
sync.app.command("export")(export.export)
sync.app.command("verify")(sync_verify.verify)
app.add_typer(sync.app, name="sync", help="The mirror of Zendesk in the warehouse.")
app.add_typer(actions.app, name="actions", help="What riskdesk does in Zendesk.")
sla.app.command("report")(sla_report.report)
sla.app.command("differences")(sla_differences.differences)
sla.app.command("explain")(sla_explain.explain)
app.add_typer(sla.app, name="sla", help="SLA clocks.")
app.add_typer(triage.app, name="triage", help="What a complaint is and how bad.")
app.add_typer(macros.app, name="macros", help="Reply drafts.")
app.add_typer(cases.app, name="cases", help="Tickets that belong together.")
app.add_typer(escalations.app, name="escalations", help="Complaints other departments own.")


def main() -> None:
    """Run the command line; our own errors are shown in two lines, a traceback is a bug."""
    with suppress(RiskdeskError):  # settings that cannot be read: what needs them says so
        settings = load_settings()
        quiet = {} if "log_level" in settings.model_fields_set else {"log_level": "WARNING"}
        configure_logs(settings.model_copy(update=quiet))
    try:
        app()
    except SystemExit as end:
        if end.code == STOPPED:
            Console(stderr=True).print("Stopped. What was stored stays; run it again to go on.")
        raise
    except RiskdeskError as error:
        show(error)
        raise SystemExit(1) from None
    except DBAPIError as error:
        show(_explained(error))
        raise SystemExit(1) from None
    except BrokenPipeError:  # `riskdesk … | head`
        sys.stderr.close()
        raise SystemExit(1) from None


def show(error: RiskdeskError) -> None:
    """Print what happened and what to do, without letting foreign text steer the terminal."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    console.print(Text(clean(error.message), style="red"))
    console.print(Text(f"What to do: {clean(error.hint)}"))


def _explained(error: DBAPIError) -> RiskdeskError:
    reason = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
    if "no such table" in reason or "does not exist" in reason:
        return ServiceUnavailable(
            "The database has no riskdesk tables yet, or old ones.",
            hint="run `riskdesk db upgrade`.",
        )
    return ServiceUnavailable(
        f"The database refused: {reason}.", hint="run `riskdesk doctor` to see what is wrong."
    )
