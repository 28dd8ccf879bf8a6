"""Until when a cart waits for a booking."""

import sqlalchemy as sa

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cart_reservations", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("""
        UPDATE cart_reservations r SET ends_at = CAST(s.date + 1 AS timestamp) AT TIME ZONE c.time_zone
        FROM bookings b, tee_times t, tee_sheets s, clubs c
        WHERE b.id = r.booking_id AND t.id = b.tee_time_id AND s.id = t.sheet_id AND c.id = r.club_id
    """)
    op.alter_column("cart_reservations", "ends_at", nullable=False)
    op.create_index(
        "ix_cart_reservations_pending", "cart_reservations", ["ends_at"], postgresql_where=sa.text("status = 'PENDING'")
    )
    op.execute("GRANT SELECT (id, tenant_id, course_id, status, ends_at) ON cart_reservations TO fairway_system")
    op.execute("CREATE POLICY due ON cart_reservations FOR SELECT TO fairway_system USING (true)")


def downgrade() -> None:
    op.execute("DROP POLICY due ON cart_reservations")
    op.execute("REVOKE SELECT ON cart_reservations FROM fairway_system")
    op.drop_index("ix_cart_reservations_pending", "cart_reservations")
    op.drop_column("cart_reservations", "ends_at")
