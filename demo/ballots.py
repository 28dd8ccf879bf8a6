"""The demo's ballots: Saturday's best starts of the large course are sold by draw; some of the small one were."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from demo.clubs import EIGHTEEN_ID, MAIN_ZONE
from demo.people import OWNER, PLAYERS
from domain.journeys.bookings import draw_ballot
from domain.tee_sheet.ballots.asking import EntryWish
from domain.tee_sheet.ballots.ballots import BallotWish, announce_ballot
from domain.tee_sheet.ballots.entries import enter_ballot
from domain.tee_sheet.ballots.reading import starts_of
from domain.tee_sheet.booking.parties import PlayerWish
from domain.tee_sheet.offers.rules import window_opens_at
from models.tee_sheet.ballots import Ballot
from models.tee_sheet.tables import TeeSheet
from models.tee_sheet.values import PUBLIC

SATURDAY = 6
FIRST, LAST = time(8), time(10)
CLOSES, RELEASES = time(18), time(20)
"""On the day before, by the course's clock."""
WISHES = 3
DRAWN_FROM, DRAWN_PARTIES = time(15), ("Ambrose Teal", "Flora Whin", "Jonah Sprig")
"""They do not get in each other's way, so that it does not matter whom the seed lets choose first."""
ANNOUNCED, CLOSED = timedelta(hours=2), timedelta(hours=1)
"""How long before the draw."""
REST_FROM = time(6)
"""On the day itself."""


async def sell_by_draw(session: AsyncSession, *, today: datetime) -> None:
    """Announce a ballot for a Saturday at least two days ahead that has a sheet and none yet, and have players enter.

    `today` is the instant at which the course's day began.
    """
    day = today.astimezone(ZoneInfo(MAIN_ZONE)).date() + timedelta(days=2)
    day += timedelta(days=(SATURDAY - day.isoweekday()) % 7)
    sheet = await session.scalar(select(TeeSheet).where(TeeSheet.course_id == EIGHTEEN_ID, TeeSheet.date == day))
    if sheet is None or await session.scalar(select(exists().where(Ballot.sheet_id == sheet.id))):
        return
    wish = BallotWish(
        name="Saturday",
        first_start=FIRST,
        last_start=LAST,
        closes_at=window_opens_at(day, days_ahead=1, zone=ZoneInfo(MAIN_ZONE), at=CLOSES),
        releases_at=window_opens_at(day, days_ahead=1, zone=ZoneInfo(MAIN_ZONE), at=RELEASES),
    )
    owner = OWNER.viewer(now=today)
    ballot = await announce_ballot(session, viewer=owner, course_id=EIGHTEEN_ID, day=day, wish=wish, now=today)
    await session.flush()
    starts = [row.id for row in await starts_of(session, ballot)]
    for number, person in enumerate(PLAYERS):
        wanted = EntryWish(tee_time_ids=starts[number : number + WISHES], places=number + 1)
        await enter_ballot(session, viewer=person.viewer(now=today), ballot_id=ballot.id, wish=wanted, now=today)


def drawn_starts(starts: Mapping[UUID, time]) -> list[UUID]:
    """Choose the starts that are drawn, by their local times: a few of the afternoon, one for each party."""
    return [key for key, at in starts.items() if at >= DRAWN_FROM][: len(DRAWN_PARTIES)]


async def draw_starts(session: AsyncSession, sheet: TeeSheet, starts: Mapping[UUID, time], *, now: datetime) -> None:
    """Sell free starts by a draw that has just been made, for parties who asked for one each."""
    keys = drawn_starts(starts)
    begun = now - ANNOUNCED
    wish = BallotWish(
        name="Afternoon",
        first_start=starts[keys[0]],
        last_start=starts[keys[-1]],
        closes_at=now - CLOSED,
        releases_at=window_opens_at(sheet.date, days_ahead=0, zone=ZoneInfo(sheet.time_zone), at=REST_FROM),
        holes=9,
    )
    owner = OWNER.viewer(now=now)
    ballot = await announce_ballot(
        session, viewer=owner, course_id=sheet.course_id, day=sheet.date, wish=wish, now=begun
    )
    await session.flush()
    for number, (key, name) in enumerate(zip(keys, DRAWN_PARTIES, strict=True)):
        first, last = name.split()
        party = [PlayerWish(first_name=first, last_name=last, price_class=PUBLIC)]
        wanted = EntryWish(tee_time_ids=[key], places=number + 1, players=party)
        await enter_ballot(session, viewer=owner, ballot_id=ballot.id, wish=wanted, now=begun)
    await draw_ballot(session, viewer=owner, ballot_id=ballot.id, now=now)
