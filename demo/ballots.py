"""The demo's ballot: Saturday's best starts of the large course are sold by draw."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from demo.clubs import EIGHTEEN_ID, MAIN_ZONE
from demo.people import OWNER, PLAYERS
from domain.tee_sheet.ballots.asking import EntryWish
from domain.tee_sheet.ballots.ballots import BallotWish, announce_ballot
from domain.tee_sheet.ballots.entries import enter_ballot
from domain.tee_sheet.ballots.reading import starts_of
from domain.tee_sheet.offers.rules import window_opens_at
from models.tee_sheet.ballots import Ballot
from models.tee_sheet.tables import TeeSheet

SATURDAY = 6
FIRST, LAST = time(8), time(10)
CLOSES, RELEASES = time(18), time(20)
"""On the day before, by the course's clock."""
WISHES = 3


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
