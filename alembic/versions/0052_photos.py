"""Golfers have a photo: a picture is an occasion's or a golfer's."""

import sqlalchemy as sa

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

SHOWN = sa.text("picture_id IS NOT NULL")


def upgrade() -> None:
    op.alter_column("pictures", "occasion_id", nullable=True)
    op.add_column("pictures", sa.Column("golfer_id", sa.Uuid(), nullable=True))
    op.create_check_constraint(op.f("ck_pictures_of"), "pictures", "num_nonnulls(occasion_id, golfer_id) = 1")
    unused = sa.text("NOT is_used")
    op.create_index(op.f("ix_pictures_golfer_id"), "pictures", ["golfer_id"], postgresql_where=unused)
    op.add_column("golfers", sa.Column("picture_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_golfers_tenant_id_picture_id"),
        "golfers",
        "pictures",
        ["tenant_id", "picture_id"],
        ["tenant_id", "id"],
    )
    op.create_index("uq_golfers_picture_id", "golfers", ["picture_id"], unique=True, postgresql_where=SHOWN)


def downgrade() -> None:
    op.drop_index("uq_golfers_picture_id", "golfers")
    op.drop_constraint(op.f("fk_golfers_tenant_id_picture_id"), "golfers")
    op.drop_column("golfers", "picture_id")
    op.execute("DELETE FROM pictures WHERE occasion_id IS NULL")
    op.drop_index(op.f("ix_pictures_golfer_id"), "pictures")
    op.drop_constraint(op.f("ck_pictures_of"), "pictures")
    op.drop_column("pictures", "golfer_id")
    op.alter_column("pictures", "occasion_id", nullable=False)
