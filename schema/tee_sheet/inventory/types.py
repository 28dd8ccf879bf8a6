"""Tee times and their places."""

from datetime import datetime, time
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.privacy import plays_as
from domain.clubs.reading import clubs_by_id
from domain.tee_sheet.inventory.reading import SlotView, sheets_by_id, slots_of
from domain.tee_sheet.inventory.restrictions import planned_time, restrictions_of
from domain.tee_sheet.inventory.slots import find_start_of_slot, find_tee_time
from events.tee_sheet.booking import SlotBooked
from kit.errors import NotFound
from kit.ids import public_id
from models.tee_sheet import tables
from models.tee_sheet.values import PriceClass, SlotStatus
from schema.context import Info
from schema.describe import enum, field, list_field, output, viewer_field
from schema.money import Money
from schema.nodes import Node, finds
from schema.sight import Sight, audience_of
from schema.tee_sheet.inventory.restrictions import StartRestriction, shown_restrictions

enum(SlotStatus)


@output
class PersonName:
    """A name, as far as the club's privacy and the viewer's role let it be seen."""

    first_name: str
    """First name, its initial, or nothing."""
    last_name: str
    """Last name, its initial, or nothing."""


@output
class OwnPlace:
    """A place that the viewer booked or plays on, with its names in full, whatever the club's privacy."""

    is_booker: bool
    """Whether the viewer made the booking."""
    is_player: bool
    """Whether the viewer plays on the place."""
    payer: PersonName
    """Who pays for the booking."""
    player: PersonName
    """Who plays on the place; without a name for a guest who has none."""
    player_id: strawberry.ID | None
    """The player, if the club knows them."""
    price_class: PriceClass
    """By which class the player pays."""
    price: Money
    """What the player pays."""

    @classmethod
    def of(
        cls,
        viewer: Viewer,
        *,
        booked_by: str | None,
        player_id: UUID | None,
        user_id: str | None,
        payer: tuple[str, str],
        player: tuple[str, str],
        price_class: PriceClass,
        price: Money,
    ) -> Self | None:
        """Show a booked place to a viewer, if it is theirs; `user_id` is the user whom the club knows as its player."""
        is_booker, is_player = booked_by == viewer.user_id, plays_as(viewer, player_id=player_id, user_id=user_id)
        if not is_booker and not is_player:
            return None
        return cls(
            is_booker=is_booker,
            is_player=is_player,
            payer=PersonName(first_name=payer[0], last_name=payer[1]),
            player=PersonName(first_name=player[0], last_name=player[1]),
            player_id=strawberry.ID(public_id("player", player_id)) if player_id else None,
            price_class=price_class,
            price=price,
        )


@output
class Slot(Node):
    """One place on a tee time."""

    view: strawberry.Private[SlotView]
    currency: strawberry.Private[str]

    number: int
    """1 to 4."""
    status: SlotStatus
    """What can be done with the place."""
    price: Money | None
    """What it is offered for to the public, or what it was sold for: for those who see the player's name in full."""
    held_until: datetime | None
    """When the hold ends, while the place is held."""
    is_held_back: bool
    """Whether it was given up, and is held back until then: everybody can have it from then on, the staff before."""
    booking_id: strawberry.ID | None
    """The booking that has the place."""
    payer: PersonName | None
    """Who pays for that booking."""

    @classmethod
    def of(cls, view: SlotView, *, currency: str, sight: Sight) -> Self:
        """Show a place. What was sold is seen as it is told of."""
        cents: int | None = view.price_cents
        payer = None
        if view.payer is not None:
            cents = sight.of(SlotBooked, "price_cents", cents)
            payer = PersonName(
                first_name=sight.of(SlotBooked, "payer_first_name", view.payer[0]),
                last_name=sight.of(SlotBooked, "payer_last_name", view.payer[1]),
            )
        return cls(
            view=view,
            currency=currency,
            id=strawberry.ID(public_id("slot", view.id)),
            number=view.number,
            status=sight.status(view.status, shop_only=view.shop_only),
            price=None if cents is None else Money(amount_cents=cents, currency=currency),
            held_until=view.held_until,
            is_held_back=view.is_held_back,
            booking_id=strawberry.ID(public_id("booking", view.booking_id)) if view.booking_id else None,
            payer=payer,
        )

    @viewer_field
    def own(self, info: Info) -> OwnPlace | None:
        """What the place is to the viewer, if they booked it or play on it."""
        view = self.view
        if view.player is None or view.payer is None or view.price_class is None:
            return None
        return OwnPlace.of(
            info.context.viewer,
            booked_by=view.booked_by,
            player_id=view.player_id,
            user_id=view.user_id,
            payer=view.payer,
            player=view.player,
            price_class=view.price_class,
            price=Money(amount_cents=view.price_cents, currency=self.currency),
        )


