"""Files of players that were taken in."""

import sqlalchemy as sa

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"


def upgrade() -> None:
    op.create_table(
        "player_imports",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("imported_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "club_id"],
            ["clubs.tenant_id", "clubs.id"],
            name=op.f("fk_player_imports_tenant_id_club_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_player_imports")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_player_imports_tenant_id_id")),
    )
    op.create_index(op.f("ix_player_imports_club_id"), "player_imports", ["club_id"])
    op.execute("ALTER TABLE player_imports ENABLE ROW LEVEL SECURITY")
    op.execute("GRANT SELECT, INSERT, UPDATE ON player_imports TO fairway_app")
    op.execute(f"CREATE POLICY own ON player_imports TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")


def downgrade() -> None:
    op.drop_table("player_imports")
