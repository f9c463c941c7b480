"""The desk in its account, read from the warehouse: fields, hours, people, editions in use."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

import structlog
from sqlalchemy import Connection, select

from integrations.runtime.database import insert_into
from sync.sla.desk_clocks.book import DEFAULT_HOURS, DeskRules
from sync.sla.desk_clocks.desk import Desk, Hours, make_desk
from sync.sla.desk_clocks.loading import Kept, RulesFile, load_desk_rules
from sync.sla.rulebook import Rulebook
from sync.sla.schedules import WorkingTime
from sync.warehouse.tables.configuration import ticket_fields
from sync.warehouse.tables.marks import desk_rule_editions
from sync.warehouse.tables.people import group_memberships, groups
from sync.warehouse.tables.policies import schedules

log = structlog.get_logger(__name__)


def load_desk(connection: Connection, file: RulesFile, rulebook: Rulebook) -> Desk:
    """Return the desk with the rules of a file ; raises ConfigError."""
    kept = kept_editions(connection)
    rules = load_desk_rules(file, kept)
    for policy_id in rules.changed_editions:
        log.warning("desk_rule_edition_was_changed", policy_id=policy_id)
    return make_desk(
        rules,
        field_ids=_field_ids(connection, rules),
        hours=hours_of(connection, rulebook),
        members=_members(connection, rules),
        noted=frozenset(policy_id for policy_id, _ in kept),
    )


def hours_of(connection: Connection, rulebook: Rulebook) -> Hours:
    """Return the account's business hours by name: the default ones, or a schedule's title."""
    living = select(schedules.c.name, schedules.c.id).where(schedules.c.deleted_at.is_(None))
    by_name = {row.name: row.id for row in connection.execute(living.order_by(schedules.c.id))}

    def find(name: str, at: int) -> WorkingTime | None:
        if name == DEFAULT_HOURS:
            return rulebook.schedule(None, at)
        return rulebook.schedule(by_name[name], at) if name in by_name else None

    return find


def kept_editions(connection: Connection) -> Kept:
    """Return the editions of rules that clocks have followed."""
    rows = connection.execute(select(desk_rule_editions))
    return frozenset((row.policy_id, json.dumps(row.record, sort_keys=True)) for row in rows)


def keep_editions(
    connection: Connection, desk: Desk, used: Collection[str], *, now: datetime
) -> None:
    """Keep the editions that clocks now follow for the first time."""
    rows = [
        {"policy_id": each, "record": desk.rules.records[each], "first_used_at": now}
        for each in sorted(set(used) - desk.noted)
        if each in desk.rules.records
    ]
    if rows:
        insert = insert_into(connection, desk_rule_editions)
        connection.execute(insert.on_conflict_do_nothing(index_elements=["policy_id"]), rows)


def _field_ids(connection: Connection, rules: DeskRules) -> Mapping[str, list[int]]:
    titles = rules.marks.field_titles
    query = (
        select(ticket_fields.c.title, ticket_fields.c.id)
        .where(ticket_fields.c.title.in_(titles), ticket_fields.c.deleted_at.is_(None))
        .order_by(ticket_fields.c.id)
    )
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.title].append(row.id)
    return found


def _members(connection: Connection, rules: DeskRules) -> Mapping[str, set[int]]:
    """Return who is in the group of each department now; who was there before is not known."""
    names = {line.all[-1].name_en: code for code, line in rules.departments.items()}
    query = (
        select(groups.c.name, group_memberships.c.user_id)
        .join(group_memberships, group_memberships.c.group_id == groups.c.id)
        .where(
            groups.c.name.in_(names),
            groups.c.deleted_at.is_(None),
            group_memberships.c.deleted_at.is_(None),
        )
    )
    found: defaultdict[str, set[int]] = defaultdict(set)
    for row in connection.execute(query):
        found[names[row.name]].add(row.user_id)
    return found
