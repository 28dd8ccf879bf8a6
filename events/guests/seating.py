"""Facts about who sits where."""

from dataclasses import dataclass

from events.base import event
from events.guests.base import HouseholdFact, OccasionFact
from events.seen import ForAll, ForServer, Private


@dataclass(frozen=True, kw_only=True)
class SeatingFact(HouseholdFact):
    """A fact about a guest's seat. Before the tables are shown to guests, those who plan the occasion alone hear it."""

    part_id: ForAll[str]
    """The part."""
    guest_id: ForAll[str]
    """The guest."""
    guest_name: Private[str]
    """First and last name; empty for a plus-one who has none yet."""
    is_revealed: ForServer[bool]
    """Whether guests see their tables."""

    @property
    def households(self) -> frozenset[str]:
        """The guest's household, once tables are shown."""
        return super().households if self.is_revealed else frozenset()


@event("seating.delete")
class GuestUnseated(SeatingFact):
    """A guest has no seat any more."""

    previous_table_id: Private[str]
    """The table at which the guest sat."""


@event("seating-rule.delete")
class SeatingRuleDeleted(OccasionFact):
    """A rule of the seating holds no more."""

    rule_id: ForAll[str]
    """The rule."""
