"""Play: rounds with their completed holes, suspensions of play, the pace that a course expects, withdrawn holds."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"
OWNED = ("rounds", "completed_holes", "suspensions")
HOLD_STATUSES = ("ACTIVE", "BOOKED", "RELEASED", "EXPIRED")


def upgrade() -> None:
    add_pace_of_courses()
    allow_hold_statuses(*HOLD_STATUSES, "WITHDRAWN")
    create_tables()
    protect_tables()


def add_pace_of_courses() -> None:
    """Expect of the courses that exist what is usual."""
    op.add_column("courses", sa.Column("minutes_for_18_holes", sa.Integer(), nullable=False, server_default="240"))
    op.add_column("courses", sa.Column("minutes_for_9_holes", sa.Integer(), nullable=False, server_default="120"))
    op.alter_column("courses", "minutes_for_18_holes", server_default=None)
    op.alter_column("courses", "minutes_for_9_holes", server_default=None)
    op.add_column("courses", sa.Column("time_par", postgresql.ARRAY(sa.Integer()), nullable=True))
    op.create_check_constraint(
        op.f("ck_courses_minutes"), "courses", "minutes_for_18_holes > 0 AND minutes_for_9_holes > 0"
    )
    op.create_check_constraint(
        op.f("ck_courses_time_par"), "courses", "cardinality(time_par) = holes AND 0 < ALL (time_par)"
    )


def allow_hold_statuses(*statuses: str) -> None:
    listed = ", ".join(f"'{status}'" for status in statuses)
    op.drop_constraint(op.f("ck_holds_holdstatus"), "holds", type_="check")
    op.create_check_constraint(op.f("ck_holds_holdstatus"), "holds", f"status IN ({listed})")


def protect_tables() -> None:
    for table in OWNED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO fairway_app")
        op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    op.execute("GRANT SELECT ON rounds TO fairway_system")
    op.execute("CREATE POLICY due ON rounds FOR SELECT TO fairway_system USING (true)")


def create_tables() -> None:
    op.create_table(
        "rounds",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("teed_off_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("teed_off_by", sa.String(length=200), nullable=False),
        sa.Column("start_hole", sa.Integer(), nullable=False),
        sa.Column("holes", sa.Integer(), nullable=False),
        sa.Column("course_holes", sa.Integer(), nullable=False),
        sa.Column("expected_minutes", sa.Integer(), nullable=False),
        sa.Column("time_par", postgresql.ARRAY(sa.Integer()), nullable=True),
        sa.Column("holes_completed", sa.Integer(), nullable=False),
        sa.Column("last_hole", sa.Integer(), nullable=True),
        sa.Column("last_completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes_behind", sa.Float(), nullable=True),
        sa.Column("gap_minutes", sa.Float(), nullable=True),
        sa.Column(
            "level",
            sa.Enum(
                "INFO",
                "WARNING",
                "CRITICAL",
                name="pacelevel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("holes_completed BETWEEN 0 AND holes", name=op.f("ck_rounds_holes_completed")),
        sa.CheckConstraint("(holes_completed = holes) = (completed_at IS NOT NULL)", name=op.f("ck_rounds_completed")),
        sa.CheckConstraint(
            "start_hole BETWEEN 1 AND course_holes AND last_hole <= course_holes", name=op.f("ck_rounds_on_course")
        ),
        *[
            sa.ForeignKeyConstraint(
                ["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], name=op.f(f"fk_rounds_tenant_id_{column}")
            )
            for table, column in (
                ("clubs", "club_id"),
                ("courses", "course_id"),
                ("tee_sheets", "sheet_id"),
                ("bookings", "booking_id"),
            )
        ],
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_rounds_booking_id")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_rounds_tenant_id_id")),
    )
    op.create_index(
        op.f("ix_rounds_sheet_id_start_hole_planned_at"), "rounds", ["sheet_id", "start_hole", "planned_at"]
    )
    op.create_index("ix_rounds_in_play", "rounds", ["course_id"], postgresql_where=sa.text("completed_at IS NULL"))
    op.create_table(
        "completed_holes",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hole", sa.Integer(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number >= 1 AND hole >= 1", name=op.f("ck_completed_holes_holes")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "round_id"],
            ["rounds.tenant_id", "rounds.id"],
            name=op.f("fk_completed_holes_tenant_id_round_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completed_holes")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_completed_holes_round_id_number")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_completed_holes_tenant_id_id")),
    )
    op.create_table(
        "suspensions",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspended_by", sa.String(length=200), nullable=False),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resumed_by", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("resumed_at >= suspended_at", name=op.f("ck_suspensions_order")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "course_id"],
            ["courses.tenant_id", "courses.id"],
            name=op.f("fk_suspensions_tenant_id_course_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_suspensions_tenant_id_id")),
    )
    op.create_index(op.f("ix_suspensions_course_id_suspended_at"), "suspensions", ["course_id", "suspended_at"])
    op.create_index(
        "uq_suspensions_open", "suspensions", ["course_id"], unique=True, postgresql_where=sa.text("resumed_at IS NULL")
    )


def downgrade() -> None:
    """Holds that were withdrawn become released ones, which is what came nearest before."""
    for table in ("suspensions", "completed_holes", "rounds"):
        op.drop_table(table)
    op.execute("UPDATE holds SET status = 'RELEASED' WHERE status = 'WITHDRAWN'")
    allow_hold_statuses(*HOLD_STATUSES)
    for column in ("time_par", "minutes_for_9_holes", "minutes_for_18_holes"):
        op.drop_column("courses", column)
