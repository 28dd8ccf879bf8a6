"""Refunds that have failed are found without reading all of them."""

import sqlalchemy as sa

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

NAME = "ix_deposit_refunds_failed"


def upgrade() -> None:
    op.create_index(NAME, "deposit_refunds", ["deposit_id"], postgresql_where=sa.text("status = 'FAILED'"))


def downgrade() -> None:
    op.drop_index(NAME, table_name="deposit_refunds")
