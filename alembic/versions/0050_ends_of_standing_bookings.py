"""Standing bookings say why they ended."""

import sqlalchemy as sa

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

TABLE = "standing_bookings"
ENDED, REASON = "ck_standing_bookings_ended", "ck_standing_bookings_standingend"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("end_reason", sa.String(length=32), nullable=True))
    op.execute("UPDATE standing_bookings SET end_reason = 'BY_STAFF' WHERE ended_at IS NOT NULL")
    op.create_check_constraint(op.f(REASON), TABLE, "end_reason IN ('BY_STAFF', 'PLAYER_DEACTIVATED')")
    _say_when_ended("num_nonnulls(ended_at, ended_by, end_reason) IN (0, 3)")


def downgrade() -> None:
    _say_when_ended("(ended_at IS NULL) = (ended_by IS NULL)")
    op.drop_constraint(op.f(REASON), TABLE)
    op.drop_column(TABLE, "end_reason")


def _say_when_ended(rule: str) -> None:
    op.drop_constraint(op.f(ENDED), TABLE)
    op.create_check_constraint(op.f(ENDED), TABLE, f"{rule} AND num_nonnulls(ended_at, next_at) < 2")
