"""Lanes of streams, a quarantine that keeps records untouched, values with their end."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")

# Every value of every custom field, one row each, from the tickets as they are stored.
VALUES_ON_POSTGRESQL = """
    SELECT t.id, (f.entry ->> 'id')::bigint, v.place - 1, v.value
    FROM tickets t
    CROSS JOIN LATERAL jsonb_array_elements(t.custom_fields) AS f(entry)
    CROSS JOIN LATERAL jsonb_array_elements_text(
        CASE jsonb_typeof(f.entry -> 'value') WHEN 'array' THEN f.entry -> 'value'
        ELSE jsonb_build_array(f.entry -> 'value') END
    ) WITH ORDINALITY AS v(value, place)
    WHERE v.value IS NOT NULL
    ON CONFLICT DO NOTHING
"""
VALUES_ON_SQLITE = """
    SELECT t.id, f.value ->> '$.id', v.key,
           CASE v.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'
           ELSE CAST(v.value AS TEXT) END
    FROM tickets t, json_each(t.custom_fields) f, json_each(
        CASE json_type(f.value, '$.value') WHEN 'array' THEN f.value -> '$.value'
        ELSE json_array(json(f.value -> '$.value')) END
    ) v
    WHERE v.type <> 'null'
    ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    """Change what is there without losing a row."""
    _give_streams_lanes()
    _keep_quarantine_untouched()
    _give_values_an_end()
    _part_custom_fields()
    _remember_what_was_taken_back()


def _remember_what_was_taken_back() -> None:
    only = sa.text("erased_at IS NOT NULL")
    for table in ("tickets", "users"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(
                sa.Column(
                    "erased_at", INSTANT, comment="UTC; deleted for good: content is gone"
                )
            )
        op.create_index(
            f"ix_{table}_erased_at",
            table,
            ["erased_at"],
            sqlite_where=only,
            postgresql_where=only,
        )
    op.create_index("ix_ticket_audits_author_id", "ticket_audits", ["author_id"])
    _note_redactions()
    op.create_table(
        "ticket_rereads",
        sa.Column(
            "ticket_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="tickets.id",
        ),
        sa.Column(
            "reason", sa.Text(), nullable=False, comment="what happened to an older record"
        ),
        sa.Column(
            "noted_at", INSTANT, nullable=False, comment="UTC; newest reason to read it again"
        ),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), comment="why the newest attempt failed"),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_ticket_rereads")),
        comment="One row per ticket whose comments are to be read again; gone when that is done.",
    )
    op.create_table(
        "pending_erasures",
        sa.Column(
            "user_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="users.id"
        ),
        sa.Column(
            "traces", JSON, comment="list of addresses to look for; empty: none were ever stored"
        ),
        sa.Column("noted_at", INSTANT, nullable=False, comment="UTC"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_pending_erasures")),
        comment="One row per erased person whose copies are still to be removed; gone when done.",
    )


def _note_redactions() -> None:
    op.create_table(
        "comment_redactions",
        sa.Column(
            "event_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="id of the audit event",
        ),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False, comment="tickets.id"),
        sa.Column("audit_id", sa.BigInteger(), nullable=False, comment="ticket_audits.id"),
        sa.Column(
            "comment_id",
            sa.BigInteger(),
            comment="ticket_comments.id; empty: Zendesk names none",
        ),
        sa.Column(
            "attachment_id",
            sa.BigInteger(),
            comment="the file that was emptied, of kind attachment",
        ),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="words, attachment or privacy"
        ),
        sa.Column("author_id", sa.BigInteger(), comment="users.id; who took it back"),
        sa.Column("redacted_at", INSTANT, nullable=False, comment="UTC"),
        sa.Column("_synced_at", INSTANT, nullable=False, comment="UTC; when it was read"),
        sa.Column(
            "_source", sa.Text(), nullable=False, comment="export, webhook, action or verify"
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_comment_redactions")),
        comment=(
            "One row each time words or a file were taken out of a comment, or it became private."
        ),
    )
    op.create_index("ix_comment_redactions_ticket_id", "comment_redactions", ["ticket_id"])
    op.create_index("ix_comment_redactions_comment_id", "comment_redactions", ["comment_id"])


