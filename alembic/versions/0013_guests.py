"""Guests: occasions with their parts, households, guests, their answers, tables, and the rules of seating."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"
KEPT = ("occasions", "occasion_activities")
"""What is never removed."""
REMOVED = (
    "occasion_planners",
    "occasion_parts",
    "households",
    "guests",
    "dining_tables",
    "attendances",
    "seating_rules",
    "letters",
)


def upgrade() -> None:
    create_tables()
    for table in (*KEPT, *REMOVED):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO fairway_app")
        op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    for table in REMOVED:
        op.execute(f"GRANT DELETE ON {table} TO fairway_app")


def create_tables() -> None:
    op.create_table(
        "occasions",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "WEDDING",
                "TOURNAMENT_DINNER",
                "MEMBER_GUEST_DAY",
                "PARTY",
                "MEETING",
                name="occasionkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "language",
            sa.Enum("EN", "ES", name="language", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "PUBLISHED",
                "CLOSED",
                name="occasionstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("rsvp_deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("questions", postgresql.JSONB(), nullable=False),
        sa.Column("reveal_seating_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seating_revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_in_key", sa.String(length=64), nullable=False),
        sa.Column("guest_count", sa.Integer(), nullable=False),
        sa.Column("table_count", sa.Integer(), nullable=False),
        sa.Column("next_check_in_number", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("guest_count BETWEEN 0 AND 2000", name=op.f("ck_occasions_guests")),
        sa.CheckConstraint("table_count BETWEEN 0 AND 200", name=op.f("ck_occasions_tables")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "club_id"], ["clubs.tenant_id", "clubs.id"], name=op.f("fk_occasions_tenant_id_club_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasions")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_occasions_tenant_id_id")),
    )
    op.create_index(op.f("ix_occasions_club_id_id"), "occasions", ["club_id", "id"], unique=False)
    op.create_table(
        "occasion_planners",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "occasion_id"],
            ["occasions.tenant_id", "occasions.id"],
            name=op.f("fk_occasion_planners_tenant_id_occasion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasion_planners")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_occasion_planners_tenant_id_id")),
    )
    op.create_index(
        op.f("ix_occasion_planners_tenant_id_user_id"), "occasion_planners", ["tenant_id", "user_id"], unique=False
    )
    op.create_index(
        "uq_occasion_planners_occasion_id_user_id", "occasion_planners", ["occasion_id", "user_id"], unique=True
    )
    op.create_table(
        "occasion_parts",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("is_seated", sa.Boolean(), nullable=False),
        sa.Column("meals", postgresql.JSONB(), nullable=False),
        sa.Column("meals_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_in_queue", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_occasion_parts_capacity")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_occasion_parts_span")),
        sa.CheckConstraint(
            "taken >= 0 AND (capacity IS NULL OR taken <= capacity)", name=op.f("ck_occasion_parts_taken")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "occasion_id"],
            ["occasions.tenant_id", "occasions.id"],
            name=op.f("fk_occasion_parts_tenant_id_occasion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasion_parts")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_occasion_parts_tenant_id_id")),
    )
    op.create_index(
        "uq_occasion_parts_occasion_id_position", "occasion_parts", ["occasion_id", "position"], unique=True
    )
    op.create_table(
        "occasion_activities",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "OCCASION_CREATED",
                "OCCASION_UPDATED",
                "OCCASION_PUBLISHED",
                "OCCASION_CLOSED",
                "HOUSEHOLD_ADDED",
                "HOUSEHOLD_UPDATED",
                "HOUSEHOLD_DELETED",
                "HOUSEHOLDS_MERGED",
                "GUESTS_ADDED",
                "GUESTS_UPDATED",
                "GUESTS_DELETED",
                "GUESTS_COPIED",
                "GUESTS_IMPORTED",
                "GUEST_ERASED",
                "RSVP_SUBMITTED",
                "RSVP_SET_ON_BEHALF",
                "MOVED_UP",
                "LISTING_CHANGED",
                "INVITATION_REISSUED",
                "INVITATIONS_SENT",
                "TABLES_CHANGED",
                "SEATING_CHANGED",
                "SEATING_RULES_CHANGED",
                "SEATING_REVEALED",
                "REQUEST_CREATED",
                "REQUEST_UPDATED",
                "POST_ADDED",
                "POST_MODERATED",
                "POST_DELETED",
                "CHECKED_IN",
                "CHECK_IN_UNDONE",
                "CODE_ROTATED",
                name="activitykind",
                native_enum=False,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("actor", sa.String(length=200), nullable=True),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("guest_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "occasion_id"],
            ["occasions.tenant_id", "occasions.id"],
            name=op.f("fk_occasion_activities_tenant_id_occasion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasion_activities")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_occasion_activities_tenant_id_id")),
    )
    op.create_index(
        op.f("ix_occasion_activities_occasion_id_id"), "occasion_activities", ["occasion_id", "id"], unique=False
    )
    op.create_table(
        "households",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "language",
            sa.Enum("EN", "ES", name="language", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("plus_ones", sa.Integer(), nullable=False),
        sa.Column("part_ids", postgresql.ARRAY(sa.Uuid()), nullable=True),
        sa.Column("code", sa.String(length=13), nullable=False),
        sa.Column("code_issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("plus_ones BETWEEN 0 AND 20", name=op.f("ck_households_plus_ones")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "occasion_id"],
            ["occasions.tenant_id", "occasions.id"],
            name=op.f("fk_households_tenant_id_occasion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_households")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_households_tenant_id_id")),
    )
    op.create_index(op.f("ix_households_occasion_id"), "households", ["occasion_id"], unique=False)
    op.create_index("uq_households_code", "households", ["code"], unique=True)
    op.create_table(
        "guests",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("is_plus_one", sa.Boolean(), nullable=False),
        sa.Column(
            "age_group",
            sa.Enum("ADULT", "CHILD", "INFANT", name="agegroup", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("takes_place", sa.Boolean(), nullable=False),
        sa.Column("diets", postgresql.ARRAY(sa.String(length=32)), nullable=False),
        sa.Column("diet_note", sa.String(length=500), nullable=False),
        sa.Column("needs", postgresql.ARRAY(sa.String(length=32)), nullable=False),
        sa.Column("need_note", sa.String(length=500), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("group_name", sa.String(length=100), nullable=False),
        sa.Column("is_vip", sa.Boolean(), nullable=False),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("check_in_number", sa.Integer(), nullable=False),
        sa.Column("check_in_rotation", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("takes_place OR age_group = 'INFANT'", name=op.f("ck_guests_takes_place")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "household_id"],
            ["households.tenant_id", "households.id"],
            name=op.f("fk_guests_tenant_id_household_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "occasion_id"],
            ["occasions.tenant_id", "occasions.id"],
            name=op.f("fk_guests_tenant_id_occasion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guests")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_guests_tenant_id_id")),
    )
    op.create_index(op.f("ix_guests_household_id"), "guests", ["household_id"], unique=False)
    op.create_index("uq_guests_occasion_id_check_in_number", "guests", ["occasion_id", "check_in_number"], unique=True)
    op.create_table(
        "dining_tables",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("seated", sa.Integer(), nullable=False),
        sa.Column(
            "shape",
            sa.Enum(
                "ROUND",
                "RECTANGULAR",
                "SQUARE",
                name="tableshape",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("x", sa.Float(), nullable=False),
        sa.Column("y", sa.Float(), nullable=False),
        sa.Column("is_accessible", sa.Boolean(), nullable=False),
        sa.Column("is_vip", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 1 AND 30", name=op.f("ck_dining_tables_capacity")),
        sa.CheckConstraint("seated BETWEEN 0 AND capacity", name=op.f("ck_dining_tables_seated")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "occasion_id"],
            ["occasions.tenant_id", "occasions.id"],
            name=op.f("fk_dining_tables_tenant_id_occasion_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "part_id"],
            ["occasion_parts.tenant_id", "occasion_parts.id"],
            name=op.f("fk_dining_tables_tenant_id_part_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dining_tables")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_dining_tables_tenant_id_id")),
    )
    op.create_index("uq_dining_tables_part_id_name", "dining_tables", ["part_id", "name"], unique=True)
    op.create_table(
        "attendances",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "ACCEPTED",
                "DECLINED",
                "WAITLISTED",
                name="rsvpstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("meal_id", sa.String(length=40), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queue_number", sa.Integer(), nullable=True),
        sa.Column("may_be_split", sa.Boolean(), nullable=False),
        sa.Column("table_id", sa.Uuid(), nullable=True),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_by", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(status = 'WAITLISTED') = (queue_number IS NOT NULL)", name=op.f("ck_attendances_queued")),
        sa.CheckConstraint("arrived_at IS NULL OR status = 'ACCEPTED'", name=op.f("ck_attendances_arrived")),
        sa.CheckConstraint("table_id IS NULL OR status IN ('PENDING', 'ACCEPTED')", name=op.f("ck_attendances_seated")),
        sa.CheckConstraint("seat BETWEEN 1 AND 30", name=op.f("ck_attendances_seat_number")),
        sa.CheckConstraint(
            "table_id IS NOT NULL OR (seat IS NULL AND NOT is_locked)", name=op.f("ck_attendances_seat")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "guest_id"],
            ["guests.tenant_id", "guests.id"],
            name=op.f("fk_attendances_tenant_id_guest_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "household_id"],
            ["households.tenant_id", "households.id"],
            name=op.f("fk_attendances_tenant_id_household_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "occasion_id"],
            ["occasions.tenant_id", "occasions.id"],
            name=op.f("fk_attendances_tenant_id_occasion_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "part_id"],
            ["occasion_parts.tenant_id", "occasion_parts.id"],
            name=op.f("fk_attendances_tenant_id_part_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "table_id"],
            ["dining_tables.tenant_id", "dining_tables.id"],
            name=op.f("fk_attendances_tenant_id_table_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_attendances_tenant_id_id")),
    )
    op.create_index(op.f("ix_attendances_household_id"), "attendances", ["household_id"], unique=False)
    op.create_index(op.f("ix_attendances_part_id_status"), "attendances", ["part_id", "status"], unique=False)
    op.create_index(
        op.f("ix_attendances_table_id"),
        "attendances",
        ["table_id"],
        unique=False,
        postgresql_where=sa.text("table_id IS NOT NULL"),
    )
    op.create_index("uq_attendances_guest_id_part_id", "attendances", ["guest_id", "part_id"], unique=True)
    op.create_index(
        "uq_attendances_table_id_seat",
        "attendances",
        ["table_id", "seat"],
        unique=True,
        postgresql_where=sa.text("seat > 0"),
    )
    op.create_table(
        "seating_rules",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("TOGETHER", "APART", name="seatingrulekind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("first_guest_id", sa.Uuid(), nullable=True),
        sa.Column("first_household_id", sa.Uuid(), nullable=True),
        sa.Column("second_guest_id", sa.Uuid(), nullable=True),
        sa.Column("second_household_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("num_nulls(first_guest_id, first_household_id) = 1", name=op.f("ck_seating_rules_first")),
        sa.CheckConstraint("num_nulls(second_guest_id, second_household_id) = 1", name=op.f("ck_seating_rules_second")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "first_guest_id"],
            ["guests.tenant_id", "guests.id"],
            name=op.f("fk_seating_rules_tenant_id_first_guest_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "first_household_id"],
            ["households.tenant_id", "households.id"],
            name=op.f("fk_seating_rules_tenant_id_first_household_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "occasion_id"],
            ["occasions.tenant_id", "occasions.id"],
            name=op.f("fk_seating_rules_tenant_id_occasion_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "second_guest_id"],
            ["guests.tenant_id", "guests.id"],
            name=op.f("fk_seating_rules_tenant_id_second_guest_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "second_household_id"],
            ["households.tenant_id", "households.id"],
            name=op.f("fk_seating_rules_tenant_id_second_household_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seating_rules")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_seating_rules_tenant_id_id")),
    )
    op.create_index(op.f("ix_seating_rules_occasion_id"), "seating_rules", ["occasion_id"], unique=False)
    op.create_table(
        "letters",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "INVITATION",
                "RSVP_REMINDER",
                "RSVP_ACCEPTED",
                "SEATING_REVEALED",
                name="letterkind",
                native_enum=False,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "household_id"],
            ["households.tenant_id", "households.id"],
            name=op.f("fk_letters_tenant_id_household_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "occasion_id"],
            ["occasions.tenant_id", "occasions.id"],
            name=op.f("fk_letters_tenant_id_occasion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_letters_tenant_id_id")),
    )
    op.create_index(
        "ix_letters_due",
        "letters",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
    )
    op.create_index(op.f("ix_letters_household_id"), "letters", ["household_id"], unique=False)


def downgrade() -> None:
    for table in reversed((*KEPT, *REMOVED)):
        op.drop_table(table)
