"""Players who have agreed to book for each other."""

import sqlalchemy as sa

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"


def upgrade() -> None:
    op.create_table(
        "buddies",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("lower_id", sa.Uuid(), nullable=False),
        sa.Column("upper_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("lower_id < upper_id", name=op.f("ck_buddies_order")),
        sa.CheckConstraint("asked_by_id IN (lower_id, upper_id)", name=op.f("ck_buddies_asked_by")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{parents}.tenant_id", f"{parents}.id"],
                name=op.f(f"fk_buddies_tenant_id_{column}"),
            )
            for column, parents in (("club_id", "clubs"), ("lower_id", "players"), ("upper_id", "players"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buddies")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_buddies_tenant_id_id")),
        sa.UniqueConstraint("lower_id", "upper_id", name=op.f("uq_buddies_lower_id_upper_id")),
    )
    op.create_index(op.f("ix_buddies_upper_id"), "buddies", ["upper_id"])
    op.execute("ALTER TABLE buddies ENABLE ROW LEVEL SECURITY")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON buddies TO fairway_app")
    op.execute(f"CREATE POLICY own ON buddies TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")


def downgrade() -> None:
    op.drop_table("buddies")
