"""Which lines of work a tenant takes for related."""

import sqlalchemy as sa

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"
TABLE = "industry_relations"
INDUSTRIES = (
    *("FINANCE", "PRIVATE_CAPITAL", "CONSULTING", "TECH", "LEGAL", "REAL_ESTATE", "HEALTHCARE", "EDUCATION"),
    *("MEDIA_ENTERTAINMENT", "OTHER"),
)


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("one", one_of("one_industry", *INDUSTRIES), nullable=False),
        sa.Column("other", one_of("other_industry", *INDUSTRIES), nullable=False),
        sa.Column("strength", one_of("relationstrength", "HIGH", "MEDIUM", "LOW", "NONE"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("one < other", name=op.f("ck_industry_relations_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_industry_relations")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_industry_relations_tenant_id_id")),
        sa.UniqueConstraint("tenant_id", "one", "other", name=op.f("uq_industry_relations_tenant_id_one_other")),
    )
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {TABLE} TO fairway_app")
    op.execute(f"CREATE POLICY own ON {TABLE} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")


def downgrade() -> None:
    op.drop_table(TABLE)
