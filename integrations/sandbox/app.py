"""Builds the sandbox: the account, who may ask, what it costs, and everything that is served."""

import time

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount

from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.deliveries.dispatch import Deliveries
from integrations.sandbox.door.admin import admin_routes
from integrations.sandbox.door.api import Api
from integrations.sandbox.door.auth import Gate
from integrations.sandbox.door.downloads import download_routes
from integrations.sandbox.door.limits import Limits
from integrations.sandbox.door.misbehaviour import Misbehaviour
from integrations.sandbox.door.oauth import oauth_routes
from integrations.sandbox.door.pages.serving import page_routes
from integrations.sandbox.faults import FaultDice
from integrations.sandbox.founding import new_account


def create_app(config: SandboxConfig) -> Starlette:
    """Return a Zendesk with its standing population and history, ready to be served.

    `app.state.account`, `app.state.deliveries` and `app.state.dice` are there for tests.
    """
    account = new_account(config)
    dice = FaultDice(config.faults, config.seed)
    account.metric_events.late_by = dice.metric_events_late_by
    account.metric_events.is_repeated = dice.metric_event_is_repeated
    deliveries = Deliveries(account, dice, trial=config.trial)
    gate = Gate(account)
    api = Api(
        account=account,
        gate=gate,
        limits=Limits(
            rpm=config.rpm,
            rpm_incremental=config.rpm_incremental,
            endpoint_limits=config.endpoint_limits,
            monotonic=time.monotonic,
        ),
        deliveries=deliveries,
        export_lag=config.export_lag.total_seconds(),
    )

    app = Starlette(
        routes=[
            Mount("/api/v2", app=api),
            *oauth_routes(gate.oauth, account),
            *download_routes(account),
            *page_routes(account, deliveries, dice),
            *admin_routes(account, deliveries, dice, gate, api),
        ],
        middleware=[Middleware(Misbehaviour, dice=dice, gate=gate, clock=account.clock)],
    )
    account.jobs.seconds, account.jobs.fate = config.job_seconds, dice.job_outcome
    app.state.account, app.state.deliveries, app.state.dice = account, deliveries, dice
    return app
