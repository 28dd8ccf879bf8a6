"""A booking behind a hosted tee time, and which of its places is whose."""

import sqlalchemy as sa

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = "hosted_tee_times"
    op.add_column(table, sa.Column("booking_id", sa.Uuid(), nullable=True))
    for where, name in ((table, "ended_with_booking"), ("bookings", "hosts_tee_time")):
        op.add_column(where, sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
        op.alter_column(where, name, server_default=None)
    op.create_foreign_key(
        op.f(f"fk_{table}_tenant_id_booking_id"), table, "bookings", ["tenant_id", "booking_id"], ["tenant_id", "id"]
    )
    op.create_check_constraint(
        op.f(f"ck_{table}_ended_with_booking"), table, "booking_id IS NOT NULL OR NOT ended_with_booking"
    )
    live = sa.text("status IN ('OPEN', 'FULL')")
    op.create_index(f"uq_{table}_booking_id", table, ["booking_id"], unique=True, postgresql_where=live)
    op.add_column("participations", sa.Column("position", sa.Integer(), nullable=True))
    named = sa.Column("named_as", sa.String(length=100), nullable=False, server_default="")
    op.add_column("participations", named)
    op.alter_column("participations", "named_as", server_default=None)


def downgrade() -> None:
    for column in ("position", "named_as"):
        op.drop_column("participations", column)
    op.drop_column("bookings", "hosts_tee_time")
    op.drop_index("uq_hosted_tee_times_booking_id", "hosted_tee_times")
    op.drop_column("hosted_tee_times", "ended_with_booking")
    op.drop_column("hosted_tee_times", "booking_id")
