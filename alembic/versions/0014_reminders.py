"""When an occasion's undecided households were reminded; and what finds those for whom it is time."""

import sqlalchemy as sa

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SEEN = "id, tenant_id, status, rsvp_deadline, reminded_at, reveal_seating_at, seating_revealed_at"


def upgrade() -> None:
    op.add_column("occasions", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(f"GRANT SELECT ({SEEN}) ON occasions TO fairway_system")
    op.execute("CREATE POLICY due ON occasions FOR SELECT TO fairway_system USING (true)")


def downgrade() -> None:
    op.execute("DROP POLICY due ON occasions")
    op.execute(f"REVOKE SELECT ({SEEN}) ON occasions FROM fairway_system")
    op.drop_column("occasions", "reminded_at")
