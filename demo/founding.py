"""Founding the demo's clubs."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from demo.clubs import CLUBS, COURSES, DemoClub, DemoCourse
from demo.people import MAIN_CLUB_ID, OWNER
from demo.plan import person_of
from domain.clubs.clubs import create_club, create_course
from domain.clubs.price_classes import add_price_class
from domain.payments.policy import DepositRule, set_deposit_policy
from domain.players.players import add_player
from domain.tee_sheet.sheets.templates import set_template
from models.clubs.tables import Club
from models.tee_sheet.values import PUBLIC

DEPOSIT = DepositRule(percent=50, price_classes=(PUBLIC,), hours_ahead=144)
"""The public pays half of what it books days ahead; what the demo itself books is for today and tomorrow."""


def midnight(now: datetime, zone: str) -> datetime:
    """Give the instant at which the local day began: what the demo makes was made then, before any start of the day."""
    local = now.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date(), time(), tzinfo=local.tzinfo).astimezone(UTC)


async def found_clubs(session: AsyncSession, *, now: datetime) -> None:
    """Found the demo's clubs, unless they are there."""
    if not await session.scalar(select(exists().where(Club.id == MAIN_CLUB_ID))):
        for club in CLUBS:
            await _found(session, club, now=midnight(now, club.time_zone))


async def _found(session: AsyncSession, club: DemoClub, *, now: datetime) -> None:
    owner = OWNER.viewer(now=now)
    await create_club(
        session,
        viewer=owner,
        club_id=club.id,
        name=club.name,
        time_zone=club.time_zone,
        currency=club.currency,
        language=club.language,
        name_privacy=club.name_privacy,
        held_back_minutes=club.held_back_minutes,
        now=now,
    )
    await session.flush()
    for one in club.price_classes:
        await add_price_class(
            session, viewer=owner, club_id=club.id, price_class=one.code, name=one.name, kind=one.kind, now=now
        )
    if club.id == MAIN_CLUB_ID:
        await set_deposit_policy(session, viewer=owner, provider="twin", club_id=club.id, rules=[DEPOSIT], now=now)
    for course in COURSES.values():
        if course.club_id == club.id:
            await _lay_out(session, course, now=now)


async def _lay_out(session: AsyncSession, course: DemoCourse, *, now: datetime) -> None:
    owner = OWNER.viewer(now=now)
    await create_course(
        session,
        viewer=owner,
        club_id=course.club_id,
        course_id=course.id,
        name=course.name,
        holes=course.holes,
        city=course.city,
        country=course.country,
        latitude=course.latitude,
        longitude=course.longitude,
        now=now,
    )
    await session.flush()
    await set_template(session, viewer=owner, course_id=course.id, template=course.template, now=now)
    for player in course.regulars:
        person = person_of(player)
        await add_player(
            session,
            viewer=owner,
            club_id=course.club_id,
            player_id=player.id,
            first_name=player.first_name,
            last_name=player.last_name,
            price_class=player.price_class,
            user_id=person.user_id if person else None,
            now=now,
        )
