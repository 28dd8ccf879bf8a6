"""Caddies: the lists with their queues, turns, weekly draws, imports, and what a club has set for them."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"
TABLES = ("caddie_settings", "caddies", "caddie_queues", "caddie_turns", "caddie_draws", "caddie_imports")
STATUSES = ("AVAILABLE", "IN_PREP", "IN_FIELD", "LATE", "ABSENT", "ON_LEAVE")
TURN_STATUSES = ("ASSIGNED", "IN_FIELD", "ENDED", "SKIPPED", "DECLINED", "WITHDRAWN")
LIST_NUMBER = "list_number BETWEEN 1 AND 20"


def upgrade() -> None:
    create_tables()
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO fairway_app")
        op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    op.execute("GRANT SELECT ON caddie_queues TO fairway_system")
    op.execute("CREATE POLICY due ON caddie_queues FOR SELECT TO fairway_system USING (true)")


def of_club(table: str, *columns: sa.Column | sa.schema.SchemaItem) -> None:
    """Create a table whose rows belong to a club of a tenant."""
    op.create_table(
        table,
        sa.Column("club_id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "club_id"], ["clubs.tenant_id", "clubs.id"], name=op.f(f"fk_{table}_tenant_id_club_id")
        ),
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


def create_tables() -> None:
    of_club(
        "caddie_settings",
        sa.Column("lists", sa.Integer(), nullable=False),
        sa.Column("fees", postgresql.JSONB(), nullable=False),
        moment("updated_at"),
        check("caddie_settings", "lists", "lists BETWEEN 1 AND 20"),
        sa.UniqueConstraint("club_id", name=op.f("uq_caddie_settings_club_id")),
    )
    create_caddies()
    of_club(
        "caddie_queues",
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        moment("ends_at"),
        check("caddie_queues", "list_number", LIST_NUMBER),
        sa.UniqueConstraint("club_id", "list_number", name=op.f("uq_caddie_queues_club_id_list_number")),
    )
    op.create_index(op.f("ix_caddie_queues_ends_at"), "caddie_queues", ["ends_at"])
    create_turns()
    of_club(
        "caddie_draws",
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("drawn", postgresql.JSONB(), nullable=False),
        sa.Column("drawn_by", sa.String(length=200), nullable=False),
        moment("created_at"),
        check("caddie_draws", "list_number", LIST_NUMBER),
        check("caddie_draws", "monday", "extract(isodow FROM week) = 1"),
        sa.UniqueConstraint("club_id", "list_number", "week", name=op.f("uq_caddie_draws_club_id_list_number_week")),
    )
    of_club(
        "caddie_imports",
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("imported_by", sa.String(length=200), nullable=False),
        moment("created_at"),
        check("caddie_imports", "added", "added > 0"),
    )


def create_caddies() -> None:
    of_club(
        "caddies",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("status", choice("caddiestatus", *STATUSES), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("user_id", sa.String(length=200), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("queue_round", sa.Integer(), nullable=False),
        sa.Column("queue_place", sa.Integer(), nullable=True),
        moment("created_at"),
        moment("updated_at"),
        check("caddies", "list_number", LIST_NUMBER),
        check(
            "caddies",
            "queued",
            "(is_active AND status IN ('AVAILABLE', 'IN_PREP', 'LATE')) = (queue_place IS NOT NULL)",
        ),
        sa.UniqueConstraint(
            "club_id",
            "list_number",
            "queue_round",
            "queue_place",
            name=op.f("uq_caddies_club_id_list_number_queue_round_queue_place"),
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index(
        "uq_caddies_club_id_user_id",
        "caddies",
        ["club_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("user_id IS NOT NULL AND is_active"),
    )


def create_turns() -> None:
    of_club(
        "caddie_turns",
        sa.Column("caddie_id", sa.Uuid(), nullable=False),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", choice("turnstatus", *TURN_STATUSES), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        moment("started_at", nullable=True),
        moment("ended_at", nullable=True),
        sa.Column("fee_tier", choice("feetier", "SINGLE", "DOUBLE", "FORECADDIE"), nullable=True),
        sa.Column("fee_cents", sa.Integer(), nullable=True),
        sa.Column("tip_cents", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("assigned_as", choice("assignmentkind", "GROUP", "MEMBER_REQUEST"), nullable=True),
        sa.Column("answer", choice("assignmentanswer", "PENDING", "ACCEPTED", "DECLINED", "WITHDRAWN"), nullable=True),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        moment("created_at"),
        points_to("caddie_turns", "caddie_id", "caddies"),
        points_to("caddie_turns", "booking_id", "bookings"),
        check("caddie_turns", "list_number", LIST_NUMBER),
        check("caddie_turns", "started", "(status IN ('IN_FIELD', 'ENDED')) = (started_at IS NOT NULL)"),
        check("caddie_turns", "ended", "(status = 'ENDED') = (ended_at IS NOT NULL)"),
        check(
            "caddie_turns",
            "loop",
            "(status = 'ENDED') = (num_nulls(fee_tier, fee_cents, tip_cents, currency) = 0)",
        ),
        check("caddie_turns", "cents", "fee_cents >= 0 AND tip_cents >= 0"),
        check("caddie_turns", "assignment", "num_nulls(booking_id, assigned_as, answer) IN (0, 3)"),
        check(
            "caddie_turns", "assigned", "status NOT IN ('ASSIGNED', 'DECLINED', 'WITHDRAWN') OR booking_id IS NOT NULL"
        ),
    )
    op.create_index(
        "uq_caddie_turns_open",
        "caddie_turns",
        ["caddie_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('ASSIGNED', 'IN_FIELD')"),
    )
    op.create_index(op.f("ix_caddie_turns_club_id_day"), "caddie_turns", ["club_id", "day"])
    op.create_index(
        op.f("ix_caddie_turns_booking_id"),
        "caddie_turns",
        ["booking_id"],
        postgresql_where=sa.text("booking_id IS NOT NULL"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
