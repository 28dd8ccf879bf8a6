"""What guests are to be: wishes as they come, and the values that are kept. Every bad row of a list is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from domain.guests.occasions.checks import clean_answer
from domain.guests.problems import BadGuest, GuestsRefused
from kit.errors import InvalidInput
from kit.text import clean_email, clean_name, clean_phone
from models.guests.households import Guest
from models.guests.occasions import Occasion
from models.guests.values import AgeGroup, Diet, Need

W = TypeVar("W")
R = TypeVar("R")
MOST_AT_ONCE = 1_000
"""Guests that one operation is about at the most."""
LONGEST_NOTE = 500
GUESTS = ("input", "guests")


@dataclass(frozen=True, kw_only=True)
class AnswerWish:
    """An answer to a question; an empty one takes the answer back."""

    question_id: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class GuestWish:
    """Somebody to be invited: to a household that there is, or to the one with this name, made where there is none."""

    household_id: UUID | None = None
    household_name: str | None = None
    first_name: str = ""
    last_name: str = ""
    is_plus_one: bool = False
    age_group: AgeGroup = AgeGroup.ADULT
    takes_place: bool | None = None
    group_name: str = ""
    diets: list[Diet] = field(default_factory=list)
    diet_note: str = ""
    needs: list[Need] = field(default_factory=list)
    need_note: str = ""
    email: str | None = None
    phone: str | None = None
    is_vip: bool = False
    answers: list[AnswerWish] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class GuestChange:
    """What of a guest shall change, by the names of the guest's fields; what is not named stays."""

    guest_id: UUID
    household_id: UUID | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def check_size(rows: Sequence[object], path: tuple[str, ...]) -> None:
    """Accept a list of 1 to 1,000. Raises InvalidInput."""
    if not 1 <= len(rows) <= MOST_AT_ONCE:
        raise InvalidInput(message=f"Give 1 to {MOST_AT_ONCE:,} at once.", path=path)


def each(rows: Sequence[W], read: Callable[[W], R]) -> list[R]:
    """Read every row of a list of guests. Raises InvalidInput for the one row that cannot be used, and GuestsRefused
    that names all of several.
    """
    done, bad = [], []
    refusals: list[InvalidInput] = []
    for number, row in enumerate(rows, start=1):
        try:
            done.append(read(row))
        except InvalidInput as refusal:
            bad.append(BadGuest(row=number, field=".".join(refusal.path) or None, reason=refusal.message))
            refusals.append(InvalidInput(message=refusal.message, path=(*GUESTS, str(number - 1), *refusal.path)))
    if len(refusals) == 1:
        raise refusals[0]
    if bad:
        raise GuestsRefused(rows=bad)
    return done


def cleaned_wish(occasion: Occasion, wish: GuestWish) -> dict[str, Any]:
    """Give the values of a new guest. Raises InvalidInput."""
    given = {
        "first_name": wish.first_name,
        "last_name": wish.last_name,
        "age_group": wish.age_group,
        "takes_place": wish.takes_place,
        "group_name": wish.group_name,
        "diets": wish.diets,
        "diet_note": wish.diet_note,
        "needs": wish.needs,
        "need_note": wish.need_note,
        "email": wish.email,
        "phone": wish.phone,
        "is_vip": wish.is_vip,
        "answers": wish.answers,
    }
    clean = cleaned(occasion, given, None)
    if not wish.is_plus_one and not (clean["first_name"] or clean["last_name"]):
        raise InvalidInput(message="Give a name; a plus-one alone may have none yet.", path=("firstName",))
    return clean | {"is_plus_one": wish.is_plus_one}


def cleaned(occasion: Occasion, given: Mapping[str, Any], guest: Guest | None) -> dict[str, Any]:
    """Give the values that are set of a guest, as they are kept; `guest` is who changes. Raises InvalidInput."""
    clean = {name: _CLEAN[name](value) for name, value in given.items() if name in _CLEAN}
    if "answers" in given:
        clean["answers"] = _answers(occasion, given["answers"], guest.answers if guest else {})
    clean |= {name: value for name, value in given.items() if name in {"age_group", "is_vip"} and value is not None}
    if "age_group" in clean or given.get("takes_place") is not None:
        age = clean.get("age_group") or (guest.age_group if guest else AgeGroup.ADULT)
        clean["takes_place"] = _takes_place(age, given.get("takes_place"), guest)
    return clean


def _takes_place(age: AgeGroup, wanted: bool | None, guest: Guest | None) -> bool:  # noqa: FBT001 - a value, no switch
    if age is not AgeGroup.INFANT:
        if wanted is False:
            raise InvalidInput(
                message="Only an infant may take no place; leave it out for others.", path=("takesPlace",)
            )
        return True
    if wanted is not None:
        return wanted
    return guest.takes_place if guest and guest.age_group is AgeGroup.INFANT else False


def _answers(occasion: Occasion, wishes: Sequence[AnswerWish], known: Mapping[str, Any]) -> dict[str, Any]:
    questions = {question["id"]: question for question in occasion.questions}
    kept = {name: answer for name, answer in known.items() if name in questions}
    for wish in wishes:
        if wish.question_id not in questions:
            raise InvalidInput(
                message="There is no such question; answer those that the occasion asks.",
                path=("answers", "questionId"),
            )
        kept[wish.question_id] = clean_answer(questions[wish.question_id], wish.answer, ("answers", "answer"))
    return {name: answer for name, answer in kept.items() if answer}


_CLEAN: Mapping[str, Callable[[Any], Any]] = {
    "first_name": lambda value: clean_name(value or "", path=("firstName",), empty=True),
    "last_name": lambda value: clean_name(value or "", path=("lastName",), empty=True),
    "group_name": lambda value: clean_name(value or "", path=("groupName",), empty=True),
    "diet_note": lambda value: clean_name(value or "", path=("dietNote",), longest=LONGEST_NOTE, empty=True),
    "need_note": lambda value: clean_name(value or "", path=("needNote",), longest=LONGEST_NOTE, empty=True),
    "email": lambda value: clean_email(value, path=("email",)),
    "phone": lambda value: clean_phone(value, path=("phone",)),
    "diets": lambda values: [diet.value for diet in Diet if diet in (values or ())],
    "needs": lambda values: [need.value for need in Need if need in (values or ())],
}