@output
class TeeTime(Node):
    """One start: a course, a tee, a moment."""

    row: strawberry.Private[tables.TeeTime]
    starts_at: datetime
    """The moment, in UTC."""
    local_time: time
    """The same on the course's clock."""
    tee: int
    """The hole that the group starts from."""
    note: str
    """What the staff have noted on it for all; empty where there is nothing."""

    @classmethod
    def of(cls, row: tables.TeeTime) -> Self:
        """Show a tee time."""
        return cls(
            id=strawberry.ID(public_id("tee_time", row.id)),
            row=row,
            starts_at=row.starts_at,
            local_time=row.local_time,
            tee=row.tee,
            note=row.note,
        )

    @field
    async def planned_time(self, info: Info) -> time:
        """The time on the course's clock that it was planned for, before any delay: by this, restrictions hold."""
        sheet = await info.context.load(sheets_by_id, self.row.sheet_id)
        return planned_time(self.row.starts_at, self.row.delayed_minutes, zone=sheet.time_zone)

    @list_field(entries=2)
    async def restrictions(self, info: Info) -> list[StartRestriction]:
        """What is asked of who wants it, beside a free place; staff sell it to anybody."""
        sheet = await info.context.load(sheets_by_id, self.row.sheet_id)
        return shown_restrictions(restrictions_of(sheet, self.row))

    @field
    async def staff_note(self, info: Info) -> str | None:
        """What is noted on it for the staff alone; empty where there is nothing."""
        sheet = await info.context.load(sheets_by_id, self.row.sheet_id)
        return self.row.staff_note if info.context.viewer.is_staff_of(sheet.club_id) else None

    @list_field(entries=4)
    async def slots(self, info: Info) -> list[Slot]:
        """Its places, by number."""
        sheet = await info.context.load(sheets_by_id, self.row.sheet_id)
        club = await info.context.load(clubs_by_id, sheet.club_id)
        sight = Sight(audience_of(info.context.viewer, club.id), club.name_privacy)
        views = await info.context.load(slots_of, self.row.id)
        return [Slot.of(view, currency=sheet.currency, sight=sight) for view in views]


@finds("tee_time")
async def find_tee_time_node(session: AsyncSession, viewer: Viewer, value: UUID) -> TeeTime:
    """Find a tee time."""
    tee_time, sheet = await find_tee_time(session, value)
    if not viewer.may_see_sheets(sheet.club_id):
        raise NotFound(message="There is no such tee time, or you may not know of it.")
    return TeeTime.of(tee_time)


@finds("slot")
async def find_slot_node(session: AsyncSession, viewer: Viewer, value: UUID) -> Slot:
    """Find a place."""
    tee_time, sheet = await find_start_of_slot(session, value)
    if not viewer.may_see_sheets(sheet.club_id):
        raise NotFound(message="There is no such place, or you may not know of it.")
    club = (await clubs_by_id(session, [sheet.club_id]))[sheet.club_id]
    view = next(one for one in (await slots_of(session, [tee_time.id]))[tee_time.id] if one.id == value)
    return Slot.of(view, currency=sheet.currency, sight=Sight(audience_of(viewer, club.id), club.name_privacy))
