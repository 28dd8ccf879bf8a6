"""The acts of a pro shop's desk through the API, and what tests ask about them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import text

from events.cursor import Cursor
from models.base import Base
from tests.harness import Answer, Server, Socket, Who, World
from tests.tee_sheet.board import BOOKING_EVENTS, CLUB_EVENTS, SHEET_EVENTS, SNAPSHOT

PAYER = {"firstName": "Ana", "lastName": "García"}
RESULTS = {
    "createClub": "club { id }",
    "updateClub": "club { id }",
    "createCourse": "course { id }",
    "updateCourse": "course { id }",
    "addPlayer": "player { id }",
    "setSheetTemplate": "template { id }",
    "generateTeeSheet": "teeSheets { id }",
    "holdSlots": "hold { id }",
    "releaseHold": "hold { id }",
    "bookSlots": "booking { id }",
    "cancelBooking": "booking { id }",
    "restoreBooking": "booking { id }",
    "bookGroup": "bookingGroup { id }",
    "updateBookingGroup": "bookingGroup { id }",
    "cancelBookingGroup": "bookings { id }",
    "setStandingBooking": "standingBooking { id }",
    "endStandingBooking": "standingBooking { id }",
    "announceBallot": "ballot { id }",
    "updateBallot": "ballot { id }",
    "cancelBallot": "ballot { id }",
    "drawBallot": "ballot { id }",
    "enterBallot": "ballotEntry { id }",
    "updateBallotEntry": "ballotEntry { id }",
    "withdrawBallotEntry": "ballotEntry { id }",
    "leaveBallotEntry": "ballotEntry { id }",
    "splitBooking": "booking { id } newBooking { id }",
    "movePlayers": "booking { id } otherBooking { id }",
    "mergeBookings": "booking { id }",
    "swapBookings": "booking { id } otherBooking { id }",
    "checkIn": "booking { id }",
    "undoCheckIn": "booking { id }",
    "markNoShow": "booking { id }",
    "undoNoShow": "booking { id }",
    "teeOff": "booking { id }",
    "undoTeeOff": "booking { id }",
    "correctHole": "booking { id }",
    "endRound": "booking { id }",
    "recordHole": "booking { id }",
    "suspendPlay": "course { id }",
    "resumePlay": "course { id }",
    "takeTeeSheetOffline": "teeSheet { id }",
    "bringTeeSheetOnline": "teeSheet { id }",
    "markNotificationsRead": "unread",
    "joinWaitlist": "waitlistEntry { id }",
    "leaveWaitlist": "waitlistEntry { id }",
    "acceptWaitlistOffer": "booking { id }",
    "declineWaitlistOffer": "waitlistOffer { id }",
    "updateBooking": "booking { id }",
    "moveBooking": "booking { id }",
    "addBlock": "block { id }",
    "removeBlock": "block { id }",
    "squeezeTeeTime": "teeTime { id }",
    "delayTeeTimes": "teeSheet { id }",
    "updateTeeSheet": "teeSheet { id }",
    "addLedgerEntry": "ledgerEntry { id }",
    "setSheetSeason": "season { id }",
    "removeSheetSeason": "courseId",
    "regenerateTeeSheets": "days { date }",
    "setBookingNote": "booking { id }",
    "setTeeTimeNote": "teeTime { id }",
    "setTeeSheetNote": "teeSheet { id }",
    "issueRainCheck": "rainCheck { id }",
    "redeemRainCheck": "rainCheck { id } booking { id }",
}
"""Every mutation there is, and how to ask for its result."""
PROBLEM = """__typename code message path
  ... on SlotsUnavailable { placesLeft releasedAt }
  ... on CourseClosed { courseStatus: status closedReason: reason closedUntil }
  ... on HoldAlreadyActive { holdId }
  ... on TooManyHolds { limit }
  ... on HoldEnded { endedAs: status }
  ... on BookingWindowClosed { opensAt daysAhead }
  ... on StartInThePast { startsAt }
  ... on GroupSizeNotAllowed { allowed }
  ... on BookingAlreadyCancelled { cancelledAt }
  ... on CancellationTooLate { noticeHours deadline }
  ... on NotOnSale { priceClass holes }
  ... on PlayersDoNotMatchHold { places: places }
  ... on TransitionRefused { bookingStatus: status wanted }
  ... on AlreadyCheckedIn { positions }
  ... on NotCheckedIn { positions }
  ... on AlreadyNoShow { positions }
  ... on NotNoShow { positions }
  ... on TooEarly { possibleFrom }
  ... on NotOnCourse { bookingStatus: status }
  ... on HoleAlreadyRecorded { holesCompleted }
  ... on HoleNotInRound { holesOfRound: holes startHole }
  ... on PlayAlreadySuspended { suspendedAt }
  ... on AlreadyOnWaitlist { entryId }
  ... on WaitlistEntryEnded { entryStatus: status }
  ... on BookingLimitReached { bookingLimit: limit allowed_number: allowed freeAt freeOn }
  ... on OfferExpired { expiredAt }
  ... on OfferEnded { offerStatus: status }
  ... on BookingNotChangeable { bookingStatus: status }
  ... on ChangeTooLate { noticeHours deadline }
  ... on PlayerCheckedIn { position }
  ... on PlacesBooked { bookingIds }
  ... on BallotWasDrawn { bookingIds releasesAt }
  ... on BlockAlreadyRemoved { removedAt }
  ... on StartTaken { teeTimeId }
  ... on NotBetweenStarts { firstStartsAt lastStartsAt }
  ... on DelayTooLong { longestMinutes }
  ... on NotDelayedSoMuch { mostMinutes }
  ... on RestoreTooLate { deadline }
  ... on BookingNotCancelled { bookingStatus: status }
  ... on GroupsHaveTeedOff { bookingIds }
  ... on SeasonExists { seasonId }
  ... on RefundTooLarge { refundableCents }
  ... on DiscountTooLarge { chargedCents }
  ... on RainCheckSpent { bookingId }
  ... on StartRestricted { rule restrictionName firstStart lastStart priceClasses most: allowed sold_from: opensAt }
  ... on TurnTaken { turnTeeTimeId turnsAt left_at_turn: placesLeft }
  ... on TurnsInTheWay { turning: bookingIds turningAt: teeTimeIds }
  ... on StartsInUse { teeTimeIds }
  ... on AllHolesPlayed { holes }
  ... on RainCheckAlreadyIssued { rainCheckId }
  ... on RainCheckRedeemed { redeemedAt bookingId }
  ... on RainCheckExpired { expiresAt }
  ... on RainCheckWorthMore { valueCents openCents }
  ... on OverrideEndRefused { earliest latest }
  ... on StrikeTooFar { limitKm }"""


def mutation_of(operation: str) -> str:
    """Write the document of a mutation that asks for its result and all that its problems say."""
    kind = operation[0].upper() + operation[1:] + "Input"
    wanted = f"{RESULTS[operation]} cursor problems {{ {PROBLEM} }}"
    return f"mutation($input: {kind}!) {{ {operation}(input: $input) {{ {wanted} }} }}"


async def ask(server: Server, operation: str, /, *, who: Who | None, **given: Any) -> Answer:
    """Run a mutation; give the whole answer, with all that its problems say."""
    return await server.run(mutation_of(operation), who=who, input=given)


async def done(server: Server, operation: str, selection: str, /, *, who: Who, **given: Any) -> Any:
    """Run a mutation that must succeed; give its payload."""
    payload = await server.mutate(operation, selection, who=who, **given)
    assert payload["problems"] == [], payload
    return payload


async def refused(world: World, operation: str, /, *, who: Who, **given: Any) -> dict[str, Any]:
    """Run a mutation that a rule refuses; give its one problem, once it is sure that nothing has changed."""
    async with unchanged(world):
        payload = (await ask(world.server, operation, who=who, **given)).data[operation]
    [problem], cursor = payload.pop("problems"), payload.pop("cursor")
    assert cursor is None
    assert set(payload.values()) == {None}
    assert problem["message"].endswith(".")
    return dict(problem)


async def forbidden(world: World, operation: str, /, *, who: Who | None, **given: Any) -> Answer:
    """Run a mutation that is answered by a top-level error; give the answer, once it is sure that nothing changed."""
    async with unchanged(world):
        answer = await ask(world.server, operation, who=who, **given)
    assert answer["data"] is None
    assert len(answer["errors"]) == 1
    return answer


@asynccontextmanager
async def unchanged(world: World) -> AsyncIterator[None]:
    """Make sure that no row of the tenant changes meanwhile: no stream moves, no event, job or key is written."""
    before = await rows_of(world.server, world.tenant_id)
    yield
    after = await rows_of(world.server, world.tenant_id)
    changed = [table for table in after if after[table] != before[table]]
    assert not changed, f"rows of {changed} have changed"


async def rows_of(server: Server, tenant_id: UUID) -> dict[str, tuple[int, str]]:
    """Give the number of a tenant's rows and a digest of them, for every table and the job queue."""
    digest = "SELECT '{0}', count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {0} t"
    of_tenants = [name for name, table in Base.metadata.tables.items() if name == "tenants" or "tenant_id" in table.c]
    query = " UNION ALL ".join(digest.format(table) for table in [*of_tenants, "pgqueuer"])
    async with server.runtime.database.tenant(tenant_id) as session:
        found = {table: (count, rows) for table, count, rows in await session.execute(text(query))}
    assert found["clubs"][0] > 0
    return found


