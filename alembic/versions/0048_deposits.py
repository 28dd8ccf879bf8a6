"""Deposits of bookings, their refunds, and what payment providers tell of them."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
STATUSES = ("REQUESTED", "PENDING", "AUTHORISED", "PAID", "FORFEITED", "REFUNDED", "RELEASING", "RELEASED")
ENDS = ("UNPAID", "CANCELLED", "WAIVED", "CHANGED")
REFUNDS = ("REQUESTED", "DONE", "FAILED")


def upgrade() -> None:
    empty = sa.text("'{}'")
    op.add_column("clubs", sa.Column("deposits", postgresql.JSONB(), server_default=empty, nullable=False))
    op.add_column("bookings", sa.Column("has_deposit", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("bookings", "has_deposit", server_default=None)
    op.create_table(
        "deposits",
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("status", _enum("depositstatus", STATUSES), nullable=False),
        sa.Column("ends_as", _enum("depositend", ENDS), nullable=True),
        *(sa.Column(f"{name}_cents", sa.Integer(), nullable=False) for name in ("amount", "paid", "refunded")),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("minutes_to_pay", sa.Integer(), nullable=False),
        sa.Column("pay_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_forfeit", sa.Boolean(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("page_id", sa.String(length=255), nullable=True),
        sa.Column("page_url", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.String(length=255), nullable=True),
        *_order(),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("waived_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        *_times(),
        *_of_tenant("deposits", clubs="club_id", bookings="booking_id"),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_deposits_amount_cents")),
        sa.CheckConstraint(
            "refunded_cents BETWEEN 0 AND paid_cents AND paid_cents <= amount_cents", name=op.f("ck_deposits_sums")
        ),
        sa.CheckConstraint(
            "status NOT IN ('RELEASING', 'RELEASED') OR ends_as IS NOT NULL", name=op.f("ck_deposits_ends_as")
        ),
    )
    op.create_table(
        "deposit_refunds",
        sa.Column("deposit_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("status", _enum("refundstatus", REFUNDS), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("refund_id", sa.String(length=255), nullable=True),
        *_order(),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        *_times(),
        *_of_tenant("deposit_refunds", deposits="deposit_id", bookings="booking_id"),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_deposit_refunds_amount_cents")),
    )
    op.create_table(
        "payment_events",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("event_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("deposit_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        *_of_tenant("payment_events", deposits="deposit_id"),
        sa.UniqueConstraint(
            "tenant_id", "provider", "event_id", name=op.f("uq_payment_events_tenant_id_provider_event_id")
        ),
    )
    op.create_index(op.f("ix_deposits_booking_id"), "deposits", ["booking_id"])
    paid = sa.text("payment_id IS NOT NULL")
    op.create_index("ix_deposits_payment", "deposits", ["payment_id"], postgresql_where=paid)
    op.create_index(op.f("ix_deposit_refunds_deposit_id"), "deposit_refunds", ["deposit_id"])
    op.create_index(op.f("ix_payment_events_received_at"), "payment_events", ["received_at"])
    for table in ("deposits", "deposit_refunds"):
        op.create_index(f"ix_{table}_due", table, ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL"))
    for table, rights in (
        ("deposits", "SELECT, INSERT, UPDATE"),
        ("deposit_refunds", "SELECT, INSERT, UPDATE"),
        ("payment_events", "SELECT, INSERT"),
    ):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {rights} ON {table} TO fairway_app")
        op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    for table in ("deposits", "deposit_refunds"):
        op.execute(f"GRANT SELECT (id, tenant_id, due_at) ON {table} TO fairway_system")
        op.execute(f"CREATE POLICY due ON {table} FOR SELECT TO fairway_system USING (true)")
    op.execute("GRANT SELECT, DELETE ON payment_events TO fairway_system")
    op.execute("CREATE POLICY seen ON payment_events FOR SELECT TO fairway_system USING (true)")
    op.execute("CREATE POLICY old ON payment_events FOR DELETE TO fairway_system USING (true)")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _order() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=200), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
    )


def _times() -> tuple[sa.Column[object], ...]:
    return tuple(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("created_at", "updated_at"))


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


def downgrade() -> None:
    for table in ("payment_events", "deposit_refunds", "deposits"):
        op.drop_table(table)
    op.drop_column("bookings", "has_deposit")
    op.drop_column("clubs", "deposits")
