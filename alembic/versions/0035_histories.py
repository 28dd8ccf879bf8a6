"""Histories, to which is only added; those of what there is already begin with how it is by now."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
TABLE = "history_entries"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown", postgresql.JSONB(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_entries")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_history_entries_tenant_id_id")),
    )
    op.create_index(op.f("ix_history_entries_subject_id_id"), TABLE, ["subject_id", "id"])
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"GRANT SELECT, INSERT ON {TABLE} TO fairway_app")
    op.execute(f"CREATE POLICY own ON {TABLE} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    _begin()


def _begin() -> None:
    """Note how bookings and blocks are by now. An id of an old thing sorts before all that are made from now on."""
    columns = "id, tenant_id, subject_id, what, made_by, made_at, shown"
    op.execute(f"""
        INSERT INTO {TABLE} ({columns})
        SELECT b.id, b.tenant_id, b.id, 'history.began', NULL, now(), jsonb_build_object(
            'status', b.status, 'starts_at', t.starts_at, 'holes', b.holes, 'price_cents', b.price_cents,
            'paid_cents', b.paid_cents, 'currency', b.currency, 'payer_first_name', b.payer_first_name,
            'payer_last_name', b.payer_last_name, 'players', COALESCE(p.players, '[]'::jsonb)
        )
        FROM bookings b JOIN tee_times t ON t.id = b.tee_time_id LEFT JOIN (
            SELECT booking_id, jsonb_agg(jsonb_build_object(
                'position', position, 'first_name', first_name, 'last_name', last_name, 'price_class', price_class,
                'price_cents', price_cents, 'checked_in_at', checked_in_at, 'no_show_at', no_show_at
            ) ORDER BY position) AS players FROM booking_players GROUP BY booking_id
        ) p ON p.booking_id = b.id
    """)
    op.execute(f"""
        INSERT INTO {TABLE} ({columns})
        SELECT id, tenant_id, id, 'history.began', NULL, now(),
            jsonb_build_object('kind', kind, 'reason', reason)
        FROM blocks
    """)


def downgrade() -> None:
    op.drop_table(TABLE)
