"""When work that is done once in an interval was done last; and every worker may tell the courses' scores."""

import sqlalchemy as sa

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "last_runs",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_last_runs")),
    )
    op.execute("ALTER TABLE last_runs ENABLE ROW LEVEL SECURITY")
    op.execute("GRANT SELECT, INSERT, UPDATE ON last_runs TO fairway_system")
    op.execute("CREATE POLICY work ON last_runs TO fairway_system USING (true) WITH CHECK (true)")
    op.execute("GRANT SELECT (score) ON course_conditions TO fairway_system")


def downgrade() -> None:
    op.execute("REVOKE SELECT (score) ON course_conditions FROM fairway_system")
    op.drop_table("last_runs")
