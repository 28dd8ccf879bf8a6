"""What the last plan of a part's seating has changed, so that it can be taken back."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"
TABLE = "applied_plans"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("moves", JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f(f"uq_{TABLE}_tenant_id_id")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{parents}.tenant_id", f"{parents}.id"],
                name=op.f(f"fk_{TABLE}_tenant_id_{column}"),
                ondelete="CASCADE",
            )
            for parents, column in (("occasions", "occasion_id"), ("occasion_parts", "part_id"))
        ),
    )
    op.create_index("uq_applied_plans_part_id", TABLE, ["part_id"], unique=True)
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO fairway_app")
    op.execute(f"CREATE POLICY own ON {TABLE} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")


def downgrade() -> None:
    op.drop_table(TABLE)
