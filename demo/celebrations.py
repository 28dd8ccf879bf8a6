"""The demo's occasions: a wedding of three parts, and the dinner of a tournament."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Role, Viewer
from demo.keepsakes import leave_keepsakes
from demo.names import ENGLISH_FIRST_NAMES, ENGLISH_LAST_NAMES
from demo.people import DINNER_ID, HOUSEHOLD_ID, MAIN_CLUB_ID, OWNER, PLANNER, TENANT_ID, WEDDING_ID
from demo.tables import set_tables
from domain.guests.households.households import add_household
from domain.guests.households.wishes import GuestWish
from domain.guests.occasions.checks import MealWish, QuestionWish
from domain.guests.occasions.occasions import create_occasion, publish_occasion
from domain.guests.occasions.parts import PartWish, add_part
from domain.guests.reading import guests_of_households
from domain.guests.rsvp.answers import GuestAnswer, PartAnswer, submit_rsvp
from domain.guests.rsvp.listing import set_guest_listing
from models.guests.households import Guest, Household
from models.guests.occasions import Occasion, Part
from models.guests.values import AgeGroup, Diet, Need, OccasionKind, QuestionKind, RsvpStatus

SIZES = (2, 4, 3, 3)
"""How many come with a household, one after the other: 40 households are 120 guests."""
HOUSEHOLDS = 40
ACCEPTED = 96
DECLINED = 14
"""How many guests come, and how many do not; the last ones have not answered."""
POSTING = 4
"""Households of the wedding that have posted something."""
LISTED_EVERY = 4
"""In one of so many households that come, somebody has agreed to be in the directory."""
DAYS_AHEAD = 28
DIETS = {3: [Diet.VEGETARIAN], 8: [Diet.VEGAN], 14: [Diet.GLUTEN_FREE, Diet.NUT_ALLERGY], 21: [Diet.PESCATARIAN]}
"""What the guests of some households eat, by the household's number."""
IN_A_WHEELCHAIR = 5
WITH_AN_INFANT = 9
DINERS = 12


@dataclass(frozen=True, kw_only=True)
class Family:
    """A household of the wedding as it is invited."""

    number: int
    name: str
    plus_ones: int
    guests: list[GuestWish]


def families() -> list[Family]:
    """Make up the wedding's households: couples, families with children, singles who bring somebody."""
    return [_family(number) for number in range(HOUSEHOLDS)]


def _family(number: int) -> Family:
    size, last_name = SIZES[number % len(SIZES)], ENGLISH_LAST_NAMES[number % len(ENGLISH_LAST_NAMES)]
    named = 1 if size == SIZES[0] and number % 8 == 0 else size  # some couples are somebody who brings somebody
    guests = [
        GuestWish(
            first_name=ENGLISH_FIRST_NAMES[(number * 3 + place) % len(ENGLISH_FIRST_NAMES)],
            last_name=last_name,
            age_group=_age(number, size, place),
            takes_place=True,
            group_name="Bride" if number % 2 else "Groom",
            diets=DIETS.get(number, []) if place == 0 else [],
            needs=[Need.WHEELCHAIR] if (number, place) == (IN_A_WHEELCHAIR, 0) else [],
            is_vip=number < len(SIZES) // 2,
        )
        for place in range(named)
    ]
    name = f"{last_name} family" if size > SIZES[0] else last_name
    return Family(number=number, name=f"{name} {number + 1}", plus_ones=size - named, guests=guests)


def _age(number: int, size: int, place: int) -> AgeGroup:
    if size == max(SIZES) and place > 1:
        return AgeGroup.INFANT if number == WITH_AN_INFANT and place == size - 1 else AgeGroup.CHILD
    return AgeGroup.ADULT


async def celebrate(session: AsyncSession, *, now: datetime) -> None:
    """Invite to the wedding and the dinner, unless they are there."""
    if not await session.scalar(select(exists().where(Occasion.id == WEDDING_ID))):
        await _wed(session, now=now)
    if not await session.scalar(select(exists().where(Occasion.id == DINNER_ID))):
        await _dine(session, now=now)


