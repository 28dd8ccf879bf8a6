"""Facts about tables, who sits at them, and the rules by which guests are seated."""

from dataclasses import dataclass

from events.base import event
from events.guests.base import HouseholdFact, OccasionFact
from events.seen import ForAll, ForServer, Private
from models.guests.values import SeatingRuleKind, TableShape


@dataclass(frozen=True, kw_only=True)
class TableFact(OccasionFact):
    """A fact about a table. Those who plan the occasion alone hear it, unless it says otherwise."""

    part_id: ForAll[str]
    """The part."""
    table_id: ForAll[str]
    """The table."""


@dataclass(frozen=True, kw_only=True)
class TableState(TableFact):
    """A table, as it is by now."""

    name: ForAll[str]
    """What the table is called."""
    capacity: ForAll[int]
    """How many seats it has."""
    shape: ForAll[TableShape]
    """Its form on a chart."""
    x: ForAll[float]
    """Where it stands on a chart, from the left."""
    y: ForAll[float]
    """Where it stands on a chart, from above."""
    is_accessible: ForAll[bool]
    """Whether one gets to it in a wheelchair."""
    is_vip: ForAll[bool]
    """Whether it is for VIPs."""


@event("table.create")
class TableCreated(TableState):
    """A part has a table more."""


@event("table.update")
class TableUpdated(TableState):
    """A table changed. Who sits there hears it, once guests see their tables."""

    household_ids: ForServer[tuple[str, ...]] = ()
    """The households that see themselves at the table."""

    @property
    def households(self) -> frozenset[str]:
        """The households at the table, once tables are shown."""
        return frozenset(self.household_ids)


@event("table.delete")
class TableDeleted(TableFact):
    """A part has a table less. Who sat there has no seat, which is told of each of them before."""


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


@dataclass(frozen=True, kw_only=True)
class SeatState(SeatingFact):
    """A guest's seat, as it is by now."""

    table_id: Private[str]
    """The table."""
    seat: Private[int | None]
    """The seat at the table, from 1 on, where one was chosen."""
    is_locked: Private[bool]
    """Whether the guest is to stay there."""


@event("seating.create")
class GuestSeated(SeatState):
    """A guest has a seat."""


@event("seating.update")
class SeatChanged(SeatState):
    """A guest sits elsewhere, the seat was locked or unlocked, or the guest's household sees it from now on."""

    previous_table_id: Private[str]
    """The table at which the guest sat before, which may be the same."""


@event("seating.delete")
class GuestUnseated(SeatingFact):
    """A guest has no seat any more."""

    previous_table_id: Private[str]
    """The table at which the guest sat."""


@dataclass(frozen=True, kw_only=True)
class SeatingRuleState(OccasionFact):
    """A rule of the seating, as it is by now. Each side is a guest or a household."""

    rule_id: ForAll[str]
    """The rule."""
    kind: ForAll[SeatingRuleKind]
    """How the two are to sit."""
    first_guest_id: ForAll[str | None]
    """The first of the two, if it is a guest."""
    first_household_id: ForAll[str | None]
    """The first of the two, if it is a household."""
    second_guest_id: ForAll[str | None]
    """The second of the two, if it is a guest."""
    second_household_id: ForAll[str | None]
    """The second of the two, if it is a household."""


@event("seating-rule.create")
class SeatingRuleCreated(SeatingRuleState):
    """There is a rule more."""


@event("seating-rule.update")
class SeatingRuleUpdated(SeatingRuleState):
    """Two are to sit otherwise than before."""


@event("seating-rule.delete")
class SeatingRuleDeleted(OccasionFact):
    """A rule of the seating holds no more."""

    rule_id: ForAll[str]
    """The rule."""
