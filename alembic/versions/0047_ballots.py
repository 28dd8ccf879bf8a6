"""Ballots: starts that are sold by draw."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
KINDS = ("MAINTENANCE", "TOURNAMENT", "WEATHER", "LEAGUE", "OTHER")


def upgrade() -> None:
    _block_kinds(*KINDS[:4], "BALLOT", "OTHER")
    status = ("ANNOUNCED", "OPEN", "CLOSED", "DRAWN", "RELEASED", "CANCELLED")
    op.create_table(
        "ballots",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("club_id", "course_id", "sheet_id", "block_id")),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("status", _enum("ballotstatus", *status), nullable=False),
        sa.Column("first_start", sa.Time(), nullable=False),
        sa.Column("last_start", sa.Time(), nullable=False),
        sa.Column("holes", sa.Integer(), nullable=False),
        sa.Column("lookback_days", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draws_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("releases_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("seed_hash", sa.String(length=64), nullable=False),
        sa.Column("entries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("places_wanted", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("starts", postgresql.JSONB(), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announced_by", sa.String(length=200), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_by", sa.String(length=200), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_reason", sa.String(length=500), server_default="", nullable=False),
        *_of_tenant("ballots", clubs="club_id", courses="course_id", tee_sheets="sheet_id", blocks="block_id"),
        sa.UniqueConstraint("block_id", name=op.f("uq_ballots_block_id")),
        sa.CheckConstraint("first_start <= last_start", name=op.f("ck_ballots_starts")),
        sa.CheckConstraint("holes IN (9, 18)", name=op.f("ck_ballots_holes")),
        sa.CheckConstraint("lookback_days BETWEEN 0 AND 366", name=op.f("ck_ballots_lookback_days")),
        sa.CheckConstraint(
            "opens_at < closes_at AND closes_at <= coalesce(draws_at, releases_at)"
            " AND coalesce(draws_at, releases_at) <= releases_at",
            name=op.f("ck_ballots_instants"),
        ),
        sa.CheckConstraint("(status IN ('DRAWN', 'RELEASED')) = (drawn_at IS NOT NULL)", name=op.f("ck_ballots_drawn")),
        sa.CheckConstraint("(status = 'CANCELLED') = (cancelled_at IS NOT NULL)", name=op.f("ck_ballots_cancelled")),
        sa.CheckConstraint("entries >= 0 AND places_wanted >= 0", name=op.f("ck_ballots_entries")),
    )
    op.create_index(op.f("ix_ballots_club_id_date_id"), "ballots", ["club_id", "date", "id"])
    op.create_index("ix_ballots_due", "ballots", ["next_at"], postgresql_where=sa.text("next_at IS NOT NULL"))
    _entries()
    _players()
    for table in ("ballots", "ballot_entries", "ballot_players"):
        rights = "SELECT, INSERT, UPDATE" + (", DELETE" if table == "ballot_players" else "")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {rights} ON {table} TO fairway_app")
        op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    op.execute("GRANT SELECT (id, tenant_id, next_at) ON ballots TO fairway_system")
    op.execute("CREATE POLICY due ON ballots FOR SELECT TO fairway_system USING (true)")
    op.execute("GRANT SELECT (tenant_id, date) ON ballot_players TO fairway_system")
    op.execute("CREATE POLICY old ON ballot_players FOR SELECT TO fairway_system USING (true)")


def _entries() -> None:
    status = ("ENTERED", "WITHDRAWN", "DRAWN", "NOT_DRAWN", "CANCELLED")
    op.create_table(
        "ballot_entries",
        sa.Column("ballot_id", sa.Uuid(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("status", _enum("ballotentrystatus", *status), nullable=False),
        sa.Column("entered_by", sa.String(length=200), nullable=False),
        sa.Column("by_staff", sa.Boolean(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("choices", postgresql.ARRAY(sa.Uuid()), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("rank", "got_before", "drawn_places", "choice")),
        sa.Column("refused", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        *_of_tenant("ballot_entries", ballots="ballot_id", clubs="club_id", bookings="booking_id"),
        sa.CheckConstraint("places BETWEEN 1 AND 4", name=op.f("ck_ballot_entries_places")),
        sa.CheckConstraint("cardinality(choices) BETWEEN 1 AND 10", name=op.f("ck_ballot_entries_choices")),
        sa.CheckConstraint("choice BETWEEN 1 AND 10", name=op.f("ck_ballot_entries_choice")),
        sa.CheckConstraint(
            "(status = 'DRAWN') = (booking_id IS NOT NULL AND choice IS NOT NULL)",
            name=op.f("ck_ballot_entries_drawn"),
        ),
    )
    op.create_index(op.f("ix_ballot_entries_ballot_id_id"), "ballot_entries", ["ballot_id", "id"])


def _players() -> None:
    table = "ballot_players"
    op.create_table(
        table,
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("ballot_id", "entry_id", "club_id")),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("player_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.String(length=200), nullable=True),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("price_class", sa.String(length=32), nullable=False),
        sa.Column("is_in", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        *_of_tenant(table, ballots="ballot_id", ballot_entries="entry_id", clubs="club_id", players="player_id"),
        sa.UniqueConstraint("entry_id", "position", name=op.f("uq_ballot_players_entry_id_position")),
        sa.CheckConstraint("position BETWEEN 1 AND 4", name=op.f("ck_ballot_players_position")),
        sa.CheckConstraint("num_nonnulls(player_id, user_id) < 2", name=op.f("ck_ballot_players_known")),
    )
    for name, columns, who, unique in (
        ("uq_ballot_players_player", ["ballot_id", "player_id"], "is_in AND player_id IS NOT NULL", True),
        ("uq_ballot_players_user", ["ballot_id", "user_id"], "is_in AND user_id IS NOT NULL", True),
        ("ix_ballot_players_player", ["player_id", "date"], "player_id IS NOT NULL", False),
        ("ix_ballot_players_user", ["club_id", "user_id", "date"], "user_id IS NOT NULL", False),
    ):
        op.create_index(name, table, columns, unique=unique, postgresql_where=sa.text(who))
    op.create_index(op.f("ix_ballot_players_date"), table, ["date"])


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _of_tenant(table: str, **parents: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f(f"uq_{table}_tenant_id_id")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{parent}.tenant_id", f"{parent}.id"],
                name=op.f(f"fk_{table}_tenant_id_{column}"),
            )
            for parent, column in parents.items()
        ),
    )


def _block_kinds(*kinds: str) -> None:
    op.drop_constraint(op.f("ck_blocks_blockkind"), "blocks")
    values = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("ck_blocks_blockkind"), "blocks", f"kind IN ({values})")


def downgrade() -> None:
    op.drop_table("ballot_players")
    op.drop_table("ballot_entries")
    op.drop_table("ballots")
    op.execute("UPDATE blocks SET kind = 'OTHER' WHERE kind = 'BALLOT'")
    _block_kinds(*KINDS)