async def _wed(session: AsyncSession, *, now: datetime) -> None:
    begins = now + timedelta(days=DAYS_AHEAD, hours=15)
    dinner = PartWish(
        name="Dinner",
        starts_at=begins + timedelta(hours=3),
        ends_at=begins + timedelta(hours=9),
        place="Ballroom",
        capacity=104,
        is_seated=True,
        meals=[MealWish(name="Trout"), MealWish(name="Beef"), MealWish(name="Risotto")],
        meals_until=begins - timedelta(days=5),
    )
    ceremony = PartWish(
        name="Ceremony", starts_at=begins, ends_at=begins + timedelta(hours=1), place="Lawn of the eighteenth"
    )
    brunch = PartWish(
        name="Brunch",
        starts_at=begins + timedelta(hours=19),
        ends_at=begins + timedelta(hours=22),
        place="Terrace",
        capacity=80,
    )
    occasion = await create_occasion(
        session,
        viewer=OWNER.viewer(now=now),
        occasion_id=WEDDING_ID,
        club_id=MAIN_CLUB_ID,
        name="The wedding of Clara and Otis",
        kind=OccasionKind.WEDDING,
        rsvp_deadline=begins - timedelta(days=7),
        part=dinner,
        questions=[
            QuestionWish(text="Do you take the bus?", kind=QuestionKind.YES_NO),
            QuestionWish(text="Which song gets you onto the floor?"),
        ],
        planners=[PLANNER.user_id],
        now=now,
    )
    planner = PLANNER.viewer(now=now)
    await publish_occasion(session, viewer=planner, occasion_id=occasion.id, now=now)
    await session.flush()
    parts = [
        await add_part(session, viewer=planner, occasion_id=occasion.id, part=p, now=now) for p in (ceremony, brunch)
    ]
    invited, households = 0, []
    for family in families():
        household = await _invite(session, occasion, family, now=now)
        households.append(household)
        invited += len(family.guests) + family.plus_ones
        if invited <= ACCEPTED + DECLINED:
            status = RsvpStatus.ACCEPTED if invited <= ACCEPTED else RsvpStatus.DECLINED
            await _answer(session, household, parts, status, number=family.number, now=now)
            if status is RsvpStatus.ACCEPTED and family.number % LISTED_EVERY == 0:
                await _agree(session, household, now=now)
    await set_tables(session, occasion.id, households, planner=planner, now=now)
    posting = households[:POSTING]
    found = await guests_of_households(session, [one.id for one in posting])
    people = [(_viewer(one, now=now), found[one.id][0]) for one in posting]
    await leave_keepsakes(session, occasion.id, people, planner=planner, now=now)


async def _invite(session: AsyncSession, occasion: Occasion, family: Family, *, now: datetime) -> Household:
    return await add_household(
        session,
        viewer=PLANNER.viewer(now=now),
        household_id=UUID(int=HOUSEHOLD_ID.int + family.number),
        occasion_id=occasion.id,
        name=family.name,
        email=f"household{family.number + 1}@example.com",
        plus_ones=family.plus_ones,
        guests=family.guests,
        now=now,
    )


async def _answer(
    session: AsyncSession, household: Household, parts: list[Part], status: RsvpStatus, *, number: int, now: datetime
) -> None:
    await session.flush()
    guests = (await guests_of_households(session, [household.id]))[household.id]
    meals = ("m1", "m2", "m3")
    answers = [
        GuestAnswer(
            guest_id=guest.id,
            parts=[
                PartAnswer(status=status, meal_id=_meal(guest, meals, number + place, status), sets_meal=True),
                *(PartAnswer(part_id=part.id, status=_also(status, part, number)) for part in parts),
            ],
        )
        for place, guest in enumerate(guests)
    ]
    await submit_rsvp(session, viewer=_viewer(household, now=now), guests=answers, now=now)


async def _agree(session: AsyncSession, household: Household, *, now: datetime) -> None:
    """Put the first guest of a household into the directory."""
    await session.flush()
    guest = (await guests_of_households(session, [household.id]))[household.id][0]
    viewer = _viewer(household, now=now)
    await set_guest_listing(session, viewer=viewer, guest_id=guest.id, is_listed=True, now=now)


def _meal(guest: Guest, meals: tuple[str, ...], number: int, status: RsvpStatus) -> str | None:
    if status is not RsvpStatus.ACCEPTED:
        return None
    return meals[2] if guest.diets else meals[number % len(meals)]


def _also(status: RsvpStatus, part: Part, number: int) -> RsvpStatus:
    """Give the answer for another part: all who come to dinner see the ceremony, and two in three stay for brunch."""
    stays = part.capacity is None or number % 3
    return status if stays else RsvpStatus.DECLINED


def _viewer(household: Household, *, now: datetime) -> Viewer:
    return Viewer(
        user_id=f"household {household.id}",
        tenant_id=TENANT_ID,
        club_ids=frozenset(),
        player_id=None,
        roles=frozenset({Role.GUEST}),
        caddie_lists=frozenset(),
        household_id=household.id,
        expires_at=now + timedelta(hours=1),
    )


async def _dine(session: AsyncSession, *, now: datetime) -> None:
    begins = now + timedelta(days=DAYS_AHEAD // 2, hours=19)
    part = PartWish(name="Dinner", starts_at=begins, ends_at=begins + timedelta(hours=4), place="Grill", capacity=40)
    occasion = await create_occasion(
        session,
        viewer=OWNER.viewer(now=now),
        occasion_id=DINNER_ID,
        club_id=MAIN_CLUB_ID,
        name="Dinner of the autumn tournament",
        kind=OccasionKind.TOURNAMENT_DINNER,
        rsvp_deadline=begins - timedelta(days=2),
        part=part,
        planners=[PLANNER.user_id],
        now=now,
    )
    await publish_occasion(session, viewer=PLANNER.viewer(now=now), occasion_id=occasion.id, now=now)
    await session.flush()
    for number in range(DINERS):
        first, last = ENGLISH_FIRST_NAMES[number], ENGLISH_LAST_NAMES[-number - 1]
        await add_household(
            session,
            viewer=PLANNER.viewer(now=now),
            occasion_id=occasion.id,
            name=f"{first} {last}",
            guests=[GuestWish(first_name=first, last_name=last)],
            now=now,
        )
