"""The audit log, and the triggers that keep it append-only.

Whoever rebuilds these tables in a later migration has to make the triggers anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ONLY_ADDED = "The audit log is append-only"
_NO_CHANGE = f"{_ONLY_ADDED}: what is in it cannot be changed."
_NO_REMOVAL = f"{_ONLY_ADDED}: nothing can be removed from it."
_NO_GAP = f"{_ONLY_ADDED}: this entry does not continue it."
_NO_OTHER_HEAD = f"{_ONLY_ADDED}: its head follows its newest entry."

_SQLITE = (
    f"""CREATE TRIGGER audit_update BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, '{_NO_CHANGE}'); END""",
    f"""CREATE TRIGGER audit_delete BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, '{_NO_REMOVAL}'); END""",
    f"""CREATE TRIGGER audit_insert BEFORE INSERT ON audit
        WHEN NOT EXISTS (SELECT 1 FROM audit_head WHERE length + 1 = NEW.number AND hash = NEW.previous)
        BEGIN SELECT RAISE(ABORT, '{_NO_GAP}'); END""",  # noqa: S608 the sentences are ours
    f"""CREATE TRIGGER audit_head_update BEFORE UPDATE ON audit_head
        WHEN NEW.length IS NOT OLD.length + 1 OR NOT EXISTS (
            SELECT 1 FROM audit WHERE number = NEW.length AND hash = NEW.hash AND previous = OLD.hash)
        BEGIN SELECT RAISE(ABORT, '{_NO_OTHER_HEAD}'); END""",  # noqa: S608 as above
    f"""CREATE TRIGGER audit_head_insert BEFORE INSERT ON audit_head
        BEGIN SELECT RAISE(ABORT, '{_NO_OTHER_HEAD}'); END""",
    f"""CREATE TRIGGER audit_head_delete BEFORE DELETE ON audit_head
        BEGIN SELECT RAISE(ABORT, '{_NO_REMOVAL}'); END""",
    """CREATE TRIGGER audit_inserted AFTER INSERT ON audit
       BEGIN UPDATE audit_head SET length = NEW.number, hash = NEW.hash; END""",
)

_POSTGRES = (
    """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation'; END $$""",
    """CREATE FUNCTION audit_insert() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM audit_head WHERE length + 1 = NEW.number AND hash = NEW.previous) THEN
                RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$""",
    """CREATE FUNCTION audit_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN UPDATE audit_head SET length = NEW.number, hash = NEW.hash; RETURN NULL; END $$""",
    """CREATE FUNCTION audit_head_update() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.id <> OLD.id OR NEW.length <> OLD.length + 1 OR NOT EXISTS (
                SELECT 1 FROM audit WHERE number = NEW.length AND hash = NEW.hash AND previous = OLD.hash) THEN
                RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$""",
    f"""CREATE TRIGGER audit_update BEFORE UPDATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse('{_NO_CHANGE}')""",
    f"""CREATE TRIGGER audit_delete BEFORE DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse('{_NO_REMOVAL}')""",
    f"""CREATE TRIGGER audit_insert BEFORE INSERT ON audit
        FOR EACH ROW EXECUTE FUNCTION audit_insert('{_NO_GAP}')""",
    """CREATE TRIGGER audit_inserted AFTER INSERT ON audit
       FOR EACH ROW EXECUTE FUNCTION audit_inserted()""",
    f"""CREATE TRIGGER audit_head_update BEFORE UPDATE ON audit_head
        FOR EACH ROW EXECUTE FUNCTION audit_head_update('{_NO_OTHER_HEAD}')""",
    f"""CREATE TRIGGER audit_head_insert BEFORE INSERT ON audit_head
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse('{_NO_OTHER_HEAD}')""",
    f"""CREATE TRIGGER audit_head_delete BEFORE DELETE OR TRUNCATE ON audit_head
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse('{_NO_REMOVAL}')""",
)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("platform", sa.String(length=80)),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )
    for column in ("platform", "subject", "actor"):
        op.create_index(f"ix_audit_{column}_number", "audit", [column, "number"], unique=False)
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
        sa.CheckConstraint("id = 1", name="ck_audit_head_only"),
    )
    op.bulk_insert(head, [{"id": 1, "length": 0, "hash": "0" * 64}])
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRES:
        op.execute(statement)
