"""Whoever asks for a job that waits already may lock it until their change is committed."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("GRANT UPDATE (priority) ON pgqueuer TO fairway_app")


def downgrade() -> None:
    op.execute("REVOKE UPDATE (priority) ON pgqueuer FROM fairway_app")
