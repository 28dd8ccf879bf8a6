"""Notes on bookings, starts and days."""

import sqlalchemy as sa

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLES = ("bookings", "tee_times", "tee_sheets")


def upgrade() -> None:
    for table in TABLES:
        for column in ("note", "staff_note"):
            op.add_column(table, sa.Column(column, sa.String(length=500), server_default="", nullable=False))


def downgrade() -> None:
    for table in TABLES:
        for column in ("note", "staff_note"):
            op.drop_column(table, column)
