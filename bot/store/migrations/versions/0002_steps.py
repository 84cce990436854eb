"""The steps of workflows, and a short way to the open incidents."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OPEN = sa.text("status IN ('declared', 'acknowledged', 'investigating', 'identified', 'monitoring')")


def upgrade() -> None:
    op.create_table(
        "steps",
        sa.Column("workflow", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ending", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("workflow", "name", name="pk_steps"),
    )
    op.create_index("ix_steps_ended_at", "steps", ["ended_at"], unique=False)
    op.drop_index("ix_incidents_status_rank_declared_at", "incidents")
    op.drop_index("ix_incidents_platform_declared_at", "incidents")
    op.create_index("ix_incidents_declared_at", "incidents", ["declared_at"], unique=False)
    op.create_index(
        "ix_incidents_open",
        "incidents",
        ["rank", sa.text("declared_at DESC"), "platform"],
        unique=False,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
