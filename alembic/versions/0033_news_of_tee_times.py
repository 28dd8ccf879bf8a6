"""What golfers were told of new tee times."""

import sqlalchemy as sa

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"
INDUSTRIES = (
    *("FINANCE", "PRIVATE_CAPITAL", "CONSULTING", "TECH", "LEGAL", "REAL_ESTATE", "HEALTHCARE", "EDUCATION"),
    *("MEDIA_ENTERTAINMENT", "OTHER"),
)


def upgrade() -> None:
    create_windows()
    create_news()
    for table, rights in (("news_windows", ""), ("tee_time_news", ", DELETE")):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT, UPDATE{rights} ON {table} TO fairway_app")
        op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")


def of_tenant(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f(f"uq_{table}_tenant_id_id")),
        sa.Column("golfer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "golfer_id"],
            ["golfers.tenant_id", "golfers.id"],
            name=op.f(f"fk_{table}_tenant_id_golfer_id"),
        ),
    )


def create_windows() -> None:
    table = "news_windows"
    op.create_table(
        table,
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        *of_tenant(table),
        sa.UniqueConstraint("golfer_id", name=op.f("uq_news_windows_golfer_id")),
    )


def create_news() -> None:
    table = "tee_time_news"
    industry = sa.Enum(*INDUSTRIES, name="industry", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        table,
        sa.Column("tee_time_id", sa.Uuid(), nullable=False),
        sa.Column("industry", industry, nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *of_tenant(table),
        sa.ForeignKeyConstraint(
            ["tenant_id", "tee_time_id"],
            ["hosted_tee_times.tenant_id", "hosted_tee_times.id"],
            name=op.f("fk_tee_time_news_tenant_id_tee_time_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("golfer_id", "tee_time_id", name=op.f("uq_tee_time_news_golfer_id_tee_time_id")),
    )
    waiting = sa.text("told_at IS NULL")
    op.create_index("ix_tee_time_news_waiting", table, ["golfer_id"], postgresql_where=waiting)


def downgrade() -> None:
    for table in ("tee_time_news", "news_windows"):
        op.drop_table(table)
