"""Facts about the players whom a club knows. They are told to its staff, in a room of their own, and to nobody else."""

from dataclasses import dataclass
from datetime import date

from events.base import event
from events.clubs import ClubEvent, club_room
from events.seen import ForAll, ForStaff
from models.tee_sheet.values import PriceClass


def players_room(club_id: str) -> str:
    """Name the room of what staff may know of a club's players."""
    return f"{club_room(club_id)}:players"


@dataclass(frozen=True, kw_only=True)
class PlayerState(ClubEvent):
    """A player as the club knows them from now on."""

    player_id: ForAll[str]
    """The player."""
    first_name: ForStaff[str]
    """First name."""
    last_name: ForStaff[str]
    """Last name."""
    price_class: ForStaff[PriceClass | None]
    """What the player pays by, and how far ahead the player may book."""
    member_number: ForAll[str | None]
    """The member number."""
    phone: ForStaff[str | None]
    """The phone number."""
    email: ForStaff[str | None]
    """The e-mail address."""
    birth_date: ForStaff[date | None]
    """When the player was born."""
    household: ForAll[str | None]
    """What the club calls the household; players with the same one may book for each other."""
    host_id: ForAll[str | None]
    """The player whose guest they are."""
    notes: ForStaff[str | None]
    """What the staff note of the player."""
    is_active: ForAll[bool]
    """Whether the player may be booked."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The staff's screens that show players."""
        return (players_room(self.club_id),)


@event("player.added")
class PlayerAdded(PlayerState):
    """Somebody became known to the club."""


@event("player.updated")
class PlayerUpdated(PlayerState):
    """What the club knows of a player changed. It tells all of it as it is now."""

    changes: ForAll[tuple[str, ...]]
    """The fields that changed, as in memberNumber."""


@event("player.merged")
class PlayersMerged(PlayerState):
    """Another player was merged into this one, who holds all that was the other's by now."""

    merged_player_id: ForAll[str]
    """The other player, who is no more: screens show this one in their place."""
    changes: ForAll[tuple[str, ...]]
    """The fields that were taken over, as in memberNumber."""
    bookings: ForAll[int]
    """How many bookings came from the other."""
