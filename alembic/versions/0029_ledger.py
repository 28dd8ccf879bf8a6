"""The ledger of bookings, to which is only added; rain checks that are taken back."""

import sqlalchemy as sa

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
TABLE = "ledger_entries"
KINDS = ("PAYMENT", "REFUND", "FEE", "DISCOUNT", "RAIN_CHECK", "RAIN_CHECK_RETURNED")


def upgrade() -> None:
    """What was paid before is one payment, and what a rain check paid of it another entry."""
    kind = sa.Enum(*KINDS, name="ledgerkind", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        TABLE,
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_ledger_entries_amount_cents")),
        sa.CheckConstraint("position BETWEEN 1 AND 4", name=op.f("ck_ledger_entries_position")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{parent}.tenant_id", f"{parent}.id"],
                name=op.f(f"fk_ledger_entries_tenant_id_{column}"),
            )
            for parent, column in (("clubs", "club_id"), ("bookings", "booking_id"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_ledger_entries_tenant_id_id")),
    )
    op.create_index(op.f("ix_ledger_entries_booking_id"), TABLE, ["booking_id"])
    op.create_index(op.f("ix_ledger_entries_club_id_created_at"), TABLE, ["club_id", "created_at"])
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"GRANT SELECT, INSERT ON {TABLE} TO fairway_app")
    op.execute(f"CREATE POLICY own ON {TABLE} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    _take_over()
    op.add_column("rain_checks", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("rain_checks", sa.Column("withdrawn_by", sa.String(length=200), nullable=True))
    op.create_check_constraint(
        op.f("ck_rain_checks_withdrawn"),
        "rain_checks",
        "(withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND num_nonnulls(withdrawn_at, redeemed_at) < 2",
    )
    op.drop_constraint(op.f("uq_rain_checks_booking_id"), "rain_checks")
    op.create_index(
        "uq_rain_checks_live",
        "rain_checks",
        ["booking_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def _take_over() -> None:
    columns = "id, tenant_id, club_id, booking_id, kind, amount_cents, currency, reason, created_by, created_at"
    redeemed = "COALESCE((SELECT sum(redeemed_cents) FROM rain_checks WHERE redeemed_booking_id = b.id), 0)"
    op.execute(f"""
        INSERT INTO {TABLE} ({columns})
        SELECT gen_random_uuid(), tenant_id, club_id, redeemed_booking_id, 'RAIN_CHECK', redeemed_cents, currency, '',
            redeemed_by, redeemed_at
        FROM rain_checks WHERE redeemed_at IS NOT NULL
    """)
    op.execute(f"""
        INSERT INTO {TABLE} ({columns})
        SELECT gen_random_uuid(), tenant_id, club_id, id, 'PAYMENT', paid_cents - {redeemed}, currency, '',
            booked_by, created_at
        FROM bookings b WHERE paid_cents > {redeemed}
    """)


def downgrade() -> None:
    op.drop_index("uq_rain_checks_live", "rain_checks")
    op.execute("DELETE FROM rain_checks WHERE withdrawn_at IS NOT NULL")
    op.create_unique_constraint(op.f("uq_rain_checks_booking_id"), "rain_checks", ["booking_id"])
    op.drop_constraint(op.f("ck_rain_checks_withdrawn"), "rain_checks")
    op.drop_column("rain_checks", "withdrawn_by")
    op.drop_column("rain_checks", "withdrawn_at")
    op.drop_table(TABLE)
