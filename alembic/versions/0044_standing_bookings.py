"""Standing bookings: the same start every week, made when booking opens."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"


def upgrade() -> None:
    kind = sa.Enum("MEMBER", "GUEST", "PUBLIC", name="priceclass", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "standing_bookings",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("players", postgresql.JSONB(), nullable=False),
        sa.Column("price_class", kind, nullable=False),
        sa.Column("holes", sa.Integer(), nullable=True),
        sa.Column("payer_first_name", sa.String(length=100), nullable=False),
        sa.Column("payer_last_name", sa.String(length=100), nullable=False),
        sa.Column("first_date", sa.Date(), nullable=False),
        sa.Column("last_date", sa.Date(), nullable=False),
        sa.Column("next_date", sa.Date(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(length=200), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_of_tenant("standing_bookings", clubs="club_id", courses="course_id"),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_standing_bookings_weekday")),
        sa.CheckConstraint("places BETWEEN 1 AND 4", name=op.f("ck_standing_bookings_places")),
        sa.CheckConstraint("holes IN (9, 18)", name=op.f("ck_standing_bookings_holes")),
        sa.CheckConstraint("first_date <= last_date", name=op.f("ck_standing_bookings_dates")),
        sa.CheckConstraint("(next_date IS NULL) = (next_at IS NULL)", name=op.f("ck_standing_bookings_next")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL) AND num_nonnulls(ended_at, next_at) < 2",
            name=op.f("ck_standing_bookings_ended"),
        ),
    )
    op.create_index(op.f("ix_standing_bookings_club_id_id"), "standing_bookings", ["club_id", "id"])
    op.create_index(
        "ix_standing_bookings_due",
        "standing_bookings",
        ["next_at"],
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_table(
        "standing_dates",
        sa.Column("standing_booking_id", sa.Uuid(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        *_of_tenant("standing_dates", standing_bookings="standing_booking_id", bookings="booking_id"),
        sa.UniqueConstraint("standing_booking_id", "date", name=op.f("uq_standing_dates_standing_booking_id_date")),
        sa.CheckConstraint("num_nonnulls(booking_id, reason) = 1", name=op.f("ck_standing_dates_outcome")),
    )
    for table, rights in (("standing_bookings", "SELECT, INSERT, UPDATE"), ("standing_dates", "SELECT, INSERT")):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {rights} ON {table} TO fairway_app")
        op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    op.execute("GRANT SELECT (id, tenant_id, next_at) ON standing_bookings TO fairway_system")
    op.execute("CREATE POLICY due ON standing_bookings FOR SELECT TO fairway_system USING (true)")


def _of_tenant(table: str, **parents: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f(f"uq_{table}_tenant_id_id")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{parent}.tenant_id", f"{parent}.id"],
                name=op.f(f"fk_{table}_tenant_id_{column}"),
            )
            for parent, column in parents.items()
        ),
    )


def downgrade() -> None:
    op.drop_table("standing_dates")
    op.drop_table("standing_bookings")
