"""What the desk knows of tickets, and the rules that its clocks have followed."""

from sqlalchemy import BigInteger, Boolean, Column, Table, Text

from integrations.runtime.database import Json, UtcDateTime, metadata

ticket_marks = Table(
    "ticket_marks",
    metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False, comment="tickets.id"),
    Column("family", Text, comment="family of the taxonomy, A to X"),
    Column("reason", Text, comment="reason of the taxonomy, A1 ..."),
    Column("severity", Text, comment="S1 (worst) to S4"),
    Column("language", Text, comment="the customer's: en, zh ..."),
    Column("jurisdiction", Text, comment="where the complaint belongs: GB, DE, US-NY ..."),
    Column("is_complaint", Boolean, comment="a regulator would call it a complaint"),
    Column("product", Text, comment="what it is about: payment, card ..."),
    Column("queue", Text, comment="the department that was asked: SEC, CMP ..."),
    Column("channel", Text, comment="where it came in: email, web, cfpb_portal ..."),
    Column("read_at", UtcDateTime, nullable=False, comment="UTC; when the marks were read"),
    comment="One row per ticket: what its tags and fields say; empty where nobody said it.",
)

department_answers = Table(
    "department_answers",
    metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False, comment="tickets.id"),
    Column("queue", Text, primary_key=True, comment="the department that answered: SEC, CMP ..."),
    Column("answered_at", UtcDateTime, nullable=False, comment="UTC"),
    comment="One row per answer of a department outside its ticket, as somebody recorded it.",
)

desk_rule_editions = Table(
    "desk_rule_editions",
    metadata,
    Column("policy_id", Text, primary_key=True, comment="sla_clocks.policy_id: vara/ack@1 ..."),
    Column("record", Json, nullable=False, comment="the rule's figures when it was first followed"),
    Column("first_used_at", UtcDateTime, nullable=False, comment="UTC"),
    comment="One row per edition of a rule of the desk's own clocks; an edition never changes.",
)
