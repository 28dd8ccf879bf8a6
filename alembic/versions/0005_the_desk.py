"""What the desk does to a tee sheet: players taken off bookings, blocks, shifted starts, rain checks."""

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"
OWNED = ("blocks", "block_slots", "rain_checks")
COVERED = "CASE WHEN blocks > 0 THEN status IN ('BLOCKED', 'BOOKED') ELSE status <> 'BLOCKED' END"


def upgrade() -> None:
    op.execute("GRANT DELETE ON booking_players TO fairway_app")
    op.add_column("slots", sa.Column("blocks", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.create_check_constraint(op.f("ck_slots_blocks"), "slots", f"blocks >= 0 AND {COVERED}")
    op.create_index(op.f("ix_tee_sheets_club_id_date"), "tee_sheets", ["club_id", "date"])
    op.create_index("ix_tee_times_by_start", "tee_times", ["tenant_id", "starts_at", "id"])
    op.create_index(op.f("ix_bookings_club_id_id"), "bookings", ["club_id", "id"])
    create_blocks()
    create_rain_checks()
    for table in OWNED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO fairway_app")
        op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")


def create_blocks() -> None:
    op.create_table(
        "blocks",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *("MAINTENANCE", "TOURNAMENT", "WEATHER", "LEAGUE", "OTHER"),
                name="blockkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.String(length=200), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(removed_at IS NULL) = (removed_by IS NULL)", name=op.f("ck_blocks_removed")),
        *(belongs_to("blocks", *pair) for pair in (("clubs", "club_id"), ("courses", "course_id"))),
        belongs_to("blocks", "tee_sheets", "sheet_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocks")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_blocks_tenant_id_id")),
    )
    op.create_index("ix_blocks_live", "blocks", ["sheet_id"], postgresql_where=sa.text("removed_at IS NULL"))
    op.create_table(
        "block_slots",
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        belongs_to("block_slots", "blocks", "block_id"),
        belongs_to("block_slots", "slots", "slot_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block_slots")),
        sa.UniqueConstraint("block_id", "slot_id", name=op.f("uq_block_slots_block_id_slot_id")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_block_slots_tenant_id_id")),
    )


def create_rain_checks() -> None:
    op.create_table(
        "rain_checks",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("value_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("holes_played", sa.Integer(), nullable=False),
        sa.Column("issued_by", sa.String(length=200), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("redeemed_booking_id", sa.Uuid(), nullable=True),
        sa.Column("redeemed_cents", sa.Integer(), nullable=True),
        sa.Column("redeemed_by", sa.String(length=200), nullable=True),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("value_cents > 0 AND holes_played >= 0", name=op.f("ck_rain_checks_value")),
        sa.CheckConstraint("redeemed_cents BETWEEN 1 AND value_cents", name=op.f("ck_rain_checks_redeemed_cents")),
        sa.CheckConstraint(
            "num_nonnulls(redeemed_booking_id, redeemed_cents, redeemed_by, redeemed_at) IN (0, 4)",
            name=op.f("ck_rain_checks_redeemed"),
        ),
        belongs_to("rain_checks", "clubs", "club_id"),
        belongs_to("rain_checks", "bookings", "booking_id"),
        belongs_to("rain_checks", "bookings", "redeemed_booking_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rain_checks")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_rain_checks_booking_id")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_rain_checks_tenant_id_code")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_rain_checks_tenant_id_id")),
    )


def belongs_to(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    """Refer to a row of the same tenant."""
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], [f"{parent}.tenant_id", f"{parent}.id"], name=op.f(f"fk_{table}_tenant_id_{column}")
    )


def downgrade() -> None:
    op.drop_table("rain_checks")
    op.drop_table("block_slots")
    op.drop_table("blocks")
    op.drop_index(op.f("ix_bookings_club_id_id"), "bookings")
    op.drop_index("ix_tee_times_by_start", "tee_times")
    op.drop_index(op.f("ix_tee_sheets_club_id_date"), "tee_sheets")
    op.drop_constraint(op.f("ck_slots_blocks"), "slots")
    op.drop_column("slots", "blocks")
    op.execute("REVOKE DELETE ON booking_players FROM fairway_app")
