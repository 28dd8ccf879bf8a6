"""What is asked of who wants some starts of a template, or of a sheet."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLES = ("sheet_templates", "tee_sheets")


def upgrade() -> None:
    for table in TABLES:
        none = sa.text("'[]'::jsonb")
        op.add_column(table, sa.Column("restrictions", postgresql.JSONB(), server_default=none, nullable=False))
    own = sa.Column("has_own_restrictions", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("tee_sheets", own)


def downgrade() -> None:
    op.drop_column("tee_sheets", "has_own_restrictions")
    for table in TABLES:
        op.drop_column(table, "restrictions")
