"""The first tables, with row-level security on every one of them, and the job queue.

The program connects as `fairway_app`, which sees the rows of the tenant that its transaction names, and for work across
tenants as `fairway_system`, which may read what is due and remove what is old. Neither owns or bypasses anything.
"""

import sqlalchemy as sa
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"
OWNED = (
    "clubs",
    "courses",
    "players",
    "sheet_templates",
    "tee_sheets",
    "tee_times",
    "slots",
    "holds",
    "bookings",
    "booking_players",
    "streams",
    "idempotency_keys",
)
DUE = ("sheet_templates", "holds", "streams", "events", "idempotency_keys")
REMOVABLE = ("events", "idempotency_keys")
QUEUE = ("pgqueuer", "pgqueuer_log", "pgqueuer_schedules", "pgqueuer_statistics")


def upgrade() -> None:
    create_tables()
    run_script(QueryBuilderEnvironment().build_install_query())
    protect_tables()
    protect_queue()


def run_script(sql: str) -> None:
    """Run the queue library's own script in this transaction: SQLAlchemy would take one statement at a time."""
    op.get_bind().connection.dbapi_connection.run_async(lambda connection: connection.execute(sql))


def protect_tables() -> None:
    for table in (*OWNED, "events", "tenants"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    for table in OWNED:
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO fairway_app")
        op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    op.execute("GRANT SELECT, INSERT ON events, tenants TO fairway_app")
    op.execute(f"CREATE POLICY own ON events TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    op.execute(f"CREATE POLICY own ON tenants TO fairway_app USING (id = {TENANT}) WITH CHECK (id = {TENANT})")
    for table in DUE:
        op.execute(f"GRANT SELECT ON {table} TO fairway_system")
        op.execute(f"CREATE POLICY due ON {table} FOR SELECT TO fairway_system USING (true)")
    for table in REMOVABLE:
        op.execute(f"GRANT DELETE ON {table} TO fairway_system")
        op.execute(f"CREATE POLICY old ON {table} FOR DELETE TO fairway_system USING (true)")
    op.execute("GRANT SELECT ON alembic_version TO fairway_app, fairway_system")


def protect_queue() -> None:
    """Let a tenant's change put down jobs of that tenant, and the worker see to all of them."""
    for table in QUEUE:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO fairway_system")
        op.execute(f"CREATE POLICY work ON {table} TO fairway_system USING (true) WITH CHECK (true)")
    own = f"(headers->>'tenant')::uuid = {TENANT}"
    op.execute("GRANT SELECT, INSERT ON pgqueuer TO fairway_app")
    op.execute(f"CREATE POLICY own ON pgqueuer TO fairway_app USING ({own}) WITH CHECK ({own})")
    op.execute("GRANT INSERT ON pgqueuer_log TO fairway_app")
    op.execute("CREATE POLICY own ON pgqueuer_log FOR INSERT TO fairway_app WITH CHECK (status = 'queued')")
    op.execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO fairway_app, fairway_system")


def create_tables() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("operation", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=True),
        sa.Column("cursor", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "streams",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "epoch",
            sa.String(length=12),
            server_default=sa.text("substr(md5(gen_random_uuid()::text), 1, 12)"),
            nullable=False,
        ),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_streams")),
        sa.UniqueConstraint("name", name=op.f("uq_streams_name")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_streams_tenant_id_id")),
    )
    op.create_table(
        "tenants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenants")),
    )
    op.create_table(
        "clubs",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "language",
            sa.Enum("EN", "ES", name="language", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "name_privacy",
            sa.Enum(
                "FULL", "INITIALS", "HIDDEN", name="nameprivacy", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("hold_minutes", sa.Integer(), nullable=False),
        sa.Column("cancellation_notice_hours", sa.Integer(), nullable=False),
        sa.Column("member_window_days", sa.Integer(), nullable=False),
        sa.Column("guest_window_days", sa.Integer(), nullable=False),
        sa.Column("public_window_days", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "cancellation_notice_hours BETWEEN 0 AND 720", name=op.f("ck_clubs_cancellation_notice_hours")
        ),
        sa.CheckConstraint("hold_minutes BETWEEN 1 AND 120", name=op.f("ck_clubs_hold_minutes")),
        sa.CheckConstraint(
            "least(member_window_days, guest_window_days, public_window_days) >= 0 AND "
            "greatest(member_window_days, guest_window_days, public_window_days) <= 400",
            name=op.f("ck_clubs_window_days"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_clubs_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clubs")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_clubs_tenant_id_id")),
    )
    op.create_table(
        "events",
        sa.Column("stream_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("rooms", postgresql.ARRAY(sa.String(length=160)), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "stream_id"],
            ["streams.tenant_id", "streams.id"],
            name=op.f("fk_events_tenant_id_stream_id"),
        ),
        sa.PrimaryKeyConstraint("stream_id", "position", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_occurred_at"), "events", ["occurred_at"], unique=False)
    op.create_index(op.f("ix_events_tenant_id"), "events", ["tenant_id"], unique=False)
    op.create_table(
        "courses",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("holes", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("holes IN (9, 18)", name=op.f("ck_courses_holes")),
        sa.CheckConstraint(
            "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name=op.f("ck_courses_coordinates")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "club_id"], ["clubs.tenant_id", "clubs.id"], name=op.f("fk_courses_tenant_id_club_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_courses_tenant_id_id")),
    )
    op.create_index(op.f("ix_courses_club_id"), "courses", ["club_id"], unique=False)
    op.create_table(
        "players",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.String(length=200), nullable=True),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column(
            "price_class",
            sa.Enum(
                "MEMBER", "GUEST", "PUBLIC", name="priceclass", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "club_id"], ["clubs.tenant_id", "clubs.id"], name=op.f("fk_players_tenant_id_club_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_players")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_players_tenant_id_id")),
    )
    op.create_index(
        "uq_players_club_id_user_id",
        "players",
        ["club_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.create_table(
        "sheet_templates",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("first_start", sa.Time(), nullable=False),
        sa.Column("last_start", sa.Time(), nullable=False),
        sa.Column("intervals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("group_sizes", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("starter_gap_every_minutes", sa.Integer(), nullable=True),
        sa.Column(
            "start_format",
            sa.Enum(
                "STANDARD",
                "CROSSOVER",
                "SHOTGUN",
                name="startformat",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("prices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "course_id"],
            ["courses.tenant_id", "courses.id"],
            name=op.f("fk_sheet_templates_tenant_id_course_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_templates")),
        sa.UniqueConstraint("course_id", name=op.f("uq_sheet_templates_course_id")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_sheet_templates_tenant_id_id")),
    )
    op.create_table(
        "tee_sheets",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("holes", sa.Integer(), nullable=False),
        sa.Column("group_sizes", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("prices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_online", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "club_id"], ["clubs.tenant_id", "clubs.id"], name=op.f("fk_tee_sheets_tenant_id_club_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "course_id"],
            ["courses.tenant_id", "courses.id"],
            name=op.f("fk_tee_sheets_tenant_id_course_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tee_sheets")),
        sa.UniqueConstraint("course_id", "date", name=op.f("uq_tee_sheets_course_id_date")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_tee_sheets_tenant_id_id")),
    )
    op.create_table(
        "tee_times",
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("tee", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sheet_id"],
            ["tee_sheets.tenant_id", "tee_sheets.id"],
            name=op.f("fk_tee_times_tenant_id_sheet_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tee_times")),
        sa.UniqueConstraint("sheet_id", "starts_at", "tee", name=op.f("uq_tee_times_sheet_id_starts_at_tee")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_tee_times_tenant_id_id")),
    )
    op.create_table(
        "bookings",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("tee_time_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "CONFIRMED",
                "CHECKED_IN",
                "ON_COURSE",
                "COMPLETED",
                "CANCELLED",
                "NO_SHOW",
                name="bookingstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("booked_by", sa.String(length=200), nullable=False),
        sa.Column("payer_first_name", sa.String(length=100), nullable=False),
        sa.Column("payer_last_name", sa.String(length=100), nullable=False),
        sa.Column("holes", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("paid_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(status = 'CANCELLED') = (cancelled_at IS NOT NULL)", name=op.f("ck_bookings_cancelled")),
        sa.CheckConstraint("holes IN (9, 18)", name=op.f("ck_bookings_holes")),
        sa.CheckConstraint("price_cents >= 0 AND paid_cents >= 0", name=op.f("ck_bookings_cents")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "club_id"], ["clubs.tenant_id", "clubs.id"], name=op.f("fk_bookings_tenant_id_club_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "course_id"],
            ["courses.tenant_id", "courses.id"],
            name=op.f("fk_bookings_tenant_id_course_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "tee_time_id"],
            ["tee_times.tenant_id", "tee_times.id"],
            name=op.f("fk_bookings_tenant_id_tee_time_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_bookings_tenant_id_id")),
    )
    op.create_index("ix_bookings_booked_by", "bookings", ["tenant_id", "booked_by"], unique=False)
    op.create_index(op.f("ix_bookings_tee_time_id"), "bookings", ["tee_time_id"], unique=False)
    op.create_table(
        "holds",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("tee_time_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.String(length=200), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "ACTIVE",
                "BOOKED",
                "RELEASED",
                "EXPIRED",
                name="holdstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("places BETWEEN 1 AND 4", name=op.f("ck_holds_places")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "club_id"], ["clubs.tenant_id", "clubs.id"], name=op.f("fk_holds_tenant_id_club_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "tee_time_id"],
            ["tee_times.tenant_id", "tee_times.id"],
            name=op.f("fk_holds_tenant_id_tee_time_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_holds_tenant_id_id")),
    )
    op.create_index(
        "ix_holds_due", "holds", ["expires_at"], unique=False, postgresql_where=sa.text("status = 'ACTIVE'")
    )
    op.create_index(
        "ix_holds_holder",
        "holds",
        ["tenant_id", "holder_id"],
        unique=False,
        postgresql_where=sa.text("status = 'ACTIVE'"),
    )
    op.create_index(
        "uq_holds_live",
        "holds",
        ["tee_time_id", "holder_id"],
        unique=True,
        postgresql_where=sa.text("status = 'ACTIVE'"),
    )
    op.create_table(
        "slots",
        sa.Column("tee_time_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "AVAILABLE",
                "HELD",
                "BOOKED",
                "BLOCKED",
                name="slotstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("hold_id", sa.Uuid(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(status = 'BOOKED') = (booking_id IS NOT NULL)", name=op.f("ck_slots_booked")),
        sa.CheckConstraint("(status = 'HELD') = (hold_id IS NOT NULL)", name=op.f("ck_slots_held")),
        sa.CheckConstraint("number BETWEEN 1 AND 4", name=op.f("ck_slots_number")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "booking_id"],
            ["bookings.tenant_id", "bookings.id"],
            name=op.f("fk_slots_tenant_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "hold_id"], ["holds.tenant_id", "holds.id"], name=op.f("fk_slots_tenant_id_hold_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "tee_time_id"],
            ["tee_times.tenant_id", "tee_times.id"],
            name=op.f("fk_slots_tenant_id_tee_time_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
        sa.UniqueConstraint("tee_time_id", "number", name=op.f("uq_slots_tee_time_id_number")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_slots_tenant_id_id")),
    )
    op.create_index(
        op.f("ix_slots_booking_id"),
        "slots",
        ["booking_id"],
        unique=False,
        postgresql_where=sa.text("booking_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_slots_hold_id"), "slots", ["hold_id"], unique=False, postgresql_where=sa.text("hold_id IS NOT NULL")
    )
    op.create_table(
        "booking_players",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=True),
        sa.Column("player_id", sa.Uuid(), nullable=True),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column(
            "price_class",
            sa.Enum(
                "MEMBER", "GUEST", "PUBLIC", name="priceclass", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("no_show_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("position BETWEEN 1 AND 4", name=op.f("ck_booking_players_position")),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_booking_players_price_cents")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "booking_id"],
            ["bookings.tenant_id", "bookings.id"],
            name=op.f("fk_booking_players_tenant_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "player_id"],
            ["players.tenant_id", "players.id"],
            name=op.f("fk_booking_players_tenant_id_player_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "slot_id"], ["slots.tenant_id", "slots.id"], name=op.f("fk_booking_players_tenant_id_slot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_players")),
        sa.UniqueConstraint("booking_id", "position", name=op.f("uq_booking_players_booking_id_position")),
        sa.UniqueConstraint("slot_id", name=op.f("uq_booking_players_slot_id")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_booking_players_tenant_id_id")),
    )
    op.create_index(
        op.f("ix_booking_players_player_id"),
        "booking_players",
        ["player_id"],
        unique=False,
        postgresql_where=sa.text("player_id IS NOT NULL"),
    )


def downgrade() -> None:
    run_script(QueryBuilderEnvironment().build_uninstall_query())
    for table in (
        "booking_players",
        "slots",
        "holds",
        "bookings",
        "tee_times",
        "tee_sheets",
        "sheet_templates",
        "players",
        "courses",
        "events",
        "clubs",
        "tenants",
        "streams",
        "idempotency_keys",
    ):
        op.drop_table(table)
