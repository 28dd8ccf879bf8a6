"""Messages in the rooms of hosted tee times: how far each has read, what who has left may read, reports of them."""

import sqlalchemy as sa

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"


def upgrade() -> None:
    add("hosted_tee_times", sa.Column("last_message", sa.Integer(), nullable=False, server_default="0"))
    add("participations", sa.Column("read_number", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("participations", sa.Column("left_number", sa.Integer(), nullable=True))
    op.execute("UPDATE participations SET left_number = 0 WHERE status IN ('LEFT', 'REMOVED')")
    op.create_check_constraint(
        op.f("ck_participations_left"),
        "participations",
        "(status IN ('LEFT', 'REMOVED')) = (left_number IS NOT NULL)",
    )
    change_reports()
    create_messages()


def add(table: str, column: sa.Column) -> None:
    op.add_column(table, column)
    op.alter_column(table, column.name, server_default=None)


def change_reports() -> None:
    table = "golfer_reports"
    op.add_column(table, sa.Column("message_id", sa.Uuid(), nullable=True))
    add(table, sa.Column("quote", sa.String(length=2000), nullable=False, server_default=""))
    op.create_check_constraint(op.f("ck_golfer_reports_quote"), table, "(message_id IS NULL) = (quote = '')")
    outcomes("DISMISSED", "SUSPENDED", "HIDDEN")
    about = sa.text("message_id IS NOT NULL")
    op.create_index("ix_golfer_reports_message", table, ["message_id"], postgresql_where=about)


def outcomes(*values: str) -> None:
    name, listed = op.f("ck_golfer_reports_reportoutcome"), ", ".join(f"'{one}'" for one in values)
    op.drop_constraint(name, "golfer_reports")
    op.create_check_constraint(name, "golfer_reports", f"outcome IN ({listed})")


def create_messages() -> None:
    table = "messages"
    status = sa.Enum(
        "SHOWN", "DELETED", "HIDDEN", name="messagestatus", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        table,
        sa.Column("tee_time_id", sa.Uuid(), nullable=False),
        sa.Column("golfer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("status", status, nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("created_at", "updated_at")),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f(f"uq_{table}_tenant_id_id")),
        sa.UniqueConstraint("tee_time_id", "number", name=op.f(f"uq_{table}_tee_time_id_number")),
        sa.CheckConstraint("(status = 'DELETED') = (text = '')", name=op.f(f"ck_{table}_deleted")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{parents}.tenant_id", f"{parents}.id"],
                name=op.f(f"fk_{table}_tenant_id_{column}"),
            )
            for parents, column in (("hosted_tee_times", "tee_time_id"), ("golfers", "golfer_id"))
        ),
    )
    op.create_index(op.f(f"ix_{table}_golfer_id_created_at"), table, ["golfer_id", "created_at"])
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO fairway_app")
    op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")


def downgrade() -> None:
    op.drop_table("messages")
    table = "golfer_reports"
    op.drop_index("ix_golfer_reports_message", table)
    op.execute(f"UPDATE {table} SET outcome = 'DISMISSED' WHERE outcome = 'HIDDEN'")
    outcomes("DISMISSED", "SUSPENDED")
    for column in ("message_id", "quote"):
        op.drop_column(table, column)
    for column in ("read_number", "left_number"):
        op.drop_column("participations", column)
    op.drop_column("hosted_tee_times", "last_message")
