"""The headcount of an occasion."""

from datetime import datetime
from typing import Any, Self

import strawberry

from domain.guests.headcount.counting import PartCount
from domain.guests.headcount.reading import Headcount as Found
from kit.ids import public_id
from models.guests.occasions import Part
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
class PartMeals:
    """What those who come to a part chose to eat there."""

    part_id: strawberry.ID
    """The part."""
    meals: list[MealCount] = listed(entries=6)
    """Those who come, by meal."""


@output
class Counted:
    """What is counted alike of a part and of an occasion in all."""

    pending_late: int
    """How many have not answered, though the deadline is over."""
    statuses: list[StatusCount] = listed(entries=4)
    """All guests, by answer."""
    ages: list[AgeCount] = listed(entries=3)
    """Those who come, by age."""
    diets: list[DietCount] = listed(entries=6)
    """Those who come, by diet; diets that nobody has are left out."""
    needs: list[NeedCount] = listed(entries=3)
    """Those who come, by need; needs that nobody has are left out."""
    households: list[HouseholdCount] = listed(entries=60)
    """All guests, by household; for those who plan the occasion, nothing for others."""

    @staticmethod
    def counted(found: Found, count: PartCount, *, now: datetime) -> dict[str, Any]:
        """Give the values of these fields."""
        return {
            "pending_late": count.pending_late(now),
            "statuses": [StatusCount(status=one, guests=count.by_status(one)) for one in RsvpStatus],
            "ages": [AgeCount(age_group=one, guests=count.ages[one]) for one in AgeGroup],
            "diets": [DietCount(diet=one, guests=count.diets[one]) for one in Diet if count.diets[one]],
            "needs": [NeedCount(need=one, guests=count.needs[one]) for one in Need if count.needs[one]],
            "households": _households(found, count),
        }


@output
class HeadcountInAll(Counted):
    """How many come to an occasion in all, each guest once; of meals, tables and places, what its parts add up to.

    Who comes to one part comes; who comes to none, and waits for one, waits; of all others, who has not answered for a
    part has not answered.
    """

    invited: int
    """How many guests are invited, whatever parts."""
    coming: int
    """How many come to one part at least."""
    over_capacity: int
    """How many places more the parts would take if all came who accepted or wait."""
    unassigned: int
    """How many seats are to be given yet, over all parts that have tables."""
    arrived: int
    """How many were checked in to one part at least."""
    meals: list[PartMeals] = listed(entries=3)
    """Those who come, by part and meal; parts without meals are left out."""
    tables: list[TableCount] = listed(entries=40)
    """Those who have a seat, by table, over all parts."""

    @classmethod
    def of(cls, found: Found, *, now: datetime) -> Self:
        """Show how many come in all, as it is at a moment."""
        once, parts = found.everybody.once, list(zip(found.parts, found.everybody.parts, strict=True))
        return cls(
            invited=len(once.heads),
            coming=len(once.coming),
            over_capacity=found.everybody.over_capacity,
            unassigned=found.everybody.unassigned,
            arrived=once.arrived,
            meals=[
                PartMeals(part_id=strawberry.ID(public_id("part", part.id)), meals=_meals(part, count))
                for part, count in parts
                if part.meals
            ],
            tables=[one for part, count in parts for one in _tables(found, part, count)],
            **cls.counted(found, once, now=now),
        )


@output
class Headcount(Counted):
    """How many come to a part of an occasion, eat what, need what, sit where, and have arrived."""

    cursor: str
    """The place in the occasion's stream up to which it counts."""
    occasion_id: strawberry.ID
    """The occasion."""
    part_id: strawberry.ID
    """The part."""
    invited_in_all: int
    """How many guests are invited to the occasion, whatever parts: `inAll.invited`."""
    coming_in_all: int
    """How many guests come to one part at least: `inAll.coming`."""
    in_all: HeadcountInAll
    """The guests of the occasion, each once, whatever parts they come to."""
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
    arrived: int
    """How many were checked in."""
    meals: list[MealCount] = listed(entries=6)
    """Those who come, by meal."""
    tables: list[TableCount] = listed(entries=20)
    """Those who have a seat, by table."""

    @classmethod
    def of(cls, found: Found, *, now: datetime) -> Self:
        """Show a headcount as it is at a moment."""
        count, part, in_all = found.count, found.part, HeadcountInAll.of(found, now=now)
        return cls(
            cursor=str(found.cursor),
            occasion_id=strawberry.ID(public_id("occasion", found.occasion.id)),
            part_id=strawberry.ID(public_id("part", part.id)),
            invited_in_all=in_all.invited,
            coming_in_all=in_all.coming,
            in_all=in_all,
            invited=len(count.heads),
            capacity=part.capacity,
            taken=count.taken,
            over_capacity=count.over_capacity,
            unassigned=count.unassigned,
            arrived=count.arrived,
            meals=_meals(part, count),
            tables=_tables(found, part, count),
            **cls.counted(found, count, now=now),
        )


def _meals(part: Part, count: PartCount) -> list[MealCount]:
    """Count those who come by what is offered, and those who have not chosen, if there are any."""
    meals = {meal["id"]: meal["name"] for meal in part.meals}
    chosen = [*meals, *([None] if count.meals[None] and meals else [])]
    return [
        MealCount(meal_id=strawberry.ID(one) if one else None, meal=meals.get(one, ""), guests=count.meals[one])
        for one in chosen
    ]


def _tables(found: Found, part: Part, count: PartCount) -> list[TableCount]:
    return [
        TableCount(
            table_id=strawberry.ID(public_id("table", table_id)),
            table=name,
            seated=count.tables[table_id],
            capacity=capacity,
        )
        for table_id, (name, capacity) in found.names.tables[part.id].items()
    ]


def _households(found: Found, count: PartCount) -> list[HouseholdCount]:
    return [
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
    ]
