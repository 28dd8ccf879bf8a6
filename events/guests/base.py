"""What all facts of an occasion have in common: their stream, and who hears them.

Those who plan an occasion hear everything. Guests hear, in one room for all of them, what every guest may know and what
concerns their own household; which of the two a fact is to somebody is decided by `concerns`.
"""

from dataclasses import dataclass, fields

from events.base import Event
from events.seen import ForAll


def occasion_room(occasion_id: str) -> str:
    """Name the stream of an occasion, and the room in which those who plan it hear everything."""
    return f"occasion:{occasion_id}"


def guests_room(occasion_id: str) -> str:
    """Name the room in which an occasion's guests hear what they may."""
    return f"{occasion_room(occasion_id)}:guests"


@dataclass(frozen=True, kw_only=True)
class OccasionFact(Event):
    """A fact about an occasion. Unless it says otherwise, it is for those who plan it alone."""

    club_id: ForAll[str]
    """The club."""
    occasion_id: ForAll[str]
    """The occasion."""

    @property
    def stream(self) -> str:
        """The occasion's own stream: an import of a thousand guests keeps nobody at the club waiting."""
        return occasion_room(self.occasion_id)

    @property
    def is_for_all_guests(self) -> bool:
        """Whether every guest may know of it."""
        return False

    @property
    def households(self) -> frozenset[str]:
        """The households that it concerns, and that hear it as theirs."""
        return frozenset()

    @property
    def former(self) -> frozenset[str]:
        """The households that it concerned until now: they hear it, and of what is private as little as all others."""
        return frozenset()

    @property
    def apart(self) -> frozenset[str]:
        """The households among them of which each is told something that the others are not."""
        return frozenset()

    @property
    def about(self) -> frozenset[str]:
        """Whose the texts in it are, which go when these are erased: guests, or a household where no guest is named."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        guests = {value for name, value in named.items() if name.endswith("guest_id") and value}
        homes = {value for name, value in named.items() if name in {"household_id", "author_household_id"} and value}
        return frozenset(guests or homes)

    @property
    def rooms(self) -> tuple[str, ...]:
        """The planners' room, and that of the guests where any of them may hear it."""
        room = occasion_room(self.occasion_id)
        for_guests = self.is_for_all_guests or self.households or self.former
        return (room, guests_room(self.occasion_id)) if for_guests else (room,)


@dataclass(frozen=True, kw_only=True)
class HouseholdFact(OccasionFact):
    """A fact that one household hears as its own."""

    household_id: ForAll[str]
    """The household."""

    @property
    def households(self) -> frozenset[str]:
        """The household."""
        return frozenset({self.household_id})
