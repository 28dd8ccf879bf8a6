"""Golfers can be erased: a row without anything of theirs stays, and what was told of them may be told no more."""

import sqlalchemy as sa

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

REMOVED = ("golfer_ratings", "news_windows", "contacts")
"""Tables from which the program removes rows from now on."""
ERASED = """
    CREATE POLICY erased ON events AS RESTRICTIVE FOR UPDATE TO fairway_app
    USING (stream_id IN (SELECT id FROM streams WHERE {}))
"""
ROOMS = "name LIKE 'occasion:%' OR name LIKE 'tee-time:%'"
BARRED, GONE = "erased_at IS NOT NULL OR NOT is_barred", "erased_at IS NULL OR suspended_at IS NOT NULL"


def upgrade() -> None:
    op.add_column("golfers", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    no = sa.text("false")
    op.add_column("golfers", sa.Column("is_barred", sa.Boolean(), server_default=no, nullable=False))
    op.create_check_constraint(op.f("ck_golfers_erased"), "golfers", GONE)
    op.create_check_constraint(op.f("ck_golfers_barred"), "golfers", BARRED)
    for table in REMOVED:
        op.execute(f"GRANT DELETE ON {table} TO fairway_app")
    op.execute("DROP POLICY erased ON events")
    op.execute(ERASED.format(f"{ROOMS} OR name LIKE 'user:%' OR name LIKE 'network:%'"))


def downgrade() -> None:
    op.execute("DROP POLICY erased ON events")
    op.execute(ERASED.format(ROOMS))
    for table in REMOVED:
        op.execute(f"REVOKE DELETE ON {table} FROM fairway_app")
    op.drop_constraint(op.f("ck_golfers_barred"), "golfers")
    op.drop_constraint(op.f("ck_golfers_erased"), "golfers")
    op.drop_column("golfers", "is_barred")
    op.drop_column("golfers", "erased_at")
