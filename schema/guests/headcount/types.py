"""The headcount of an occasion."""

from datetime import datetime
from typing import Self

import strawberry

from domain.guests.headcount.reading import Headcount as Found
from kit.ids import public_id
from models.guests.values import AgeGroup, Diet, Need, RsvpStatus
from schema.describe import listed, output


@output
class StatusCount:
    """How many guests gave an answer."""

    status: RsvpStatus
    """The answer."""
    guests: int
    """How many, infants included."""


@output
class AgeCount:
    """How many of an age come."""

    age_group: AgeGroup
    """The age."""
    guests: int
    """How many."""


@output
class MealCount:
    """How many of those who come chose a meal."""

    meal_id: strawberry.ID | None
    """The meal; none for those who have not chosen."""
    meal: str
    """What it is called; empty for those who have not chosen."""
    guests: int
    """How many."""


@output
class DietCount:
    """How many of those who come eat so; who has two diets counts for both."""

    diet: Diet
    """What they eat, or must not eat."""
    guests: int
    """How many."""


@output
class NeedCount:
    """How many of those who come need something."""

    need: Need
    """What they need."""
    guests: int
    """How many."""


@output
class TableCount:
    """How many sit at a table."""

    table_id: strawberry.ID
    """The table."""
    table: str
    """What it is called."""
    seated: int
    """How many sit there."""
    capacity: int
    """How many chairs it has."""


@output
class HouseholdCount:
    """What the guests of a household answered."""

    household_id: strawberry.ID
    """The household."""
    household: str
    """What it is called."""
    accepted: int
    """How many come."""
    declined: int
    """How many do not."""
    waitlisted: int
    """How many wait."""
    pending: int
    """How many have not answered."""


@output
class Headcount:
    """How many come to a part of an occasion, eat what, need what, sit where, and have arrived."""

    cursor: str
    """The place in the occasion's stream up to which it counts."""
    occasion_id: strawberry.ID
    """The occasion."""
    part_id: strawberry.ID
    """The part."""
    invited_in_all: int
    """How many guests are invited to the occasion, whatever parts."""
    coming_in_all: int
    """How many guests come to one part at least."""
    invited: int
    """How many guests are invited to the part."""
    capacity: int | None
    """How many places it has; none where there is no bound."""
    taken: int
    """How many places are taken."""
    over_capacity: int
    """How many places more it would take if all came who accepted or wait."""
    unassigned: int
    """How many of those who come have no table yet, where there are tables."""
    pending_late: int
    """How many have not answered, though the deadline is over."""
    arrived: int
    """How many were checked in."""
    statuses: list[StatusCount] = listed(entries=4)
    """All guests, by answer."""
    ages: list[AgeCount] = listed(entries=3)
    """Those who come, by age."""
    meals: list[MealCount] = listed(entries=6)
    """Those who come, by meal."""
    diets: list[DietCount] = listed(entries=6)
    """Those who come, by diet; diets that nobody has are left out."""
    needs: list[NeedCount] = listed(entries=3)
    """Those who come, by need; needs that nobody has are left out."""
    tables: list[TableCount] = listed(entries=20)
    """Those who have a seat, by table."""
    households: list[HouseholdCount] = listed(entries=60)
    """All guests, by household; for those who plan the occasion, nothing for others."""

    @classmethod
    def of(cls, found: Found, *, now: datetime) -> Self:
        """Show a headcount as it is at a moment."""
        count, part = found.count, found.part
        meals = {meal["id"]: meal["name"] for meal in part.meals}
        chosen = [*meals, *([None] if count.meals[None] and meals else [])]
        return cls(
            cursor=str(found.cursor),
            occasion_id=strawberry.ID(public_id("occasion", found.occasion.id)),
            part_id=strawberry.ID(public_id("part", part.id)),
            invited_in_all=found.everybody.invited,
            coming_in_all=found.everybody.coming,
            invited=len(count.heads),
            capacity=part.capacity,
            taken=count.taken,
            over_capacity=count.over_capacity,
            unassigned=count.unassigned,
            pending_late=count.pending_late(now),
            arrived=count.arrived,
            statuses=[StatusCount(status=one, guests=count.by_status(one)) for one in RsvpStatus],
            ages=[AgeCount(age_group=one, guests=count.ages[one]) for one in AgeGroup],
            meals=[
                MealCount(meal_id=strawberry.ID(one) if one else None, meal=meals.get(one, ""), guests=count.meals[one])
                for one in chosen
            ],
            diets=[DietCount(diet=one, guests=count.diets[one]) for one in Diet if count.diets[one]],
            needs=[NeedCount(need=one, guests=count.needs[one]) for one in Need if count.needs[one]],
            tables=[
                TableCount(
                    table_id=strawberry.ID(public_id("table", table_id)),
                    table=name,
                    seated=count.tables[table_id],
                    capacity=capacity,
                )
                for table_id, (name, capacity) in found.names.tables.items()
            ],
            households=[
                HouseholdCount(
                    household_id=strawberry.ID(public_id("household", household_id)),
                    household=name,
                    accepted=answers[RsvpStatus.ACCEPTED],
                    declined=answers[RsvpStatus.DECLINED],
                    waitlisted=answers[RsvpStatus.WAITLISTED],
                    pending=answers[RsvpStatus.PENDING],
                )
                for household_id, name in found.names.households.items()
                if (answers := count.households.get(household_id)) is not None
            ],
        )
