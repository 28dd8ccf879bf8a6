"""Which lines of work a tenant takes for related, where it is not as the program has it."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TenantOwned, enum_column
from models.matching.values import Industry, RelationStrength


class IndustryRelation(TenantOwned):
    """How much two lines of work have in common for a tenant."""

    __tablename__ = "industry_relations"

    one: Mapped[Industry] = mapped_column(enum_column(Industry, rule="one_industry"))
    other: Mapped[Industry] = mapped_column(enum_column(Industry, rule="other_industry"))
    strength: Mapped[RelationStrength] = mapped_column(enum_column(RelationStrength))

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Two lines of work are related in one way, whichever is named first: by the alphabet."""
        return (UniqueConstraint("tenant_id", "one", "other"), CheckConstraint("one < other", name="in_order"))
