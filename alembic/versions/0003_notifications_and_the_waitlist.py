"""What people are told, and the waitlist with its offers; an offer keeps its places by a hold."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"
OWNED = ("notifications", "waitlist_entries", "waitlist_offers")
SETTINGS = {"waitlist_offer_minutes": ("15", 1440), "waitlist_unanswered_offers": ("3", 100)}
LIVE = sa.text("status = 'ACTIVE'")
OWN_LIVE = sa.text("status = 'ACTIVE' AND offer_id IS NULL")


def upgrade() -> None:
    create_notifications()
    create_entries()
    create_offers()
    hold_for_offers()
    for name, (usual, most) in SETTINGS.items():
        op.add_column("clubs", sa.Column(name, sa.Integer(), nullable=False, server_default=usual))
        op.alter_column("clubs", name, server_default=None)
        op.create_check_constraint(op.f(f"ck_clubs_{name}"), "clubs", f"{name} BETWEEN 1 AND {most}")
    protect()


def protect() -> None:
    for table in OWNED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO fairway_app")
        op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    op.execute("GRANT DELETE ON notifications TO fairway_app")
    op.execute("GRANT SELECT ON notifications TO fairway_system")
    op.execute("CREATE POLICY due ON notifications FOR SELECT TO fairway_system USING (true)")


def enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def belongs_to(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], [f"{parent}.tenant_id", f"{parent}.id"], name=op.f(f"fk_{table}_tenant_id_{column}")
    )


def of_a_tenant(table: str) -> tuple[sa.Column, sa.Column, sa.PrimaryKeyConstraint, sa.UniqueConstraint]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f(f"uq_{table}_tenant_id_id")),
    )


def create_notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("user_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        *of_a_tenant("notifications"),
    )
    unread = sa.text("read_at IS NULL")
    op.create_index("ix_notifications_user", "notifications", ["tenant_id", "user_id", "id"])
    op.create_index("ix_notifications_unread", "notifications", ["tenant_id", "user_id"], postgresql_where=unread)
    op.create_index(op.f("ix_notifications_created_at"), "notifications", ["created_at"])


def create_entries() -> None:
    table = "waitlist_entries"
    op.create_table(
        table,
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("earliest", sa.Time(), nullable=False),
        sa.Column("latest", sa.Time(), nullable=False),
        sa.Column("party_size", sa.Integer(), nullable=False),
        sa.Column("price_class", enum("priceclass", "MEMBER", "GUEST", "PUBLIC"), nullable=False),
        sa.Column("user_id", sa.String(length=200), nullable=True),
        sa.Column("player_id", sa.Uuid(), nullable=True),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("status", enum("waitliststatus", "WAITING", "BOOKED", "LEFT"), nullable=False),
        sa.Column("joined_by", sa.String(length=200), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *of_a_tenant(table),
        belongs_to(table, "clubs", "club_id"),
        belongs_to(table, "tee_sheets", "sheet_id"),
        belongs_to(table, "players", "player_id"),
        sa.CheckConstraint("party_size BETWEEN 1 AND 4", name=op.f("ck_waitlist_entries_party_size")),
        sa.CheckConstraint("earliest <= latest", name=op.f("ck_waitlist_entries_window")),
        sa.CheckConstraint("(status = 'WAITING') = (ended_at IS NULL)", name=op.f("ck_waitlist_entries_ended")),
    )
    waiting = "status = 'WAITING'"
    by_user, by_player = (sa.text(f"{waiting} AND {who}_id IS NOT NULL") for who in ("user", "player"))
    op.create_index("ix_waitlist_entries_line", table, ["sheet_id", "id"], postgresql_where=sa.text(waiting))
    op.create_index("uq_waitlist_entries_user", table, ["sheet_id", "user_id"], unique=True, postgresql_where=by_user)
    op.create_index(
        "uq_waitlist_entries_player", table, ["sheet_id", "player_id"], unique=True, postgresql_where=by_player
    )


def create_offers() -> None:
    table = "waitlist_offers"
    statuses = ("PENDING", "ACCEPTED", "DECLINED", "EXPIRED", "WITHDRAWN")
    op.create_table(
        table,
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("tee_time_id", sa.Uuid(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("status", enum("offerstatus", *statuses), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        *of_a_tenant(table),
        belongs_to(table, "clubs", "club_id"),
        belongs_to(table, "waitlist_entries", "entry_id"),
        belongs_to(table, "tee_times", "tee_time_id"),
        belongs_to(table, "bookings", "booking_id"),
        sa.CheckConstraint("places BETWEEN 1 AND 4", name=op.f("ck_waitlist_offers_places")),
        sa.CheckConstraint("(status = 'PENDING') = (ended_at IS NULL)", name=op.f("ck_waitlist_offers_ended")),
        sa.CheckConstraint(
            "(status = 'ACCEPTED') = (booking_id IS NOT NULL)", name=op.f("ck_waitlist_offers_accepted")
        ),
    )
    live, answered = sa.text("status = 'PENDING'"), sa.text("status <> 'WITHDRAWN'")
    op.create_index("uq_waitlist_offers_live", table, ["entry_id"], unique=True, postgresql_where=live)
    op.create_index(
        "uq_waitlist_offers_start", table, ["entry_id", "tee_time_id"], unique=True, postgresql_where=answered
    )


def hold_for_offers() -> None:
    """Let a hold belong to an offer: it is then neither its holder's own hold, nor counted as one."""
    op.add_column("holds", sa.Column("offer_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_holds_tenant_id_offer_id"),
        "holds",
        "waitlist_offers",
        ["tenant_id", "offer_id"],
        ["tenant_id", "id"],
    )
    op.create_index(
        "uq_holds_offer", "holds", ["offer_id"], unique=True, postgresql_where=sa.text("offer_id IS NOT NULL")
    )
    replace_live_index(OWN_LIVE)


def replace_live_index(condition: sa.TextClause) -> None:
    op.drop_index("uq_holds_live", "holds")
    op.create_index("uq_holds_live", "holds", ["tee_time_id", "holder_id"], unique=True, postgresql_where=condition)


def downgrade() -> None:
    offered = "SELECT id FROM holds WHERE offer_id IS NOT NULL"
    op.execute(f"UPDATE slots SET status = 'AVAILABLE', hold_id = NULL WHERE hold_id IN ({offered})")
    op.execute("DELETE FROM holds WHERE offer_id IS NOT NULL")
    replace_live_index(LIVE)
    op.drop_index("uq_holds_offer", "holds")
    op.drop_column("holds", "offer_id")
    for name in SETTINGS:
        op.drop_column("clubs", name)
    for table in reversed(OWNED):
        op.drop_table(table)
