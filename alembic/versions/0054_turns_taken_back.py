"""Turns that are started, ended or skipped by mistake can be taken back: each knows how things were before."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

BEFORE = ("ASSIGNED", "IN_FIELD", "ENDED", "SKIPPED", "DECLINED", "WITHDRAWN")


def _rule(statuses: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_caddie_turns_turnstatus"), "caddie_turns")
    allowed = ", ".join(f"'{status}'" for status in statuses)
    op.create_check_constraint(op.f("ck_caddie_turns_turnstatus"), "caddie_turns", f"status IN ({allowed})")


def upgrade() -> None:
    op.add_column("caddie_turns", sa.Column("before", JSONB(), nullable=True))
    _rule((*BEFORE, "UNDONE"))


def downgrade() -> None:
    _rule(BEFORE)
    op.drop_column("caddie_turns", "before")
