"""What of a sheet was changed by hand; starts that nobody has can go."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

GO_WITH_THEIR_START = ("holds", "block_slots", "slots", "tee_times")


def upgrade() -> None:
    by_hand = sa.Column("is_by_hand", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("tee_times", by_hand)
    for name in ("has_own_prices", "has_own_group_sizes"):
        op.add_column("tee_sheets", sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False))
    removed = sa.Column("removed_starts", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False)
    op.add_column("tee_sheets", removed)
    for table in GO_WITH_THEIR_START:
        op.execute(f"GRANT DELETE ON {table} TO fairway_app")


def downgrade() -> None:
    for table in GO_WITH_THEIR_START:
        op.execute(f"REVOKE DELETE ON {table} FROM fairway_app")
    for name in ("removed_starts", "has_own_group_sizes", "has_own_prices"):
        op.drop_column("tee_sheets", name)
    op.drop_column("tee_times", "is_by_hand")
