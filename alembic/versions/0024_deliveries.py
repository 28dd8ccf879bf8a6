"""What people are told is sent: ways, addresses, devices; a subject is told once."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"
OWNED = ("contacts", "push_devices", "suppressed_addresses", "deliveries")
STATUSES = ("QUEUED", "SENDING", "SENT", "FAILED", "GONE", "SKIPPED", "UNKNOWN")


def upgrade() -> None:
    change_notifications()
    change_letters()
    create_contacts()
    create_devices()
    create_suppressed()
    create_deliveries()
    for table in OWNED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO fairway_app")
        op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    for table in ("push_devices", "suppressed_addresses"):
        op.execute(f"GRANT DELETE ON {table} TO fairway_app")
    op.execute("GRANT SELECT (tenant_id, starts_at) ON tee_times TO fairway_system")
    op.execute("CREATE POLICY due ON tee_times FOR SELECT TO fairway_system USING (true)")
    op.execute("GRANT SELECT (id) ON tenants TO fairway_system")
    op.execute("CREATE POLICY due ON tenants FOR SELECT TO fairway_system USING (true)")


def enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def of_tenant(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f(f"uq_{table}_tenant_id_id")),
    )


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def change_notifications() -> None:
    """Say of each of those that are there what it is about by its id, and that it is not to be sent any more."""
    op.add_column("notifications", sa.Column("subject", sa.String(length=200), nullable=True))
    op.add_column("notifications", sa.Column("is_shown", sa.Boolean(), nullable=False, server_default=sa.text("true")))
    op.add_column("notifications", moment("routed_at", nullable=True))
    op.execute("UPDATE notifications SET subject = id::text, routed_at = created_at")
    op.alter_column("notifications", "subject", nullable=False)
    op.alter_column("notifications", "is_shown", server_default=None)
    op.create_unique_constraint(
        op.f("uq_notifications_tenant_id_user_id_kind_subject"),
        "notifications",
        ["tenant_id", "user_id", "kind", "subject"],
    )
    unread_index("read_at IS NULL AND is_shown")


def unread_index(condition: str) -> None:
    op.drop_index("ix_notifications_unread", "notifications")
    unread = sa.text(condition)
    op.create_index("ix_notifications_unread", "notifications", ["tenant_id", "user_id"], postgresql_where=unread)


def change_letters() -> None:
    """Letters that were written before there was anything to send them with are not sent now."""
    op.add_column("letters", sa.Column("status", sa.String(length=32), nullable=False, server_default="SKIPPED"))
    op.alter_column("letters", "status", server_default=None)
    states = ", ".join(f"'{one}'" for one in STATUSES)
    op.create_check_constraint(op.f("ck_letters_deliverystatus"), "letters", f"status IN ({states})")
    op.drop_index("ix_letters_due", "letters")
    op.add_column("households", moment("unsubscribed_at", nullable=True))


def create_contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("user_id", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("pending_email", sa.String(length=254), nullable=True),
        sa.Column("language", enum("language", "EN", "ES"), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("muted", postgresql.ARRAY(sa.String(length=64)), nullable=False),
        moment("updated_at"),
        *of_tenant("contacts"),
        sa.UniqueConstraint("tenant_id", "user_id", name=op.f("uq_contacts_tenant_id_user_id")),
        sa.CheckConstraint("num_nonnulls(quiet_from, quiet_until) IN (0, 2)", name=op.f("ck_contacts_quiet")),
        sa.CheckConstraint("quiet_from <> quiet_until", name=op.f("ck_contacts_quiet_hours")),
    )


def create_devices() -> None:
    op.create_table(
        "push_devices",
        sa.Column("user_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("endpoint", sa.String(length=1000), nullable=False),
        sa.Column("p256dh", sa.String(length=90), nullable=False),
        sa.Column("auth", sa.String(length=30), nullable=False),
        sa.Column("server_key", sa.String(length=90), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        moment("created_at"),
        moment("pushed_at", nullable=True),
        *of_tenant("push_devices"),
        sa.UniqueConstraint("tenant_id", "endpoint", name=op.f("uq_push_devices_tenant_id_endpoint")),
    )
    op.create_index("ix_push_devices_user", "push_devices", ["tenant_id", "user_id", "id"])


def create_suppressed() -> None:
    table = "suppressed_addresses"
    op.create_table(
        table,
        sa.Column("address", sa.String(length=254), nullable=False),
        moment("created_at"),
        *of_tenant(table),
        sa.UniqueConstraint("tenant_id", "address", name=op.f(f"uq_{table}_tenant_id_address")),
        sa.CheckConstraint("address = lower(address)", name=op.f(f"ck_{table}_small")),
    )


def create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("notification_id", sa.Uuid(), nullable=True),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("channel", enum("deliverychannel", "EMAIL", "PUSH"), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("status", enum("deliverystatus", *STATUSES), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        moment("created_at"),
        moment("updated_at"),
        *of_tenant("deliveries"),
        sa.CheckConstraint("num_nonnulls(notification_id, letter_id) = 1", name=op.f("ck_deliveries_told")),
        sa.CheckConstraint("(channel = 'PUSH') = (device_id IS NOT NULL)", name=op.f("ck_deliveries_device")),
        sa.CheckConstraint("letter_id IS NULL OR channel = 'EMAIL'", name=op.f("ck_deliveries_letter")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", f"{parent}_id"],
                [f"{parent}s.tenant_id", f"{parent}s.id"],
                name=op.f(f"fk_deliveries_tenant_id_{parent}_id"),
                ondelete="CASCADE",
            )
            for parent in ("notification", "letter")
        ),
    )
    op.create_index(
        "uq_deliveries_notification_id",
        "deliveries",
        ["notification_id", "channel", "device_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("notification_id IS NOT NULL"),
    )
    op.create_index(
        "uq_deliveries_letter_id",
        "deliveries",
        ["letter_id"],
        unique=True,
        postgresql_where=sa.text("letter_id IS NOT NULL"),
    )


def downgrade() -> None:
    for table, columns in (("tee_times", "tenant_id, starts_at"), ("tenants", "id")):
        op.execute(f"DROP POLICY due ON {table}")
        op.execute(f"REVOKE SELECT ({columns}) ON {table} FROM fairway_system")
    for table in reversed(OWNED):
        op.drop_table(table)
    op.drop_column("households", "unsubscribed_at")
    op.drop_column("letters", "status")
    waiting = sa.text("sent_at IS NULL AND failed_at IS NULL")
    op.create_index("ix_letters_due", "letters", ["created_at"], postgresql_where=waiting)
    unread_index("read_at IS NULL")
    op.drop_constraint(op.f("uq_notifications_tenant_id_user_id_kind_subject"), "notifications")
    op.execute("DELETE FROM notifications WHERE NOT is_shown")
    for column in ("subject", "is_shown", "routed_at"):
        op.drop_column("notifications", column)
