"""Course status: conditions, thresholds, closures, the append-only audit log, and carts."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"
CHANGING = ("course_conditions", "course_thresholds", "course_closures", "carts", "cart_reservations")
APPEND_ONLY = ("course_status_changes", "course_threshold_changes")
STATUSES = ("OPEN", "CONDITIONAL", "CLOSED")
SOURCES = ("AUTO_WEATHER", "MANUAL", "SCHEDULED")


def upgrade() -> None:
    extend_clubs_and_courses()
    create_conditions()
    create_thresholds()
    create_closures()
    create_status_changes()
    create_carts()
    for table in (*CHANGING, *APPEND_ONLY):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO fairway_app")
        op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    for table in CHANGING:
        op.execute(f"GRANT UPDATE ON {table} TO fairway_app")
    refuse_changes()
    look_across_tenants()


def look_across_tenants() -> None:
    """Let the work across tenants know where courses are, and what is due there."""
    op.execute("GRANT SELECT (id, tenant_id, club_id, latitude, longitude) ON courses TO fairway_system")
    op.execute("CREATE POLICY due ON courses FOR SELECT TO fairway_system USING (true)")
    seen = "id, tenant_id, course_id, override_until, lightning_until, checked_at"
    op.execute(f"GRANT SELECT ({seen}) ON course_conditions TO fairway_system")
    op.execute("CREATE POLICY due ON course_conditions FOR SELECT TO fairway_system USING (true)")


def refuse_changes() -> None:
    """Refuse to change or remove what is logged for good, to the tables' owner too."""
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION '% is append-only: its rows are neither changed nor removed', TG_TABLE_NAME"
        " USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def of_club(table: str, *columns: sa.Column | sa.schema.SchemaItem) -> None:
    """Create a table whose rows belong to a course of a club."""
    op.create_table(
        table,
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        points_to(table, "club_id", "clubs"),
        points_to(table, "course_id", "courses"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f(f"uq_{table}_tenant_id_id")),
    )


def points_to(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    """Refer to a row of the same tenant."""
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], [f"{parent}.tenant_id", f"{parent}.id"], name=op.f(f"fk_{table}_tenant_id_{column}")
    )


def choice(name: str, *values: str) -> sa.Enum:
    """Keep an enum as text that a check constraint holds to its values."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    """Hold rows to a rule."""
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    """A moment with its zone."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def text(name: str, length: int, *, nullable: bool = False) -> sa.Column:
    """A text of limited length."""
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def number(name: str, *, nullable: bool = False) -> sa.Column:
    """A whole number."""
    return sa.Column(name, sa.Integer(), nullable=nullable)


def json(name: str, *, nullable: bool = False) -> sa.Column:
    """A document."""
    return sa.Column(name, postgresql.JSONB(), nullable=nullable)


def causes() -> sa.Column:
    """What a decision rests on."""
    return sa.Column("causes", postgresql.ARRAY(sa.String(length=32)), nullable=False)


