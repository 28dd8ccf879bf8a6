"""Tee times that golfers host, and who takes part in them."""

import sqlalchemy as sa

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"


def upgrade() -> None:
    create_tee_times()
    create_participations()
    for table in ("hosted_tee_times", "participations"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO fairway_app")
        op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")


def of_tenant(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f(f"uq_{table}_tenant_id_id")),
    )


def within(table: str, parents: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], [f"{parents}.tenant_id", f"{parents}.id"], name=op.f(f"fk_{table}_tenant_id_{column}")
    )


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def create_tee_times() -> None:
    table = "hosted_tee_times"
    op.create_table(
        table,
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("place_name", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("city_key", sa.String(length=310), nullable=True),
        *(sa.Column(name, sa.Double(), nullable=True) for name in "xyz"),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        moment("starts_at"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("places", "open_places", "industry_mask")),
        sa.Column("skill_level", one_of("skilllevel", "BEGINNER", "INTERMEDIATE", "ADVANCED"), nullable=True),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.String(length=1000), nullable=False),
        sa.Column("status", one_of("hostedstatus", "OPEN", "FULL", "CANCELLED", "COMPLETED"), nullable=False),
        sa.Column("cancel_reason", sa.String(length=500), nullable=False),
        moment("created_at"),
        moment("updated_at"),
        *of_tenant(table),
        sa.CheckConstraint("places BETWEEN 1 AND 3", name=op.f("ck_hosted_tee_times_places")),
        sa.CheckConstraint("open_places >= 0", name=op.f("ck_hosted_tee_times_open_places")),
        sa.CheckConstraint("open_places <= places", name=op.f("ck_hosted_tee_times_taken_places")),
        sa.CheckConstraint(
            "status NOT IN ('OPEN', 'FULL') OR (status = 'FULL') = (open_places = 0)",
            name=op.f("ck_hosted_tee_times_full"),
        ),
        sa.CheckConstraint("num_nulls(x, y, z) IN (0, 3)", name=op.f("ck_hosted_tee_times_place")),
        within(table, "golfers", "host_id"),
        within(table, "courses", "course_id"),
    )
    op.create_index(
        "ix_hosted_tee_times_open", table, ["tenant_id", "starts_at"], postgresql_where=sa.text("status = 'OPEN'")
    )
    op.create_index(op.f("ix_hosted_tee_times_host_id_starts_at"), table, ["host_id", "starts_at"])


def create_participations() -> None:
    table = "participations"
    op.create_table(
        table,
        sa.Column("tee_time_id", sa.Uuid(), nullable=False),
        sa.Column("golfer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            one_of("partstatus", "REQUESTED", "JOINED", "DECLINED", "WITHDRAWN", "LEFT", "REMOVED"),
            nullable=False,
        ),
        sa.Column("slot_number", sa.Integer(), nullable=True),
        moment("created_at"),
        moment("updated_at"),
        *of_tenant(table),
        sa.CheckConstraint("(status = 'JOINED') = (slot_number IS NOT NULL)", name=op.f("ck_participations_slot")),
        sa.CheckConstraint("slot_number BETWEEN 0 AND 3", name=op.f("ck_participations_slot_number")),
        within(table, "hosted_tee_times", "tee_time_id"),
        within(table, "golfers", "golfer_id"),
    )
    op.create_index(
        "uq_participations_tee_time_id_golfer_id",
        table,
        ["tee_time_id", "golfer_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('JOINED', 'REQUESTED')"),
    )
    op.create_index(
        "uq_participations_tee_time_id_slot_number",
        table,
        ["tee_time_id", "slot_number"],
        unique=True,
        postgresql_where=sa.text("slot_number IS NOT NULL"),
    )
    op.create_index(op.f("ix_participations_golfer_id_tee_time_id"), table, ["golfer_id", "tee_time_id"])


def downgrade() -> None:
    for table in ("participations", "hosted_tee_times"):
        op.drop_table(table)
