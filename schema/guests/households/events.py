"""Events of households and guests."""

from typing import Any

from domain.guests.facts import full_name
from events.guests.households import (
    GuestCreated,
    GuestDeleted,
    GuestErased,
    GuestUpdated,
    HouseholdCreated,
    HouseholdDeleted,
    HouseholdLetterUpdated,
    HouseholdUpdated,
)
from schema.carried import Part
from schema.events import carried, shows
from schema.guests.households.types import Guest, GuestAnswer, Household

FACTS = (
    HouseholdCreated,
    HouseholdUpdated,
    HouseholdDeleted,
    HouseholdLetterUpdated,
    GuestCreated,
    GuestUpdated,
    GuestDeleted,
    GuestErased,
)


def _answers(seen: Any) -> list[GuestAnswer]:
    return [GuestAnswer(question_id=one.question_id, answer=one.answer) for one in seen.person.answers]


HOUSEHOLD = carried("household", Household, face="HouseholdEvent")
GUEST = carried(
    "guest",
    Guest,
    face="GuestEvent",
    within=("person",),
    parts=[
        ("name", Part(("guest_name",), lambda seen: seen.guest_name)),
        ("name", Part(("person",), lambda seen: full_name(seen.person))),
        ("answers", Part(("person",), _answers)),
    ],
)

shows(HouseholdCreated, HouseholdUpdated, HouseholdDeleted, carries=[HOUSEHOLD])
shows(HouseholdLetterUpdated)
shows(GuestCreated, GuestUpdated, GuestDeleted, GuestErased, carries=[GUEST])
