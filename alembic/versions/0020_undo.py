"""What was done by mistake is taken back: rounds are forgotten or end early, caddies come back with their booking."""

import sqlalchemy as sa

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("GRANT DELETE ON rounds, completed_holes TO fairway_app")
    end_rounds_by("holes_completed < holes OR completed_at IS NOT NULL")
    went = sa.Column("went_with_booking", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    op.add_column("caddie_turns", went)


def end_rounds_by(rule: str) -> None:
    op.drop_constraint(op.f("ck_rounds_completed"), "rounds", type_="check")
    op.create_check_constraint(op.f("ck_rounds_completed"), "rounds", rule)


def downgrade() -> None:
    """Rounds that ended early are under way again, as if nobody had reported their rest."""
    op.drop_column("caddie_turns", "went_with_booking")
    op.execute("UPDATE rounds SET completed_at = NULL WHERE holes_completed < holes")
    end_rounds_by("(holes_completed = holes) = (completed_at IS NOT NULL)")
    op.execute("REVOKE DELETE ON rounds, completed_holes FROM fairway_app")