async def hold(world: World, who: Who, number: int = -1, places: int = 1, **more: Any) -> Any:
    """Hold places on a tee time of the world; give the payload."""
    wanted = "hold { id status places expiresAt teeTimeId }"
    tee_time = world.tee_time(number)
    return await done(world.server, "holdSlots", wanted, who=who, teeTimeId=tee_time, places=places, **more)


async def book(world: World, who: Who, number: int = -1, places: int = 1, **more: Any) -> Any:
    """Book places on a tee time of the world, or from a hold; give the payload."""
    where = {} if "holdId" in more else {"teeTimeId": world.tee_time(number), "places": places}
    given = where | {"payer": PAYER} | more
    wanted = "booking { id status price { amountCents currency } players { slotId priceClass } }"
    return await done(world.server, "bookSlots", wanted, who=who, **given)


async def cancel(world: World, who: Who, booking_id: str) -> Any:
    """Cancel a booking; give the payload."""
    return await done(world.server, "cancelBooking", "booking { id status }", who=who, bookingId=booking_id)


async def add_player(world: World, name: str, price_class: str, user_id: str | None = None) -> str:
    """Make somebody known to the club; give the player's id."""
    given = {"clubId": world.club, "firstName": name, "lastName": "Pérez", "priceClass": price_class, "userId": user_id}
    payload = await done(world.server, "addPlayer", "player { id }", who=world.admin, **given)
    return str(payload["player"]["id"])


