"""Courses have a city, by which golfers are found whose place nobody knows; what is said of messages may go again."""

import sqlalchemy as sa

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

ERASED = """
    CREATE POLICY erased ON events AS RESTRICTIVE FOR UPDATE TO fairway_app
    USING (stream_id IN (SELECT id FROM streams WHERE {}))
"""


def upgrade() -> None:
    empty = sa.text("''")
    op.add_column("courses", sa.Column("city", sa.String(length=100), server_default=empty, nullable=False))
    op.add_column("courses", sa.Column("country", sa.String(length=2), server_default=empty, nullable=False))
    op.create_index(
        "ix_golfers_city",
        "golfers",
        ["tenant_id", "industry", "city_key"],
        postgresql_where=sa.text("city_key IS NOT NULL"),
    )
    op.execute("DROP POLICY erased ON events")
    op.execute(ERASED.format("name LIKE 'occasion:%' OR name LIKE 'tee-time:%'"))


def downgrade() -> None:
    op.execute("DROP POLICY erased ON events")
    op.execute(ERASED.format("name LIKE 'occasion:%'"))
    op.drop_index("ix_golfers_city", "golfers")
    op.drop_column("courses", "country")
    op.drop_column("courses", "city")
