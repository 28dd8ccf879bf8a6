"""Tokens that were revoked."""

import sqlalchemy as sa

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"


def upgrade() -> None:
    op.create_table(
        "revocations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column(
            "owner",
            sa.Enum(
                *("USER", "HOUSEHOLD", "DEVICE"),
                name="tokenowner",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("revoked_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "owner", "subject", name=op.f("pk_revocations")),
    )
    op.create_index(op.f("ix_revocations_revoked_before"), "revocations", ["revoked_before"])
    op.execute("ALTER TABLE revocations ENABLE ROW LEVEL SECURITY")
    op.execute("GRANT SELECT, INSERT, UPDATE ON revocations TO fairway_app")
    op.execute(f"CREATE POLICY own ON revocations TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    op.execute("GRANT SELECT, DELETE ON revocations TO fairway_system")
    op.execute("CREATE POLICY known ON revocations FOR SELECT TO fairway_system USING (true)")
    op.execute("CREATE POLICY old ON revocations FOR DELETE TO fairway_system USING (true)")


def downgrade() -> None:
    op.drop_table("revocations")
