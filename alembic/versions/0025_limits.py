"""Limits of bookings by price class, and the hour at which booking opens."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

OPENS = ("member_opens_at", "guest_opens_at", "public_opens_at")


def upgrade() -> None:
    for column in OPENS:
        op.add_column("clubs", sa.Column(column, sa.Time(), server_default=sa.text("'00:00'"), nullable=False))
    op.add_column(
        "clubs", sa.Column("booking_limits", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False)
    )
    op.create_index(op.f("ix_holds_tenant_id_holder_id_created_at"), "holds", ["tenant_id", "holder_id", "created_at"])
    op.create_index(
        "ix_bookings_cancelled_by",
        "bookings",
        ["tenant_id", "cancelled_by", "cancelled_at"],
        postgresql_where=sa.text("cancelled_by IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_bookings_cancelled_by", "bookings")
    op.drop_index(op.f("ix_holds_tenant_id_holder_id_created_at"), "holds")
    for column in ("booking_limits", *OPENS):
        op.drop_column("clubs", column)
