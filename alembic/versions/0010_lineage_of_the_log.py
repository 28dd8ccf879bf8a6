"""Which database the log lives in, so that a restored one is told apart, and which transaction wrote an event."""

import sqlalchemy as sa

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LINEAGE = """
    CREATE FUNCTION log_lineage() RETURNS text LANGUAGE plpgsql STABLE AS $$
    BEGIN
        RETURN (
            SELECT concat_ws(
                '/', system_identifier, left(pg_walfile_name(pg_current_wal_lsn()), 8),
                (SELECT oid FROM pg_database WHERE datname = current_database()), 'public.streams'::regclass::oid,
                (SELECT id FROM public.restorations ORDER BY restored_at DESC LIMIT 1)
            )
            FROM pg_control_system()
        );
    EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_function THEN
        RETURN (
            SELECT concat_ws(
                '/', oid, 'public.streams'::regclass::oid,
                (SELECT id FROM public.restorations ORDER BY restored_at DESC LIMIT 1)
            )
            FROM pg_database WHERE datname = current_database()
        );
    END $$
"""
"""The server's own number, its timeline, which a promoted replica and a restored copy count on, the database and the
table: whatever a backup is restored into, one of them is another, unless it is the same table, of which only a row of
`restorations` tells. A server that does not tell the first two, as some that are rented do not, is known without."""


def upgrade() -> None:
    op.create_table(
        "restorations",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("restored_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restorations")),
    )
    op.execute("ALTER TABLE restorations ENABLE ROW LEVEL SECURITY")
    op.execute("GRANT SELECT ON restorations TO fairway_app, fairway_system")
    op.execute("CREATE POLICY known ON restorations FOR SELECT TO fairway_app, fairway_system USING (true)")
    op.execute(LINEAGE)
    op.add_column(
        "streams", sa.Column("lineage", sa.String(length=120), server_default=sa.text("log_lineage()"), nullable=False)
    )
    op.add_column("events", sa.Column("transaction_id", sa.BigInteger(), nullable=True))
    op.execute("ALTER TABLE events ALTER transaction_id SET DEFAULT pg_current_xact_id()::text::bigint")
    op.create_index(op.f("ix_events_transaction_id"), "events", ["transaction_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_events_transaction_id"), table_name="events")
    op.drop_column("events", "transaction_id")
    op.drop_column("streams", "lineage")
    op.execute("DROP FUNCTION log_lineage()")
    op.drop_table("restorations")