def extend_clubs_and_courses() -> None:
    op.add_column("clubs", sa.Column("tells_of_closures", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column(
        "courses",
        sa.Column("status", choice("coursestatus", *STATUSES), server_default=sa.text("'OPEN'"), nullable=False),
    )
    op.add_column(
        "courses", sa.Column("status_reason", sa.String(length=500), server_default=sa.text("''"), nullable=False)
    )
    op.add_column("courses", moment("status_until", nullable=True))


def create_conditions() -> None:
    overridden = "num_nonnulls(override_status, override_reason, override_by, override_at, override_until) IN (0, 5)"
    of_club(
        "course_conditions",
        moment("status_since"),
        sa.Column("source", choice("statussource", *SOURCES), nullable=False),
        causes(),
        sa.Column("override_status", choice("coursestatus", *STATUSES), nullable=True),
        text("override_reason", 500, nullable=True),
        text("override_by", 200, nullable=True),
        moment("override_at", nullable=True),
        moment("override_until", nullable=True),
        sa.Column(
            "cart_policy",
            choice("cartpolicy", "NORMAL", "NINETY_DEGREE", "PATH_ONLY", "WALKING_ONLY", "NONE"),
            nullable=False,
        ),
        sa.Column("holes_open", postgresql.ARRAY(sa.Integer()), nullable=True),
        sa.Column("temporary_greens", postgresql.ARRAY(sa.Integer()), nullable=False),
        text("note", 500),
        json("weather", nullable=True),
        number("score", nullable=True),
        json("memory"),
        moment("last_strike_at", nullable=True),
        moment("lightning_until", nullable=True),
        sa.Column("is_stale", sa.Boolean(), nullable=False),
        moment("stale_told_at", nullable=True),
        moment("alerted_at", nullable=True),
        moment("checked_at", nullable=True),
        moment("updated_at"),
        check("course_conditions", "override", overridden),
        check("course_conditions", "override_until", "override_until > override_at"),
        check("course_conditions", "score", "score BETWEEN 0 AND 100"),
        sa.UniqueConstraint("course_id", name=op.f("uq_course_conditions_course_id")),
    )
    for column in ("override_until", "lightning_until"):
        op.create_index(
            f"ix_course_conditions_{column}",
            "course_conditions",
            [column],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )


def create_thresholds() -> None:
    wind = "20 < wind_warning_kmh AND wind_warning_kmh < wind_severe_kmh AND wind_severe_kmh <= 250"
    playability = (
        "0 <= playability_severe_threshold AND playability_severe_threshold < playability_warning_threshold"
        " AND playability_warning_threshold < 100"
    )
    of_club(
        "course_thresholds",
        *(
            sa.Column(name, sa.Double(), nullable=False)
            for name in ("wind_warning_kmh", "wind_severe_kmh", "precipitation_warning_mm")
        ),
        number("playability_warning_threshold"),
        number("playability_severe_threshold"),
        sa.Column("auto_block_on_severe", sa.Boolean(), nullable=False),
        text("changed_by", 200),
        moment("changed_at"),
        check("course_thresholds", "wind", wind),
        check("course_thresholds", "precipitation", "precipitation_warning_mm > 0 AND precipitation_warning_mm <= 300"),
        check("course_thresholds", "playability", playability),
        sa.UniqueConstraint("course_id", name=op.f("uq_course_thresholds_course_id")),
    )
    of_club("course_threshold_changes", json("before"), json("after"), text("changed_by", 200), moment("changed_at"))
    op.create_index(op.f("ix_course_threshold_changes_course_id_id"), "course_threshold_changes", ["course_id", "id"])


def create_closures() -> None:
    of_club(
        "course_closures",
        moment("began_at"),
        moment("reaches_until"),
        sa.Column("block_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        moment("ended_at", nullable=True),
    )
    op.create_index(
        "uq_course_closures_live",
        "course_closures",
        ["course_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def create_status_changes() -> None:
    of_club(
        "course_status_changes",
        sa.Column("sheet_id", sa.Uuid(), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("previous_status", choice("previous_status", *STATUSES), nullable=False),
        sa.Column("new_status", choice("new_status", *STATUSES), nullable=False),
        sa.Column("source", choice("statussource", *SOURCES), nullable=False),
        causes(),
        text("reason", 500),
        number("score", nullable=True),
        json("weather", nullable=True),
        text("changed_by_id", 200, nullable=True),
        text("changed_by_label", 200),
        moment("changed_at"),
        points_to("course_status_changes", "sheet_id", "tee_sheets"),
        check("course_status_changes", "score", "score BETWEEN 0 AND 100"),
    )
    op.create_index(
        op.f("ix_course_status_changes_course_id_date_id"), "course_status_changes", ["course_id", "date", "id"]
    )


def create_carts() -> None:
    of_club(
        "carts",
        text("number", 20),
        sa.Column("status", choice("cartstatus", "ACTIVE", "OUT", "INACTIVE", "RETIRED"), nullable=False),
        sa.Column("suspended_by", sa.Uuid(), nullable=True),
        moment("created_at"),
        moment("retired_at", nullable=True),
        points_to("carts", "suspended_by", "course_closures"),
        check("carts", "retired", "(status = 'RETIRED') = (retired_at IS NOT NULL)"),
        check("carts", "suspended", "suspended_by IS NULL OR status = 'INACTIVE'"),
    )
    op.create_index(
        "uq_carts_number",
        "carts",
        ["course_id", "number"],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    of_club(
        "cart_reservations",
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("status", choice("cartreservationstatus", "PENDING", "OUT", "RETURNED"), nullable=False),
        text("reserved_by", 200),
        moment("reserved_at"),
        moment("checked_out_at", nullable=True),
        moment("returned_at", nullable=True),
        points_to("cart_reservations", "cart_id", "carts"),
        points_to("cart_reservations", "booking_id", "bookings"),
        check("cart_reservations", "checked_out", "status <> 'OUT' OR checked_out_at IS NOT NULL"),
        check("cart_reservations", "returned", "(status = 'RETURNED') = (returned_at IS NOT NULL)"),
    )
    op.create_index(
        "uq_cart_reservations_out",
        "cart_reservations",
        ["cart_id"],
        unique=True,
        postgresql_where=sa.text("status = 'OUT'"),
    )
    op.create_index(
        "uq_cart_reservations_open",
        "cart_reservations",
        ["cart_id", "booking_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'RETURNED'"),
    )
    op.create_index(op.f("ix_cart_reservations_booking_id"), "cart_reservations", ["booking_id"])


def downgrade() -> None:
    for table in reversed((*CHANGING[:3], *APPEND_ONLY, *CHANGING[3:])):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP POLICY due ON courses")
    op.execute("REVOKE SELECT ON courses FROM fairway_system")
    for column in ("status", "status_reason", "status_until"):
        op.drop_column("courses", column)
    op.drop_column("clubs", "tells_of_closures")
