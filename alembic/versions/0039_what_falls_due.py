"""What falls due by the clock: rounds that are over, rooms, notifications and deliveries that are old."""

import sqlalchemy as sa

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

SEEN = {
    "hosted_tee_times": "id, tenant_id, starts_at, status, archived_at",
    "golfers": "tenant_id, time_zone",
    "deliveries": "id, tenant_id, status, updated_at",
}
"""What work across tenants sees, of each table."""
INDEXES = (
    ("ix_hosted_tee_times_due", "hosted_tee_times", "starts_at", "status IN ('OPEN', 'FULL')"),
    ("ix_hosted_tee_times_old", "hosted_tee_times", "starts_at", "archived_at IS NULL"),
    ("ix_deliveries_waiting", "deliveries", "updated_at", "status IN ('QUEUED', 'SENDING')"),
    ("ix_notifications_read", "notifications", "read_at", "read_at IS NOT NULL"),
    ("ix_notifications_unshown", "notifications", "created_at", "NOT is_shown"),
)


def upgrade() -> None:
    op.add_column("hosted_tee_times", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
    for name, table, column, condition in INDEXES:
        op.create_index(name, table, [column], postgresql_where=sa.text(condition))
    for table, columns in SEEN.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO fairway_system")
        op.execute(f"CREATE POLICY due ON {table} FOR SELECT TO fairway_system USING (true)")


def downgrade() -> None:
    for table, columns in SEEN.items():
        op.execute(f"DROP POLICY due ON {table}")
        op.execute(f"REVOKE SELECT ({columns}) ON {table} FROM fairway_system")
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table)
    op.drop_column("hosted_tee_times", "archived_at")
