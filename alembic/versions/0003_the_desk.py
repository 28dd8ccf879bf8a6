"""What the desk does to a tee sheet: players taken off bookings, blocks, shifted starts, rain checks."""

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"
COVERED = "CASE WHEN blocks > 0 THEN status IN ('BLOCKED', 'BOOKED') ELSE status <> 'BLOCKED' END"


def upgrade() -> None:
    op.execute("GRANT DELETE ON booking_players TO fairway_app")
    op.add_column("slots", sa.Column("blocks", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.create_check_constraint(op.f("ck_slots_blocks"), "slots", f"blocks >= 0 AND {COVERED}")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_slots_blocks"), "slots")
    op.drop_column("slots", "blocks")
    op.execute("REVOKE DELETE ON booking_players FROM fairway_app")
