"""Templates of seasons, beside that of all days."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLE = "sheet_templates"
ALL_DAYS = "name IS NOT NULL OR num_nonnulls(first_date, last_date, weekdays) = 0 AND priority = 0"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("name", sa.String(length=100), nullable=True))
    op.add_column(TABLE, sa.Column("first_date", sa.Date(), nullable=True))
    op.add_column(TABLE, sa.Column("last_date", sa.Date(), nullable=True))
    op.add_column(TABLE, sa.Column("weekdays", postgresql.ARRAY(sa.Integer()), nullable=True))
    op.add_column(TABLE, sa.Column("priority", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.drop_constraint(op.f("uq_sheet_templates_course_id"), TABLE)
    op.create_unique_constraint(op.f("uq_sheet_templates_course_id_name"), TABLE, ["course_id", "name"])
    op.create_index(
        "uq_sheet_templates_all_days", TABLE, ["course_id"], unique=True, postgresql_where=sa.text("name IS NULL")
    )
    op.create_check_constraint(op.f("ck_sheet_templates_dates"), TABLE, "first_date <= last_date")
    op.create_check_constraint(op.f("ck_sheet_templates_all_days"), TABLE, ALL_DAYS)
    op.execute(f"GRANT DELETE ON {TABLE} TO fairway_app")


def downgrade() -> None:
    op.execute(f"REVOKE DELETE ON {TABLE} FROM fairway_app")
    op.execute(f"DELETE FROM {TABLE} WHERE name IS NOT NULL")
    op.drop_constraint(op.f("ck_sheet_templates_all_days"), TABLE)
    op.drop_constraint(op.f("ck_sheet_templates_dates"), TABLE)
    op.drop_index("uq_sheet_templates_all_days", TABLE)
    op.drop_constraint(op.f("uq_sheet_templates_course_id_name"), TABLE)
    op.create_unique_constraint(op.f("uq_sheet_templates_course_id"), TABLE, ["course_id"])
    for name in ("priority", "weekdays", "last_date", "first_date", "name"):
        op.drop_column(TABLE, name)
