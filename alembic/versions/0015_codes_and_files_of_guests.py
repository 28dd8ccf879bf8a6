"""Guests: invitations are found by their codes, and files that were taken in are noted."""

import sqlalchemy as sa

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"


def upgrade() -> None:
    op.create_table(
        "guest_imports",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("households_added", sa.Integer(), nullable=False),
        sa.Column("imported_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "occasion_id"],
            ["occasions.tenant_id", "occasions.id"],
            name=op.f("fk_guest_imports_tenant_id_occasion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_imports")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_guest_imports_tenant_id_id")),
    )
    op.create_index(op.f("ix_guest_imports_occasion_id"), "guest_imports", ["occasion_id"])
    op.execute("ALTER TABLE guest_imports ENABLE ROW LEVEL SECURITY")
    op.execute("GRANT SELECT, INSERT, UPDATE ON guest_imports TO fairway_app")
    op.execute(f"CREATE POLICY own ON guest_imports TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    op.execute("GRANT SELECT (id, tenant_id, occasion_id, code) ON households TO fairway_system")
    op.execute("CREATE POLICY found ON households FOR SELECT TO fairway_system USING (true)")
    op.execute("GRANT SELECT (id, tenant_id, status) ON occasions TO fairway_system")
    op.execute("CREATE POLICY found ON occasions FOR SELECT TO fairway_system USING (true)")


def downgrade() -> None:
    for table in ("households", "occasions"):
        op.execute(f"DROP POLICY found ON {table}")
        op.execute(f"REVOKE SELECT ON {table} FROM fairway_system")
    op.drop_table("guest_imports")
