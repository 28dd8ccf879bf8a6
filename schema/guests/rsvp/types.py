"""The directory of an occasion."""

from typing import Self

import strawberry

from domain.guests.rsvp import listing
from kit.ids import public_id
from schema.describe import listed, output


@output
class ListedGuest:
    """Somebody who comes to the main part, and agreed to be listed."""

    guest_id: strawberry.ID
    """The guest."""
    name: str
    """First and last name."""
    group_name: str
    """The group, or the side."""
    household_name: str
    """What the household is called."""


@output
class Directory:
    """Who comes, and agreed to be listed."""

    cursor: str
    """The place in the occasion's stream up to which this answer shows everything: subscribe `after` it."""
    guests: list[ListedGuest] = listed(entries=100)
    """The guests, by last and first name."""

    @classmethod
    def of(cls, found: listing.Directory) -> Self:
        """Show a directory."""
        guests = [
            ListedGuest(
                guest_id=strawberry.ID(public_id("guest", one.guest_id)),
                name=one.entry.name,
                group_name=one.entry.group_name,
                household_name=one.entry.household_name,
            )
            for one in found.listed
        ]
        return cls(cursor=str(found.cursor), guests=guests)
