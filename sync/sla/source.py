"""What the engine needs, read from the warehouse: the account's rules and tickets' lives."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import structlog
from sqlalchemy import Connection, Row, Select, Table, or_, select

from integrations.runtime.errors import BadRecord
from sync.sla.engine import Rulebook
from sync.sla.history import TicketRecord, read_life
from sync.sla.policies import Policy, PolicyBook, read_policy
from sync.sla.schedules import BusinessTime
from sync.sla.timeline import Role, Timeline, build_timeline
from sync.warehouse.tables.history import ticket_audits, ticket_comments, ticket_field_history
from sync.warehouse.tables.people import users
from sync.warehouse.tables.policies import schedule_holidays, schedules, sla_policies
from sync.warehouse.tables.tickets import tickets
