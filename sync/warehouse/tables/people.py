"""Customers, their organizations, agents, and the groups agents work in."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, Text

from integrations.runtime.database import Json, UtcDateTime, metadata
from sync.warehouse.tables.bookkeeping import EMPTY, PERSONAL, bookkeeping, few_erased

users = Table(
    "users",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("role", Text, comment="end-user, agent or admin"),
    Column("name", Text, info={PERSONAL: True}, comment="personal"),
    Column("email", Text, info={PERSONAL: True}, comment="personal"),
    Column("phone", Text, info={PERSONAL: True}, comment="personal"),
    Column("external_id", Text, info={PERSONAL: True}, comment="their number in another system"),
    Column("organization_id", BigInteger, comment="organizations.id"),
    Column("default_group_id", BigInteger, comment="groups.id"),
    Column("custom_role_id", BigInteger, comment="custom_roles.id"),
    Column("locale", Text, comment="language, as in en-US"),
    Column("time_zone", Text, comment="as Zendesk names it"),
    Column("active", Boolean, comment="false: deleted in Zendesk"),
    Column("suspended", Boolean, comment="may not write any more"),
    Column("tags", Json, nullable=False, info={EMPTY: []}, comment="list of tags"),
    Column(
        "user_fields",
        Json,
        nullable=False,
        info={EMPTY: {}, PERSONAL: True},
        comment="custom fields by key",
    ),
    Column("last_login_at", UtcDateTime, comment="UTC"),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, nullable=False, comment="UTC"),
    *bookkeeping(erasable=True),
    Index("ix_users_email", "email"),
    Index("ix_users_role", "role"),
    few_erased("users"),
    comment="One row per person Zendesk knows: customers, agents, admins.",
)

organizations = Table(
    "organizations",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("name", Text, nullable=False, comment="what people read, unique"),
    Column("external_id", Text, comment="its number in another system"),
    Column("details", Text, info={PERSONAL: True}, comment="free text of agents"),
    Column("notes", Text, info={PERSONAL: True}, comment="free text of agents"),
    Column(
        "domain_names",
        Json,
        nullable=False,
        info={EMPTY: []},
        comment="list; new users with such an address join by themselves",
    ),
    Column("group_id", BigInteger, comment="groups.id; where tickets of its users start"),
    Column("shared_tickets", Boolean, comment="its users see each other's tickets"),
    Column("shared_comments", Boolean, comment="its users comment on each other's tickets"),
    Column("tags", Json, nullable=False, info={EMPTY: []}, comment="list of tags"),
    Column(
        "organization_fields",
        Json,
        nullable=False,
        info={EMPTY: {}, PERSONAL: True},
        comment="custom fields by key",
    ),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, nullable=False, comment="UTC"),
    *bookkeeping(),
    Index("ix_organizations_name", "name"),
    comment="One row per organization: a company that users belong to.",
)

groups = Table(
    "groups",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("name", Text, nullable=False, comment="what agents read"),
    Column("description", Text, comment="what admins say of it"),
    Column("is_public", Boolean, comment="false: only its members see its tickets"),
    Column("is_default", Boolean, comment="takes tickets that name no group"),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, comment="UTC"),
    *bookkeeping(),
    comment="One row per agent group (department queue).",
)

group_memberships = Table(
    "group_memberships",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="number in Zendesk"),
    Column("user_id", BigInteger, nullable=False, comment="users.id"),
    Column("group_id", BigInteger, nullable=False, comment="groups.id"),
    Column("is_default", Boolean, comment="the agent's tickets start in this group"),
    Column("created_at", UtcDateTime, comment="UTC"),
    Column("updated_at", UtcDateTime, comment="UTC"),
    *bookkeeping(),
    Index("ix_group_memberships_user_id", "user_id"),
    Index("ix_group_memberships_group_id", "group_id"),
    comment="One row per agent and group.",
)
