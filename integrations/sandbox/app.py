"""Builds the sandbox: the account, who may ask, what it costs, and everything that is served."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Mount

from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.deliveries.dispatch import Deliveries
from integrations.sandbox.door.admin import admin_routes
from integrations.sandbox.door.api import Api
from integrations.sandbox.door.auth import Gate
from integrations.sandbox.door.downloads import download_routes
from integrations.sandbox.door.limits import Limits
from integrations.sandbox.door.oauth import oauth_routes
from integrations.sandbox.faults import FaultDice
from integrations.sandbox.history.writer import write_history
from integrations.sandbox.population import populate
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.clock import RecordClock

TICK_S = 0.2  # real seconds


def create_app(config: SandboxConfig) -> Starlette:
    """Return a Zendesk with its standing population and history, ready to be served.

    `app.state.account`, `app.state.deliveries` and `app.state.dice` are there for tests.
    """
    account = new_account(config)
    dice = FaultDice(config.faults, config.seed)
    deliveries = Deliveries(account, dice)
    gate = Gate(account, time.monotonic)
    api = Api(
        account=account,
        gate=gate,
        limits=Limits(
            rpm=config.rpm,
            rpm_incremental=config.rpm_incremental,
            endpoint_limits=config.endpoint_limits,
            monotonic=time.monotonic,
        ),
        dice=dice,
        deliveries=deliveries,
        export_lag=config.export_lag.total_seconds(),
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        ticking = asyncio.create_task(_tick(account.clock))
        yield
        ticking.cancel()

    app = Starlette(
        routes=[
            Mount("/api/v2", app=api),
            *oauth_routes(gate, account),
            *download_routes(account),
            *admin_routes(account, deliveries, dice, gate, api),
        ],
        lifespan=lifespan,
    )
    app.state.account, app.state.deliveries, app.state.dice = account, deliveries, dice
    return app


def new_account(config: SandboxConfig) -> Account:
    """Return an account with its standing population and, if wanted, a history of tickets."""
    account = Account(seed=config.seed, clock=RecordClock())
    populate(account)
    account.clock.rewind_for_history(config.start)
    if config.tickets:
        write_history(account, config.tickets, seed=config.seed, until=account.clock.now())
        account.clock.rewind_for_history(config.start)
    if config.speed is not None:
        account.clock.run(config.speed)
    account.jobs.seconds = config.job_seconds
    return account


async def _tick(clock: RecordClock) -> None:
    """Let time pass while nobody asks anything."""
    while True:
        await asyncio.sleep(TICK_S)
        clock.tick()
