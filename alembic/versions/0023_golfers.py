"""Golfers: who they are, who is connected with whom, who has blocked whom, what was reported."""

import sqlalchemy as sa

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"
KEPT = ("golfers", "golfer_reports")
"""What is never removed."""
REMOVED = ("golfer_connections", "golfer_blocks")
INDUSTRIES = (
    *("FINANCE", "PRIVATE_CAPITAL", "CONSULTING", "TECH", "LEGAL", "REAL_ESTATE"),
    *("HEALTHCARE", "EDUCATION", "MEDIA_ENTERTAINMENT", "OTHER"),
)


def upgrade() -> None:
    create_golfers()
    create_connections()
    create_blocks()
    create_reports()
    for table in (*KEPT, *REMOVED):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO fairway_app")
        op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    for table in REMOVED:
        op.execute(f"GRANT DELETE ON {table} TO fairway_app")


def of_tenant(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f(f"uq_{table}_tenant_id_id")),
    )


def of_golfer(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], ["golfers.tenant_id", "golfers.id"], name=op.f(f"fk_{table}_tenant_id_{column}")
    )


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def create_golfers() -> None:
    op.create_table(
        "golfers",
        sa.Column("user_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("headline", sa.String(length=200), nullable=False),
        sa.Column("employer", sa.String(length=100), nullable=False),
        sa.Column("hides_employer", sa.Boolean(), nullable=False),
        sa.Column("industry", one_of("industry", *INDUSTRIES), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("city_key", sa.String(length=310), nullable=True),
        *(sa.Column(name, sa.Double(), nullable=True) for name in "xyz"),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("handicap_index", sa.Numeric(3, 1), nullable=True),
        sa.Column("skill_level", one_of("skilllevel", "BEGINNER", "INTERMEDIATE", "ADVANCED"), nullable=True),
        sa.Column("is_skill_set", sa.Boolean(), nullable=False),
        sa.Column("visibility", one_of("visibility", "PUBLIC", "MEMBERS", "PRIVATE"), nullable=False),
        sa.Column("sort_name", sa.String(length=200, collation="C"), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("hosted_rounds", sa.Integer(), nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        moment("suspended_at", nullable=True),
        moment("created_at"),
        moment("updated_at"),
        *of_tenant("golfers"),
        sa.UniqueConstraint("tenant_id", "user_id", name=op.f("uq_golfers_tenant_id_user_id")),
        sa.CheckConstraint("num_nulls(x, y, z) IN (0, 3)", name=op.f("ck_golfers_place")),
        sa.CheckConstraint("handicap_index BETWEEN -10 AND 54", name=op.f("ck_golfers_handicap")),
        sa.CheckConstraint("stars BETWEEN ratings AND 5 * ratings", name=op.f("ck_golfers_stars")),
    )
    op.create_index("ix_golfers_near", "golfers", ["tenant_id", "industry", "z"], postgresql_include=["x", "y", "id"])
    op.create_index(op.f("ix_golfers_tenant_id_sort_name_id"), "golfers", ["tenant_id", "sort_name", "id"])


def create_connections() -> None:
    op.create_table(
        "golfer_connections",
        sa.Column("golfer_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        moment("made_at", nullable=True),
        moment("created_at"),
        *of_tenant("golfer_connections"),
        sa.UniqueConstraint("golfer_id", "other_id", name=op.f("uq_golfer_connections_golfer_id_other_id")),
        sa.CheckConstraint("golfer_id <> other_id", name=op.f("ck_golfer_connections_others")),
        of_golfer("golfer_connections", "golfer_id"),
        of_golfer("golfer_connections", "other_id"),
    )
    op.create_index(
        "ix_golfer_connections_asked",
        "golfer_connections",
        ["other_id", "id"],
        postgresql_where=sa.text("made_at IS NULL"),
    )


def create_blocks() -> None:
    op.create_table(
        "golfer_blocks",
        sa.Column("golfer_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        moment("created_at"),
        *of_tenant("golfer_blocks"),
        sa.UniqueConstraint("golfer_id", "other_id", name=op.f("uq_golfer_blocks_golfer_id_other_id")),
        sa.CheckConstraint("golfer_id <> other_id", name=op.f("ck_golfer_blocks_others")),
        of_golfer("golfer_blocks", "golfer_id"),
        of_golfer("golfer_blocks", "other_id"),
    )
    op.create_index(op.f("ix_golfer_blocks_other_id_golfer_id"), "golfer_blocks", ["other_id", "golfer_id"])


def create_reports() -> None:
    op.create_table(
        "golfer_reports",
        sa.Column("golfer_id", sa.Uuid(), nullable=False),
        sa.Column("reported_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("outcome", one_of("reportoutcome", "DISMISSED", "SUSPENDED"), nullable=True),
        sa.Column("answered_by", sa.String(length=200), nullable=True),
        moment("answered_at", nullable=True),
        moment("created_at"),
        *of_tenant("golfer_reports"),
        sa.CheckConstraint(
            "num_nulls(outcome, answered_by, answered_at) IN (0, 3)", name=op.f("ck_golfer_reports_answered")
        ),
        of_golfer("golfer_reports", "golfer_id"),
        of_golfer("golfer_reports", "reported_by"),
    )
    op.create_index(op.f("ix_golfer_reports_tenant_id_id"), "golfer_reports", ["tenant_id", "id"])
    op.create_index(op.f("ix_golfer_reports_golfer_id_id"), "golfer_reports", ["golfer_id", "id"])


def downgrade() -> None:
    for table in ("golfer_reports", "golfer_blocks", "golfer_connections", "golfers"):
        op.drop_table(table)
