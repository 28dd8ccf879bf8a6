"""What a club knows of its players, and how they are found."""

from unicodedata import combining, normalize

import sqlalchemy as sa

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

LONGEST_SORT_NAME = 200


def upgrade() -> None:
    for column in (
        sa.Column("member_number", sa.String(length=40), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("household", sa.String(length=60), nullable=True),
        sa.Column("host_id", sa.Uuid(), nullable=True),
        sa.Column("notes", sa.String(length=2000), server_default=sa.text("''"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("sort_name", sa.String(length=200, collation="C"), server_default=sa.text("''"), nullable=False),
        sa.Column("search_text", sa.Text(), server_default=sa.text("''"), nullable=False),
    ):
        op.add_column("players", column)
    for column in ("host_id", "merged_into_id"):
        op.create_foreign_key(
            op.f(f"fk_players_tenant_id_{column}"), "players", "players", ["tenant_id", column], ["tenant_id", "id"]
        )
    op.create_check_constraint(op.f("ck_players_merged"), "players", "merged_into_id IS NULL OR NOT is_active")
    fill_names()
    op.create_index(
        "uq_players_club_id_member_number",
        "players",
        ["club_id", "member_number"],
        unique=True,
        postgresql_where=sa.text("member_number IS NOT NULL"),
    )
    op.create_index(op.f("ix_players_club_id_sort_name_id"), "players", ["club_id", "sort_name", "id"])
    op.create_index(
        "ix_players_club_id_household",
        "players",
        ["club_id", "household"],
        postgresql_where=sa.text("household IS NOT NULL"),
    )
    op.create_index("ix_players_host_id", "players", ["host_id"], postgresql_where=sa.text("host_id IS NOT NULL"))


def fill_names() -> None:
    """Note how those who are known already are sorted and found: by names without accents, in small letters."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, first_name, last_name FROM players")).all()
    known = [
        {
            "player": row.id,
            "sort_name": plain(f"{row.last_name} {row.first_name}")[:LONGEST_SORT_NAME],
            "search_text": plain(f"{row.first_name} {row.last_name}"),
        }
        for row in rows
    ]
    update = "UPDATE players SET sort_name = :sort_name, search_text = :search_text WHERE id = :player"
    if known:
        connection.execute(sa.text(update), known)


def plain(name: str) -> str:
    bare = "".join(sign for sign in normalize("NFKD", name) if not combining(sign))
    return " ".join(bare.casefold().replace("_", " ").split())


def downgrade() -> None:
    op.drop_index("ix_players_host_id", "players")
    op.drop_index("ix_players_club_id_household", "players")
    op.drop_index(op.f("ix_players_club_id_sort_name_id"), "players")
    op.drop_index("uq_players_club_id_member_number", "players")
    for column in ("merged_into_id", "host_id"):
        op.drop_constraint(op.f(f"fk_players_tenant_id_{column}"), "players")
    for column in (
        *("search_text", "sort_name", "merged_into_id", "is_active", "notes", "host_id"),
        *("household", "birth_date", "email", "phone", "member_number"),
    ):
        op.drop_column("players", column)
