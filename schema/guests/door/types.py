"""What a scanner at the door needs."""

import datetime as dt
from typing import Self

import strawberry

from domain.guests.door.codes import code_of
from domain.guests.door.lists import DoorList as FoundList
from domain.guests.door.lists import Expected
from domain.guests.facts import full_name
from kit.ids import public_id
from models.guests.occasions import Occasion
from models.guests.values import Need, RsvpStatus
from schema.describe import field, listed, output


@output
class ExpectedGuest:
    """Somebody who may come to the door."""

    found: strawberry.Private[Expected]
    occasion: strawberry.Private[Occasion]
    guest_id: strawberry.ID
    """The guest."""
    name: str
    """First and last name; empty for a plus-one who has none yet."""
    household_id: strawberry.ID
    """The household."""
    household_name: str
    """What the household is called."""
    rsvp_status: RsvpStatus
    """What was answered for the part."""
    needs: list[Need]
    """What the guest needs."""
    is_vip: bool
    """Whether the guest is somebody to look after."""
    table_name: str | None
    """The table where the guest sits, if anywhere."""
    arrived_at: dt.datetime | None
    """When the guest was checked in, in UTC."""

    @classmethod
    def of(cls, found: Expected, occasion: Occasion) -> Self:
        """Show a guest to the door."""
        guest = found.guest
        return cls(
            found=found,
            occasion=occasion,
            guest_id=strawberry.ID(public_id("guest", guest.id)),
            name=full_name(guest),
            household_id=strawberry.ID(public_id("household", guest.household_id)),
            household_name=found.household_name,
            rsvp_status=found.attendance.status,
            needs=[Need(one) for one in guest.needs],
            is_vip=guest.is_vip,
            table_name=found.table_name,
            arrived_at=found.attendance.arrived_at,
        )

    @field
    def code(self) -> str:
        """The guest's code, of 16 signs, as it is scanned."""
        return code_of(self.found.guest, self.occasion)


@output
class CheckInList:
    """Whom the door of a part expects."""

    cursor: str
    """The place in the occasion's stream up to which this answer shows everything: subscribe `after` it."""
    part_id: strawberry.ID
    """The part."""
    guests: list[ExpectedGuest] = listed(entries=150)
    """Everybody who is invited to it, by household."""

    @classmethod
    def of(cls, found: FoundList) -> Self:
        """Show whom the door expects."""
        return cls(
            cursor=str(found.cursor),
            part_id=strawberry.ID(public_id("part", found.part.id)),
            guests=[ExpectedGuest.of(one, found.occasion) for one in found.guests],
        )