def _give_streams_lanes() -> None:
    op.execute("CREATE TABLE sync_cursors_before AS SELECT * FROM sync_cursors")
    op.drop_table("sync_cursors")
    op.create_table(
        "sync_cursors",
        sa.Column("stream", sa.Text(), nullable=False, comment="name in sync.streams.registry"),
        sa.Column(
            "lane",
            sa.Text(),
            server_default="live",
            nullable=False,
            comment="live: from its start on for ever; backfill …: the past up to until_at",
        ),
        sa.Column("cursor", sa.Text(), comment="where the next page begins, as Zendesk wrote it"),
        sa.Column("start_at", INSTANT, comment="UTC; oldest change this lane asks for"),
        sa.Column(
            "until_at", INSTANT, comment="UTC; backfill: newest change it reads; empty: live"
        ),
        sa.Column(
            "first_at", INSTANT, comment="UTC; change time of the first record it stored"
        ),
        sa.Column(
            "position_at", INSTANT, comment="UTC; change time of the newest record it stored"
        ),
        sa.Column(
            "rows", sa.BigInteger(), nullable=False, comment="records stored since the first run"
        ),
        sa.Column(
            "pages", sa.BigInteger(), nullable=False, comment="pages stored since the first run"
        ),
        sa.Column(
            "requests",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="requests it took, failed ones included",
        ),
        sa.Column(
            "errors",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="runs that ended early",
        ),
        sa.Column(
            "expected", sa.BigInteger(), comment="backfill: records Zendesk counted when it began"
        ),
        sa.Column(
            "page_seconds", sa.Double(), comment="seconds from one page to the next, lately"
        ),
        sa.Column("started_at", INSTANT, comment="UTC; when its first page was stored"),
        sa.Column("asked_at", INSTANT, comment="UTC; when Zendesk was asked last"),
        sa.Column("stored_at", INSTANT, comment="UTC; when the newest page was stored"),
        sa.Column(
            "caught_up_at",
            INSTANT,
            comment="UTC; all that Zendesk showed until then is here; backfill: when it was done",
        ),
        sa.Column("failed_at", INSTANT, comment="UTC; empty when the newest run went well"),
        sa.Column("error", sa.Text(), comment="what went wrong in the newest run"),
        sa.PrimaryKeyConstraint("stream", "lane", name=op.f("pk_sync_cursors")),
        comment=(
            "One row per stream and lane, written in one transaction with the page it stands for."
        ),
    )
    kept = "stream, cursor, rows, pages, stored_at, caught_up_at, failed_at, error"
    op.execute(f"INSERT INTO sync_cursors ({kept}) SELECT {kept} FROM sync_cursors_before")
    op.drop_table("sync_cursors_before")


def _keep_quarantine_untouched() -> None:
    with op.batch_alter_table("quarantined_records") as batch:
        batch.alter_column(
            "stream",
            existing_type=sa.Text(),
            existing_nullable=False,
            comment="name in sync.streams.registry",
        )
        batch.alter_column(
            "raw",
            existing_type=sa.JSON(),
            existing_nullable=False,
            type_=sa.Text(),
            comment="the record as JSON text, untouched",
            postgresql_using="(raw -> 'record')::text",
        )
        batch.alter_column(
            "error",
            existing_type=sa.Text(),
            existing_nullable=False,
            comment="why it did not fit; without its content",
        )
        batch.add_column(sa.Column("table_name", sa.Text(), comment="the table it was meant for"))
        batch.add_column(
            sa.Column(
                "ticket_id",
                sa.BigInteger(),
                comment="the ticket it belongs to, when it names one",
            )
        )
        batch.add_column(
            sa.Column(
                "stored",
                sa.Boolean(),
                server_default=sa.false(),
                nullable=False,
                comment="a readable copy is in its table, without the characters no database stores",
            )
        )
        batch.add_column(
            sa.Column(
                "version",
                sa.Text(),
                comment="version of riskdesk that refused it; a newer one tries again",
            )
        )
        batch.add_column(sa.Column("first_seen_at", INSTANT, comment="UTC; when it came first"))
        batch.add_column(
            sa.Column(
                "resolved_at",
                INSTANT,
                comment="UTC; when it, or a newer state of it, was stored",
            )
        )
        batch.create_index("ix_quarantined_records_ticket_id", ["ticket_id"])
    if op.get_context().dialect.name == "postgresql":
        op.create_table_comment(
            "quarantined_records",
            "One row per record that did not fit its table; the rest of its page was stored.",
        )
    else:
        op.execute("UPDATE quarantined_records SET raw = raw -> '$.record'")
    op.create_table(
        "unknown_fields",
        sa.Column(
            "table_name", sa.Text(), nullable=False, comment="the table the record belongs to"
        ),
        sa.Column(
            "field",
            sa.Text(),
            nullable=False,
            comment="key in the record; its value is in raw only",
        ),
        sa.Column("record_id", sa.Text(), comment="id of the first record that had it"),
        sa.Column("first_seen_at", INSTANT, nullable=False, comment="UTC"),
        sa.PrimaryKeyConstraint("table_name", "field", name=op.f("pk_unknown_fields")),
        comment="One row per field that Zendesk sends and this version does not know.",
    )


