"""Walkthroughs of procedures, and their steps."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "walkthroughs",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("platform", sa.String(length=80), nullable=False),
        sa.Column("procedure", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("incident", sa.Integer()),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("message_ts", sa.String(length=40)),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("started_by", sa.String(length=40), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("ended_by", sa.String(length=40)),
        sa.Column("ended_at", moment),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_walkthroughs"),
        sa.UniqueConstraint("origin", name="uq_walkthroughs_origin"),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name="fk_walkthroughs_incident_incidents"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_walkthroughs_incident", "walkthroughs", ["incident"], unique=False)
    op.create_index("ix_walkthroughs_ended_at", "walkthroughs", ["ended_at"], unique=False)
    op.create_table(
        "walkthrough_steps",
        sa.Column("walkthrough", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=40)),
        sa.Column("at", moment),
        sa.Column("level", sa.String(length=20)),
        sa.Column("outcome", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.PrimaryKeyConstraint("walkthrough", "position", name="pk_walkthrough_steps"),
        sa.ForeignKeyConstraint(
            ["walkthrough"], ["walkthroughs.number"], name="fk_walkthrough_steps_walkthrough_walkthroughs"
        ),
    )
