"""Erasure: what is held of a guest goes from the log as well, where the data of occasions' events may change."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("GRANT DELETE ON guest_requests TO fairway_app")
    op.execute("GRANT UPDATE (data) ON events TO fairway_app")
    op.execute("""
        CREATE POLICY erased ON events AS RESTRICTIVE FOR UPDATE TO fairway_app
        USING (stream_id IN (SELECT id FROM streams WHERE name LIKE 'occasion:%'))
    """)


def downgrade() -> None:
    op.execute("DROP POLICY erased ON events")
    op.execute("REVOKE UPDATE (data) ON events FROM fairway_app")
    op.execute("REVOKE DELETE ON guest_requests FROM fairway_app")
