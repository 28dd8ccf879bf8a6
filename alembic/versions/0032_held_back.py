"""Cancelled places that are held back, and released together at a time of the clock."""

import sqlalchemy as sa

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

OWN = "status = 'ACTIVE' AND offer_id IS NULL"


def upgrade() -> None:
    op.add_column("clubs", sa.Column("held_back_minutes", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("clubs", sa.Column("held_back_until", sa.Time(), server_default=sa.text("'19:00'"), nullable=False))
    op.create_check_constraint(op.f("ck_clubs_held_back_minutes"), "clubs", "held_back_minutes BETWEEN 0 AND 10080")
    op.add_column("holds", sa.Column("is_held_back", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    _live_holds(f"{OWN} AND NOT is_held_back")


def downgrade() -> None:
    op.execute("""
        UPDATE slots SET status = 'AVAILABLE', hold_id = NULL FROM holds
        WHERE holds.id = slots.hold_id AND holds.is_held_back
    """)
    op.execute("UPDATE holds SET status = 'RELEASED', ended_at = now() WHERE is_held_back AND status = 'ACTIVE'")
    _live_holds(OWN)
    op.drop_column("holds", "is_held_back")
    op.drop_constraint(op.f("ck_clubs_held_back_minutes"), "clubs")
    op.drop_column("clubs", "held_back_until")
    op.drop_column("clubs", "held_back_minutes")


def _live_holds(which: str) -> None:
    op.drop_index("uq_holds_live", "holds")
    columns = ["tee_time_id", "holder_id"]
    op.create_index("uq_holds_live", "holds", columns, unique=True, postgresql_where=sa.text(which))