def _give_values_an_end() -> None:
    with op.batch_alter_table("ticket_field_history") as batch:
        batch.drop_index("ix_ticket_field_history_ticket_id_field")
        batch.alter_column(
            "changed_at",
            new_column_name="valid_from",
            existing_type=INSTANT,
            existing_nullable=False,
            comment="UTC; when it got this value",
        )
        batch.add_column(
            sa.Column(
                "via_channel", sa.Text(), comment="web, email, api, rule ... of the change"
            )
        )
        batch.add_column(
            sa.Column(
                "valid_until",
                INSTANT,
                comment="UTC; when the next value came; empty: it holds",
            )
        )
    with op.batch_alter_table("ticket_field_history") as batch:
        batch.create_index(
            "ix_ticket_field_history_ticket_id_field", ["ticket_id", "field", "valid_from"]
        )
        batch.create_index("ix_ticket_field_history_field_valid_from", ["field", "valid_from"])
    op.execute(
        """
        UPDATE ticket_field_history SET via_channel = a.via_channel
        FROM ticket_audits a WHERE a.id = ticket_field_history.audit_id
        """
    )
    op.execute(
        """
        UPDATE ticket_field_history SET valid_until = n.follows
        FROM (
            SELECT event_id, field, lead(valid_from) OVER (
                PARTITION BY ticket_id, field ORDER BY valid_from, event_id
            ) AS follows FROM ticket_field_history
        ) n
        WHERE n.event_id = ticket_field_history.event_id AND n.field = ticket_field_history.field
        """
    )


def _part_custom_fields() -> None:
    op.drop_table("ticket_custom_fields")  # its place takes a view, made after the migrations
    op.create_table(
        "ticket_field_values",
        sa.Column(
            "ticket_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="tickets.id",
        ),
        sa.Column(
            "field_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="ticket_fields.id",
        ),
        sa.Column(
            "position",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="0; fields with several values count on",
        ),
        sa.Column(
            "value", sa.Text(), nullable=False, comment="text; numbers and booleans as JSON text"
        ),
        sa.PrimaryKeyConstraint(
            "ticket_id", "field_id", "position", name=op.f("pk_ticket_field_values")
        ),
        comment=(
            "One row per value of a ticket's custom field now; ticket_custom_fields reads it."
        ),
    )
    op.create_index("ix_ticket_field_values_field_id", "ticket_field_values", ["field_id"])
    is_postgresql = op.get_context().dialect.name == "postgresql"
    values = VALUES_ON_POSTGRESQL if is_postgresql else VALUES_ON_SQLITE
    op.execute(
        f"INSERT INTO ticket_field_values (ticket_id, field_id, position, value) {values}"
    )
    op.create_table(
        "ticket_field_options",
        sa.Column(
            "field_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="ticket_fields.id",
        ),
        sa.Column(
            "value", sa.Text(), nullable=False, comment="what tickets bear as value, and as tag"
        ),
        sa.Column(
            "name",
            sa.Text(),
            nullable=False,
            comment="what people see; :: parts levels of a menu",
        ),
        sa.Column("position", sa.BigInteger()),
        sa.PrimaryKeyConstraint("field_id", "value", name=op.f("pk_ticket_field_options")),
        comment="One row per option of a drop-down or multi-select field, as it is now.",
    )
