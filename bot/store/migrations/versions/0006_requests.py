"""Requests for changes, the decisions on them, locks of targets, and switches."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "requests",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("platform", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=80)),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("undoes", sa.Integer()),
        sa.Column("incident", sa.Integer()),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("message_ts", sa.String(length=40)),
        sa.Column("requested_by", sa.String(length=40), nullable=False),
        sa.Column("requested_at", moment, nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_at", moment),
        sa.Column("ended_at", moment),
        sa.Column("outcome", sa.Text()),
        sa.Column("progress", sa.JSON()),
        sa.Column("notes", sa.JSON()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_requests"),
        sa.UniqueConstraint("origin", name="uq_requests_origin"),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name="fk_requests_incident_incidents"),
        sa.ForeignKeyConstraint(["undoes"], ["requests.number"], name="fk_requests_undoes_requests"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_requests_state", "requests", ["state"], unique=False)
    op.create_index("ix_requests_incident", "requests", ["incident"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("request", "person", name="pk_decisions"),
        sa.ForeignKeyConstraint(["request"], ["requests.number"], name="fk_decisions_request_requests"),
    )
    op.create_table(
        "target_locks",
        sa.Column("platform", sa.String(length=80), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.PrimaryKeyConstraint("platform", "target", name="pk_target_locks"),
        sa.ForeignKeyConstraint(["request"], ["requests.number"], name="fk_target_locks_request_requests"),
    )
    op.create_table(
        "switches",
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("platform", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("mode", "platform", name="pk_switches"),
    )
