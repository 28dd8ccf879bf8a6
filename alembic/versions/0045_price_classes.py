"""Price classes of a club's own: kept with the club, and no longer held to the three that come with it."""

import sqlalchemy as sa

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TABLES = ("players", "booking_players", "waitlist_entries", "standing_bookings")
KEPT = "own_price_classes"


def upgrade() -> None:
    op.add_column("clubs", sa.Column(KEPT, sa.dialects.postgresql.JSONB(), server_default="{}", nullable=False))
    for table in TABLES:
        op.drop_constraint(op.f(f"ck_{table}_priceclass"), table)


def downgrade() -> None:
    for table in TABLES:
        # Who is of a class that there is no more is of the one that comes with each club and has its kind.
        home = "bookings b, clubs c WHERE b.id = t.booking_id AND c.id = b.club_id"
        of = home if table == "booking_players" else "clubs c WHERE c.id = t.club_id"
        op.execute(
            f"UPDATE {table} t SET price_class = c.{KEPT} -> t.price_class ->> 'kind' "
            f"FROM {of} AND c.{KEPT} ? t.price_class"
        )
        op.create_check_constraint(
            op.f(f"ck_{table}_priceclass"), table, "price_class IN ('MEMBER', 'GUEST', 'PUBLIC')"
        )
    op.drop_column("clubs", KEPT)
