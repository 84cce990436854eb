"""Grants to user groups, and in one environment alone."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The key gets wider, and SQLite cannot alter a key: the table is made anew around the same rows.
    op.execute("CREATE TEMPORARY TABLE grants_before AS SELECT * FROM grants")
    op.drop_table("grants")
    op.create_table(
        "grants",
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("platform", sa.String(length=80), nullable=False),
        sa.Column("environment", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("granted_by", sa.String(length=80), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handle", sa.String(length=80)),
        sa.PrimaryKeyConstraint("holder", "platform", "environment", name="pk_grants"),
    )
    op.execute(
        "INSERT INTO grants (holder, platform, environment, role, granted_by, granted_at) "
        "SELECT person, platform, '*', role, granted_by, granted_at FROM grants_before"
    )
    op.execute("DROP TABLE grants_before")
