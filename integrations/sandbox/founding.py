"""Founds an account: its people and settings, what follows by itself, and a past if wanted."""

from datetime import datetime, timedelta

from integrations.runtime.clock import utc_now
from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.history.writer import plan_history, write_history
from integrations.sandbox.population import FOUNDED, populate
from integrations.sandbox.rules.automations import Automations
from integrations.sandbox.rules.triggers import Triggers
from integrations.sandbox.sla.machine import keep_clocks
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.clock import RecordClock, check_instant
from integrations.sandbox.state.side_conversations import children
from integrations.sandbox.state.ticketing.bin import empty_bin

BEFORE_FIRST_TICKET = timedelta(weeks=4)


def new_account(config: SandboxConfig) -> Account:
    """Return an account with its standing population and, if wanted, a history of tickets."""
    if config.start is not None:
        check_instant(config.start)
    founding = _with_history if config.tickets else _standing
    account = founding(config)
    account.clock.rewind_for_history(config.start)
    if config.speed is not None:
        account.clock.run(config.speed)
    account.rules.append(Triggers(account))
    account.clock.on_advance.append(Automations(account).make_up)
    if config.archive_after is not None:
        _keep_archive(account, config.archive_after)
    return account


def _keep_archive(account: Account, age: timedelta) -> None:
    account.tickets.archive(account.clock.now() - age)
    account.clock.on_advance.append(lambda _, now: account.tickets.archive(now - age))


def _with_history(config: SandboxConfig) -> Account:
    plan = plan_history(config.tickets, config.start or utc_now())
    founded = min(FOUNDED, plan.start - BEFORE_FIRST_TICKET)
    account = _standing(config, founded)
    write_history(account, plan, seed=config.seed, another=lambda: _standing(config, founded))
    return account


def _standing(config: SandboxConfig, founded: datetime = FOUNDED) -> Account:
    account = Account(seed=config.seed, clock=RecordClock())
    account.webhooks.is_trial = config.trial
    populate(account, founded=founded)
    children.connect(account)
    account.clock.on_advance.append(lambda _, now: empty_bin(account, now))
    keep_clocks(account, tells_audits=config.sla_audit_events)
    return account
