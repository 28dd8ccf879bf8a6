"""Starts know by how much they were delayed, so that they can come back, and no further."""

import sqlalchemy as sa

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was delayed before nobody knows: it stays where it is."""
    delayed = sa.Column("delayed_minutes", sa.Integer(), nullable=False, server_default=sa.text("0"))
    op.add_column("tee_times", delayed)
    op.create_check_constraint(op.f("ck_tee_times_delayed"), "tee_times", "delayed_minutes >= 0")


def downgrade() -> None:
    op.drop_column("tee_times", "delayed_minutes")
