"""Rounds that come by their start once more."""

import sqlalchemy as sa

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("sheet_templates", "tee_sheets"):
        op.add_column(table, sa.Column("turn_minutes", sa.Integer(), nullable=True))
    op.add_column("bookings", sa.Column("turn_tee_time_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_bookings_tenant_id_turn_tee_time_id"),
        "bookings",
        "tee_times",
        ["tenant_id", "turn_tee_time_id"],
        ["tenant_id", "id"],
    )
    has_one = sa.text("turn_tee_time_id IS NOT NULL")
    op.create_index("ix_bookings_turn", "bookings", ["turn_tee_time_id"], postgresql_where=has_one)


def downgrade() -> None:
    op.drop_index("ix_bookings_turn", "bookings")
    op.drop_constraint(op.f("fk_bookings_tenant_id_turn_tee_time_id"), "bookings")
    op.drop_column("bookings", "turn_tee_time_id")
    for table in ("tee_sheets", "sheet_templates"):
        op.drop_column(table, "turn_minutes")
