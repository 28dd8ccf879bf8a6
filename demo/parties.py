"""What the demo's large course has besides single bookings: a group on several starts, and a booking for each week."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from demo.clubs import EIGHTEEN, EIGHTEEN_ID, MAIN_ZONE
from demo.people import MAIN_CLUB_ID, OWNER
from domain.tee_sheet.booking.groups import GroupStart, book_group
from domain.tee_sheet.booking.parties import PlayerWish
from domain.tee_sheet.desk.standing import StandingWish, set_standing
from models.tee_sheet.standing import StandingBooking
from models.tee_sheet.values import MEMBER, PUBLIC, Weekday

GROUP = "Larder & Sons outing"
GROUP_FROM, GROUP_STARTS = time(13), 3
REGULAR = next(player for player in EIGHTEEN.regulars if player.last_name == "Dunlin")
STANDING_AT, STANDING_FOR = time(16), timedelta(days=180)


def starts_of_group(starts: dict[UUID, time]) -> list[UUID]:
    """Choose the group's starts, by their local times: the first of the afternoon."""
    return [key for key, at in starts.items() if at >= GROUP_FROM][:GROUP_STARTS]


async def bring_group(session: AsyncSession, starts: list[UUID], *, now: datetime) -> None:
    """Book starts of one day for a group, of which its organiser alone has a name so far."""
    organiser = PlayerWish(first_name="Tobias", last_name="Larder", price_class=PUBLIC)
    wanted = [
        GroupStart(tee_time_id=key, places=4, players=[organiser] if number == 0 else ())
        for number, key in enumerate(starts)
    ]
    owner, person = OWNER.viewer(now=now), (organiser.first_name, organiser.last_name)
    await book_group(session, viewer=owner, name=GROUP, organiser=person, starts=wanted, now=now)


async def stand_weekly(session: AsyncSession, *, today: datetime) -> None:
    """Have a member's four play each week from the next but one on, unless somebody has a standing booking already."""
    if await session.scalar(select(exists().where(StandingBooking.club_id == MAIN_CLUB_ID))):
        return
    day = today.astimezone(ZoneInfo(MAIN_ZONE)).date() + timedelta(days=9)
    wish = StandingWish(
        weekday=list(Weekday)[day.weekday()],
        local_time=STANDING_AT,
        first_date=day,
        until=day + STANDING_FOR,
        places=2,
        players=[PlayerWish(player_id=REGULAR.id, price_class=MEMBER)],
    )
    await set_standing(session, viewer=OWNER.viewer(now=today), course_id=EIGHTEEN_ID, wish=wish, now=today)
