"""Groups of bookings: one payer and one organiser over several starts."""

import sqlalchemy as sa

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
TABLE = "booking_groups"
NAMES = ("organiser_first_name", "organiser_last_name", "payer_first_name", "payer_last_name")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        *(sa.Column(name, sa.String(length=100), nullable=False) for name in NAMES),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "club_id"],
            ["clubs.tenant_id", "clubs.id"],
            name=op.f("fk_booking_groups_tenant_id_club_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_groups")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_booking_groups_tenant_id_id")),
    )
    op.create_index(op.f("ix_booking_groups_club_id_id"), TABLE, ["club_id", "id"])
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {TABLE} TO fairway_app")
    op.execute(f"CREATE POLICY own ON {TABLE} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    op.add_column("bookings", sa.Column("group_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_bookings_tenant_id_group_id"),
        "bookings",
        TABLE,
        ["tenant_id", "group_id"],
        ["tenant_id", "id"],
    )
    op.create_index("ix_bookings_group_id", "bookings", ["group_id"], postgresql_where=sa.text("group_id IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("ix_bookings_group_id", "bookings")
    op.drop_constraint(op.f("fk_bookings_tenant_id_group_id"), "bookings")
    op.drop_column("bookings", "group_id")
    op.drop_table(TABLE)