async def sheet(world: World, *, who: Who | None = None, day: str | None = None) -> Any:
    """Read the tee sheet of a day, the world's by default, as staff unless somebody else is named."""
    date = day or world.day.isoformat()
    return (await world.server.run(SNAPSHOT, who=who or world.staff, c=world.course, d=date)).data["teeSheet"]


async def block(world: World, number: int = -1, **more: Any) -> Any:
    """Block a tee time of the world, or what else is said; give the payload."""
    start = world.tee_times[number]["localTime"]
    where = {} if "slotIds" in more else {"firstStart": start, "lastStart": start}
    given = {"courseId": world.course, "date": world.day.isoformat(), "kind": "MAINTENANCE"} | where | more
    return await done(world.server, "addBlock", "block { id kind reason slotIds }", who=world.staff, **given)


async def unblock(world: World, block_id: str) -> Any:
    """Remove a block; give the payload."""
    return await done(world.server, "removeBlock", "block { id removedAt }", who=world.staff, blockId=block_id)


async def squeeze(world: World, local_time: str, **more: Any) -> Any:
    """Add a tee time to the sheet of the world's day, or another; give the payload."""
    given = {"courseId": world.course, "date": world.day.isoformat(), "localTime": local_time} | more
    wanted = "teeTime { id startsAt localTime tee slots { id number status } }"
    return await done(world.server, "squeezeTeeTime", wanted, who=world.staff, **given)


