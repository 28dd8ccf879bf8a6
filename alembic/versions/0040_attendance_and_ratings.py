"""Who has come to play, and what those who have played together think of each other."""

import sqlalchemy as sa

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"
SEEN = "id, tenant_id, show_at, shown_at"


def upgrade() -> None:
    op.add_column("participations", sa.Column("attended", sa.Boolean(), nullable=True))
    table = "golfer_ratings"
    op.create_table(
        table,
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tee_time_id", "golfer_id", "rated_by")),
        sa.Column("stars", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("created_at", "show_at")),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f(f"uq_{table}_tenant_id_id")),
        sa.UniqueConstraint(
            "tee_time_id", "golfer_id", "rated_by", name=op.f(f"uq_{table}_tee_time_id_golfer_id_rated_by")
        ),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f(f"ck_{table}_stars")),
        sa.CheckConstraint("golfer_id <> rated_by", name=op.f(f"ck_{table}_others")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{parents}.tenant_id", f"{parents}.id"],
                name=op.f(f"fk_{table}_tenant_id_{column}"),
            )
            for parents, column in (
                ("hosted_tee_times", "tee_time_id"),
                ("golfers", "golfer_id"),
                ("golfers", "rated_by"),
            )
        ),
    )
    waiting = sa.text("shown_at IS NULL")
    op.create_index(f"ix_{table}_due", table, ["show_at"], postgresql_where=waiting)
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO fairway_app")
    op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    op.execute(f"GRANT SELECT ({SEEN}) ON {table} TO fairway_system")
    op.execute(f"CREATE POLICY due ON {table} FOR SELECT TO fairway_system USING (true)")


def downgrade() -> None:
    op.drop_table("golfer_ratings")
    op.drop_column("participations", "attended")
