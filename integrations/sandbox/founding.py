"""Founds an account: its people and settings, what follows by itself, and a past if wanted."""

from integrations.sandbox.config import SandboxConfig
from integrations.sandbox.history.writer import write_history
from integrations.sandbox.population import populate
from integrations.sandbox.rules.automations import Automations
from integrations.sandbox.rules.triggers import Triggers
from integrations.sandbox.sla.machine import keep_clocks
from integrations.sandbox.state.account import Account
from integrations.sandbox.state.clock import RecordClock
from integrations.sandbox.state.ticketing.bin import empty_bin


def new_account(config: SandboxConfig) -> Account:
    """Return an account with its standing population and, if wanted, a history of tickets."""
    account = Account(seed=config.seed, clock=RecordClock())
    account.webhooks.is_trial = config.trial
    populate(account)
    account.clock.on_advance.append(lambda _, now: empty_bin(account, now))
    keep_clocks(account, tells_audits=config.sla_audit_events)
    account.clock.rewind_for_history(config.start)
    if config.tickets:
        write_history(account, config.tickets, seed=config.seed, until=account.clock.now())
        account.clock.rewind_for_history(config.start)
    if config.speed is not None:
        account.clock.run(config.speed)
    account.rules.append(Triggers(account))
    account.clock.on_advance.append(Automations(account).make_up)
    return account