async def delay(world: World, first_start: str, minutes: int, **more: Any) -> Any:
    """Shift the starts of the world's day, or another, from a time on; give the payload."""
    given = {"courseId": world.course, "date": world.day.isoformat(), "firstStart": first_start} | more
    wanted = "teeSheet { id teeTimes { id startsAt localTime } }"
    return await done(world.server, "delayTeeTimes", wanted, who=world.staff, minutes=minutes, **given)


def position(cursor: str, world: World) -> int:
    """Tell the place of a cursor in the club's stream."""
    return Cursor.parse(cursor, stream=f"club:{world.club}").position


async def read_until(socket: Socket, cursor: str, world: World) -> list[Any]:
    """Receive events up to the one at a cursor; each must lie behind the one before."""
    found: list[Any] = []
    reached, end = -1, position(cursor, world)
    while reached < end:
        found.append(await socket.event())
        assert "reason" not in found[-1], found[-1]
        assert position(found[-1]["cursor"], world) > reached
        reached = position(found[-1]["cursor"], world)
    assert reached == end
    return found


async def club_events(world: World, *, after: str, upto: str, who: Who | None = None) -> list[Any]:
    """Give the events of the club in (after, upto]."""
    async with world.server.socket(who or world.staff) as socket:
        await socket.subscribe(CLUB_EVENTS, club=world.club, after=after)
        return await read_until(socket, upto, world)


async def sheet_events(
    world: World, *, after: str, upto: str, who: Who | None = None, day: str | None = None
) -> list[Any]:
    """Give the events of one day's tee sheet in (after, upto]; the last must be one of this sheet's."""
    async with world.server.socket(who or world.staff) as socket:
        await socket.subscribe(SHEET_EVENTS, c=world.course, d=day or world.day.isoformat(), after=after)
        return await read_until(socket, upto, world)


async def booking_events(world: World, booking_id: str, *, after: str, upto: str, who: Who | None = None) -> list[Any]:
    """Give the events of a booking in (after, upto]; the last must be one of this booking's."""
    async with world.server.socket(who or world.staff) as socket:
        await socket.subscribe(BOOKING_EVENTS, b=booking_id, after=after)
        return await read_until(socket, upto, world)


async def head(world: World) -> str:
    """Give the cursor of where the club's stream stands."""
    return str((await sheet(world))["cursor"])


def types(events: list[Any]) -> list[str]:
    """Give the wire names of events."""
    return [event["type"] for event in events]


BOOKING = "booking { id status players { position checkedInAt noShowAt } pace { holesCompleted level minutesBehind } }"


async def play(world: World, operation: str, booking_id: str, /, *, who: Who | None = None, **more: Any) -> Any:
    """Do something to a booking on the day of play that must succeed, as staff unless somebody else is named."""
    return await done(world.server, operation, BOOKING, who=who or world.staff, bookingId=booking_id, **more)


async def send_off(world: World, number: int = 0, places: int = 2, *, holes: int = 18, **more: Any) -> str:
    """Book, check in and send off a group on a tee time of the world; give the id of its booking."""
    booking_id = str((await book(world, world.staff, number, places, holes=holes))["booking"]["id"])
    await play(world, "checkIn", booking_id)
    await play(world, "teeOff", booking_id, **more)
    return booking_id
