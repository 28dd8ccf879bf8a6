"""What guests post and ask for: posts, pictures, votes for music, requests."""

import sqlalchemy as sa

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TENANT = "(SELECT NULLIF(current_setting('fairway.tenant', true), '')::uuid)"
OWN = f"tenant_id = {TENANT}"
KEPT = ("guest_requests",)
"""What is never removed."""
REMOVED = ("pictures", "posts", "music_votes")


def upgrade() -> None:
    create_pictures()
    create_posts()
    create_votes()
    create_requests()
    for table in (*KEPT, *REMOVED):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO fairway_app")
        op.execute(f"CREATE POLICY own ON {table} TO fairway_app USING ({OWN}) WITH CHECK ({OWN})")
    for table in REMOVED:
        op.execute(f"GRANT DELETE ON {table} TO fairway_app")
    op.execute("GRANT SELECT (id, tenant_id, remove_at) ON pictures TO fairway_system")
    op.execute("CREATE POLICY due ON pictures FOR SELECT TO fairway_system USING (true)")


def of_tenant(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f(f"uq_{table}_tenant_id_id")),
    )


def within(table: str, parents: str, column: str, *, cascade: bool = True) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{parents}.tenant_id", f"{parents}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete="CASCADE" if cascade else None,
    )


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def create_pictures() -> None:
    op.create_table(
        "pictures",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("sent_by", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        moment("uploaded_at", nullable=True),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        moment("remove_at", nullable=True),
        moment("created_at"),
        *of_tenant("pictures"),
        sa.CheckConstraint(
            "num_nulls(digest, width, height, uploaded_at) IN (0, 4)", name=op.f("ck_pictures_uploaded")
        ),
        sa.CheckConstraint("is_used OR remove_at IS NOT NULL", name=op.f("ck_pictures_removed")),
        sa.CheckConstraint("NOT is_used OR uploaded_at IS NOT NULL", name=op.f("ck_pictures_used")),
        within("pictures", "occasions", "occasion_id"),
    )
    op.create_index("ix_pictures_due", "pictures", ["remove_at"], postgresql_where=sa.text("remove_at IS NOT NULL"))
    op.create_index(
        op.f("ix_pictures_household_id"), "pictures", ["household_id"], postgresql_where=sa.text("NOT is_used")
    )


def create_posts() -> None:
    op.create_table(
        "posts",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("kind", one_of("postkind", "MUSIC", "GALLERY", "GUESTBOOK", "TRIBUTE"), nullable=False),
        sa.Column("status", one_of("poststatus", "PENDING", "APPROVED", "HIDDEN"), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(length=201), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("artist", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("picture_id", sa.Uuid(), nullable=True),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("moderated_by", sa.String(length=200), nullable=True),
        moment("created_at"),
        moment("updated_at"),
        *of_tenant("posts"),
        sa.CheckConstraint("(kind = 'MUSIC') = (title <> '')", name=op.f("ck_posts_title")),
        sa.CheckConstraint("kind = 'MUSIC' OR (artist = '' AND votes = 0)", name=op.f("ck_posts_music")),
        sa.CheckConstraint("kind <> 'GALLERY' OR picture_id IS NOT NULL", name=op.f("ck_posts_gallery")),
        sa.CheckConstraint("kind <> 'MUSIC' OR picture_id IS NULL", name=op.f("ck_posts_heard")),
        sa.CheckConstraint("votes >= 0", name=op.f("ck_posts_votes")),
        within("posts", "occasions", "occasion_id"),
        within("posts", "pictures", "picture_id", cascade=False),
    )
    op.create_index(
        "uq_posts_picture_id",
        "posts",
        ["picture_id"],
        unique=True,
        postgresql_where=sa.text("picture_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_posts_occasion_id_kind_id"), "posts", ["occasion_id", "kind", "id"])
    op.create_index(op.f("ix_posts_household_id"), "posts", ["household_id"])


def create_votes() -> None:
    op.create_table(
        "music_votes",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        moment("created_at"),
        *of_tenant("music_votes"),
        within("music_votes", "posts", "post_id"),
    )
    op.create_index("uq_music_votes_post_id_guest_id", "music_votes", ["post_id", "guest_id"], unique=True)


def create_requests() -> None:
    op.create_table(
        "guest_requests",
        sa.Column("occasion_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(length=201), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("status", one_of("requeststatus", "OPEN", "IN_PROGRESS", "DONE", "DECLINED"), nullable=False),
        sa.Column("reply", sa.String(length=1000), nullable=False),
        moment("created_at"),
        moment("updated_at"),
        *of_tenant("guest_requests"),
        within("guest_requests", "occasions", "occasion_id"),
    )
    op.create_index(op.f("ix_guest_requests_occasion_id_id"), "guest_requests", ["occasion_id", "id"])
    op.create_index(op.f("ix_guest_requests_household_id"), "guest_requests", ["household_id"])


def downgrade() -> None:
    for table in ("music_votes", "posts", "pictures", *KEPT):
        op.drop_table(table)
