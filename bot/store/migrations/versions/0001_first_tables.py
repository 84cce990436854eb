"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "effects",
        sa.Column("workflow", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("intended_at", moment, nullable=False),
        sa.Column("done_at", moment),
        sa.Column("outcome", sa.JSON()),
        sa.PrimaryKeyConstraint("workflow", "name", name="pk_effects"),
    )
    op.create_index("ix_effects_intended_at", "effects", ["intended_at"], unique=False)
    op.create_table(
        "gestures",
        sa.Column("gesture", sa.String(length=255), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("gesture", name="pk_gestures"),
    )
    op.create_table(
        "grants",
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("platform", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("granted_by", sa.String(length=80), nullable=False),
        sa.Column("granted_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("person", "platform", name="pk_grants"),
    )
    op.create_table(
        "incidents",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("platform", sa.String(length=80), nullable=False),
        sa.Column("severity", sa.String(length=40), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("declared_by", sa.String(length=40), nullable=False),
        sa.Column("declared_at", moment, nullable=False),
        sa.Column("declared_in", sa.String(length=40), nullable=False),
        sa.Column("reply_to", sa.Text()),
        sa.Column("acknowledged_by", sa.String(length=40)),
        sa.Column("acknowledged_at", moment),
        sa.Column("channel_name", sa.String(length=80)),
        sa.Column("channel_id", sa.String(length=40)),
        sa.Column("header_ts", sa.String(length=40)),
        sa.PrimaryKeyConstraint("number", name="pk_incidents"),
        sa.UniqueConstraint("channel_id", name="uq_incidents_channel_id"),
        sa.UniqueConstraint("channel_name", name="uq_incidents_channel_name"),
        sa.UniqueConstraint("origin", name="uq_incidents_origin"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_incidents_platform_declared_at", "incidents", ["platform", "declared_at"], unique=False)
    op.create_index(
        "ix_incidents_status_rank_declared_at", "incidents", ["status", "rank", "declared_at"], unique=False
    )
    op.create_table(
        "outbox",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("channel", sa.String(length=85), nullable=False),
        sa.Column("thread_ts", sa.String(length=40)),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("queued", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("put_at", moment, nullable=False),
        sa.Column("ts", sa.String(length=40)),
        sa.Column("code", sa.String(length=80)),
        sa.Column("reason", sa.Text()),
        sa.Column("claimed_by", sa.String(length=80)),
        sa.Column("claimed_until", moment),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("first_try_at", moment),
        sa.Column("last_try_at", moment),
        sa.Column("again_at", moment),
        sa.Column("edit", sa.JSON()),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("shown", sa.String(length=64)),
        sa.PrimaryKeyConstraint("number", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_channel_number", "outbox", ["channel", "number"], unique=False)
    op.create_index("ix_outbox_claimed_by", "outbox", ["claimed_by"], unique=False)
    op.create_index("ix_outbox_state", "outbox", ["state"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("replica", sa.String(length=80), nullable=False),
        sa.Column("arrived_at", moment, nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_receipts"),
    )
    op.create_index("ix_receipts_arrived_at", "receipts", ["arrived_at"], unique=False)
    op.create_index("ix_receipts_state_replica", "receipts", ["state", "replica"], unique=False)
    op.create_table(
        "replicas",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.Column("beat_at", moment, nullable=False),
        sa.Column("has_left", sa.Boolean(), nullable=False),
        sa.Column("taken_by", sa.String(length=80)),
        sa.PrimaryKeyConstraint("id", name="pk_replicas"),
    )
    op.create_table(
        "timers",
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("payload", sa.JSON()),
        sa.Column("wake_at", moment),
        sa.Column("claimed_by", sa.String(length=80)),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text()),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_timers"),
    )
    op.create_index("ix_timers_claimed_by", "timers", ["claimed_by"], unique=False)
    op.create_index("ix_timers_wake_at", "timers", ["wake_at"], unique=False)
    op.create_table(
        "timeline",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=40)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name="fk_timeline_incident_incidents"),
        sa.PrimaryKeyConstraint("id", name="pk_timeline"),
        sa.UniqueConstraint("incident", "key", name="uq_timeline_incident_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_timeline_incident_at", "timeline", ["incident", "at"], unique=False)
    op.create_table(
        "troubles",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("mended_at", moment),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name="fk_troubles_incident_incidents"),
        sa.PrimaryKeyConstraint("incident", "part", name="pk_troubles"),
    )
