"""Until when who moves up from the queue may decline, and which part a letter is about.

Letters of earlier times say nothing of a part: they are about the occasion.
"""

import sqlalchemy as sa

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attendances", sa.Column("decline_until", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_attendances_decline_until"), "attendances", "decline_until IS NULL OR status = 'ACCEPTED'"
    )
    op.add_column("letters", sa.Column("part_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_letters_tenant_id_part_id"),
        "letters",
        "occasion_parts",
        ["tenant_id", "part_id"],
        ["tenant_id", "id"],
        ondelete="CASCADE",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_letters_tenant_id_part_id"), "letters")
    op.drop_column("letters", "part_id")
    op.drop_constraint(op.f("ck_attendances_decline_until"), "attendances")
    op.drop_column("attendances", "decline_until")
