"""Turns keep the caddie's name of their time. Those of before take what their list was told last, or today's name."""

from uuid import UUID

import sqlalchemy as sa

from alembic import op
from kit.ids import public_id

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOVED = """SELECT DISTINCT t.caddie_id, t.list_number FROM caddie_turns t
    JOIN caddies c ON c.id = t.caddie_id WHERE c.list_number <> t.list_number"""
TOLD = """SELECT DISTINCT ON (1, 2) data->>'caddie_id', (data->>'list_number')::int, data->>'name' FROM events
    WHERE type IN ('caddie:added', 'caddie:status_changed', 'caddie:updated', 'turn:started', 'turn:ended')
    AND data->>'caddie_id' = ANY(CAST(:caddies AS text[])) AND data->>'name' IS NOT NULL
    AND NOT (type = 'caddie:updated' AND data->>'previous_list_number' IS NOT NULL) ORDER BY 1, 2, position DESC"""
NAME = "UPDATE caddie_turns SET caddie_name = :name WHERE caddie_id = :caddie AND list_number = :list"
REST = "UPDATE caddie_turns t SET caddie_name = c.name FROM caddies c WHERE c.id = t.caddie_id AND caddie_name IS NULL"


def upgrade() -> None:
    op.add_column("caddie_turns", sa.Column("caddie_name", sa.String(length=100), nullable=True))
    name_as_told()
    op.execute(REST)
    op.alter_column("caddie_turns", "caddie_name", nullable=False)


def name_as_told() -> None:
    """Give the turns of who has been moved since the last name that their old list was told, as far as the log goes."""
    database = op.get_bind()
    moved: list[tuple[UUID, int]] = [tuple(row) for row in database.execute(sa.text(MOVED))]
    caddies = {public_id("caddie", caddie_id): caddie_id for caddie_id, _ in moved}
    for public, number, name in database.execute(sa.text(TOLD), {"caddies": list(caddies)}):
        if (caddies[public], number) in moved:
            database.execute(sa.text(NAME), {"name": name, "caddie": caddies[public], "list": number})


def downgrade() -> None:
    op.drop_column("caddie_turns", "caddie_name")
