"""What all tables share: naming, the tenant, how enums and moments are stored."""

from datetime import datetime
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, ForeignKeyConstraint, MetaData, UniqueConstraint
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from kit.ids import new_id

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def enum_column(kind: type[Enum], *, rule: str | None = None) -> SqlEnum:
    """Store an enum as text that a check constraint holds to its values: simpler to change than a type.

    `rule` names the constraint where a table has two columns of one kind.
    """
    return SqlEnum(kind, native_enum=False, create_constraint=True, length=32, name=rule or kind.__name__.lower())


class Base(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: DateTime(timezone=True), dict[str, Any]: JSONB}


class TenantOwned(Base):
    """A row that belongs to a tenant, and that row-level security shows to that tenant alone."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    tenant_id: Mapped[UUID]

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        """Let others refer to the row together with its tenant, so that no row can point into another tenant's."""
        return (UniqueConstraint("tenant_id", "id"), *cls.constraints())

    @classmethod
    def constraints(cls) -> tuple[Any, ...]:
        """Give the table's own constraints and indexes."""
        return ()


def belongs_to(table: str, column: str, *, cascade: bool = False) -> ForeignKeyConstraint:
    """Refer to a row of the same tenant: foreign keys are checked without row-level security, so they name it."""
    return ForeignKeyConstraint(
        ["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], ondelete="CASCADE" if cascade else None
    )
