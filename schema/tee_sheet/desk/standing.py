"""Standing bookings, and setting them."""

import datetime as dt
from types import MappingProxyType
from typing import Any, Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.tee_sheet.desk import standing
from kit.ids import public_id
from models.tee_sheet.standing import StandingBooking as StandingRow
from models.tee_sheet.standing import StandingDate as DateRow
from models.tee_sheet.standing import StandingEnd
from models.tee_sheet.values import PriceClass, Weekday
from schema.context import Info
from schema.describe import enum, input_type, list_field, listed, output
from schema.inputs import Input
from schema.nodes import Node, finds
from schema.payloads import Payload
from schema.tee_sheet.booking.inputs import PayerInput, PlayerInput, wished_players
from schema.tee_sheet.inventory.types import PersonName

enum(StandingEnd)


@output
class StandingDate:
    """What became of a standing booking on one date."""

    date: dt.date
    """The date."""
    booking_id: strawberry.ID | None
    """The booking that was made; none where it was skipped."""
    reason: str | None
    """Why it was skipped: the code of the refusal, as in `problems`."""
    message: str
    """The same in a sentence; empty where it was booked."""
    decided_at: dt.datetime
    """When that was, in UTC."""

    @classmethod
    def of(cls, row: DateRow) -> Self:
        """Show a date."""
        return cls(
            date=row.date,
            booking_id=strawberry.ID(public_id("booking", row.booking_id)) if row.booking_id else None,
            reason=row.reason,
            message=row.message,
            decided_at=row.decided_at,
        )


@output
class StandingPlayer:
    """Who plays by a standing booking."""

    player_id: strawberry.ID | None
    """The player, if the club knows them."""
    first_name: str
    """First name."""
    last_name: str
    """Last name."""
    price_class: PriceClass | None = None
    """By which class they pay; none where that is theirs on each date, or a guest's of the public."""


@output
class StandingBooking(Node):
    """The same start every week, booked for a party: for staff."""

    row: strawberry.Private[StandingRow]
    course_id: strawberry.ID
    """The course."""
    weekday: Weekday
    """On which day of the week."""
    local_time: dt.time
    """The start, on the course's clock."""
    places: int
    """1 to 4 players."""
    holes: int | None
    """9 or 18; none for a full round."""
    payer: PersonName
    """Who pays."""
    first_date: dt.date
    """From when on."""
    until: dt.date
    """The last date on which it may be."""
    next_date: dt.date | None
    """The date for which it is made next; none once all are decided."""
    set_by: str
    """Who has set it last, by the `sub` of their token; it is the club's all the same, and goes on without them."""
    ended_at: dt.datetime | None
    """When it was ended, in UTC."""
    ended_by: str | None
    """Who ended it, by the `sub` of their token."""
    end_reason: StandingEnd | None
    """Why it was ended."""
    players: list[StandingPlayer] = listed(entries=4)
    """Who plays, as far as they are named."""

    @classmethod
    def of(cls, row: StandingRow) -> Self:
        """Show a standing booking."""
        return cls(
            id=strawberry.ID(public_id("standing_booking", row.id)),
            row=row,
            course_id=strawberry.ID(public_id("course", row.course_id)),
            weekday=list(Weekday)[row.weekday - 1],
            local_time=row.local_time,
            places=row.places,
            holes=row.holes,
            payer=PersonName(first_name=row.payer_first_name, last_name=row.payer_last_name),
            first_date=row.first_date,
            until=row.last_date,
            next_date=row.next_date,
            set_by=row.set_by,
            ended_at=row.ended_at,
            ended_by=row.ended_by,
            end_reason=row.end_reason,
            players=[_player(one) for one in row.players],
        )

    @list_field(entries=20)
    async def dates(self, info: Info) -> list[StandingDate]:
        """The last 20 dates that are decided, the latest first."""
        rows = await info.context.load(standing.dates_of, self.row.id)
        return [StandingDate.of(row) for row in rows[: standing.SHOWN]]


def _player(kept: dict[str, Any]) -> StandingPlayer:
    key = kept["player_id"]
    return StandingPlayer(
        player_id=strawberry.ID(public_id("player", UUID(key))) if key else None,
        first_name=kept["first_name"],
        last_name=kept["last_name"],
        price_class=kept["price_class"],
    )


@finds("standing_booking")
async def find_standing_booking(session: AsyncSession, viewer: Viewer, value: UUID) -> StandingBooking:
    """Find a standing booking."""
    return StandingBooking.of(await standing.find_standing(session, viewer=viewer, standing_booking_id=value))


@input_type
class SetStandingBookingInput(Input):
    """The same start every week, to be booked from now on."""

    course_id: strawberry.ID
    """The course."""
    weekday: Weekday
    """On which day of the week."""
    local_time: dt.time
    """The start, on the course's clock."""
    until: dt.date
    """The last date on which it may be, at most 800 days ahead."""
    first_date: dt.date | None = None
    """From when on; today if left out."""
    places: int = 1
    """1 to 4 players."""
    players: list[PlayerInput] = strawberry.field(default_factory=list)
    """Who plays, as far as that is known. The window of the first whom the club knows is waited for."""
    holes: int | None = None
    """9 or 18; a full round if left out."""
    payer: PayerInput | None = None
    """Who pays; the first player who has a name if left out."""
    standing_booking_id: strawberry.ID | None = None
    """The one that shall change, for all dates that are not decided yet; a new one if left out."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the course, the wish, and what shall change."""
        wish = standing.StandingWish(
            weekday=self.weekday,
            local_time=self.local_time,
            until=self.until,
            first_date=self.first_date,
            places=self.places,
            players=wished_players(self.players, path=path),
            holes=self.holes,
            payer=(self.payer.first_name, self.payer.last_name) if self.payer else ("", ""),
        )
        return {
            "course_id": self._read("course_id", self.course_id, path),
            "wish": wish,
            "standing_booking_id": self._read("standing_booking_id", self.standing_booking_id, path),
        }


@input_type
class EndStandingBookingInput(Input):
    """A standing booking by which nothing more shall be booked."""

    kinds = MappingProxyType({"standing_booking_id": "standing_booking"})
    standing_booking_id: strawberry.ID
    """The standing booking."""


@output
class SetStandingBookingPayload(Payload):
    """The answer to `setStandingBooking`."""

    results = ("standing_booking",)
    standing_booking: StandingBooking | None = None
    """The standing booking."""


@output
class EndStandingBookingPayload(Payload):
    """The answer to `endStandingBooking`."""

    standing_booking: StandingBooking | None = None
    """The standing booking, ended."""
