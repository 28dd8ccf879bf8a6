"""What occasions and parts may be: names, moments, questions, meals."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from kit.errors import InvalidInput
from kit.text import clean_name
from models.guests.values import QuestionKind

MOST_QUESTIONS = 10
MOST_CHOICES = 20
MOST_MEALS = 12
MOST_PARTS = 8
MOST_PLANNERS = 50
LONGEST_PART = timedelta(days=7)
LARGEST = 100_000
LONGEST_ANSWER = 500
YES_NO = ("yes", "no")

Path = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class QuestionWish:
    """A question that each guest is asked. Without an id it is a new one."""

    question_id: str | None = None
    text: str
    kind: QuestionKind = QuestionKind.TEXT
    choices: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class MealWish:
    """A meal that guests may choose. Without an id it is a new one."""

    meal_id: str | None = None
    name: str


def clean_questions(
    wishes: Sequence[QuestionWish], known: Sequence[dict[str, Any]], path: Path
) -> list[dict[str, Any]]:
    """Give the questions as they are kept: each with an id that it keeps. Raises InvalidInput."""
    if len(wishes) > MOST_QUESTIONS:
        raise InvalidInput(message=f"Ask at most {MOST_QUESTIONS} questions.", path=path)
    ids = numbered("q", [wish.question_id for wish in wishes], {one["id"] for one in known}, path, "questionId")
    return [
        {"id": one, "kind": wish.kind.value, "text": _text(wish, at), "choices": _choices(wish, at)}
        for one, wish, at in zip(ids, wishes, _places(path, wishes), strict=True)
    ]


def _places(path: Path, wishes: Sequence[object]) -> list[Path]:
    return [(*path, str(number)) for number in range(len(wishes))]


def _text(wish: QuestionWish, path: Path) -> str:
    return clean_name(wish.text, path=(*path, "text"), longest=300)


def _choices(wish: QuestionWish, path: Path) -> list[str]:
    here = (*path, "choices")
    if wish.kind is not QuestionKind.CHOICE:
        if wish.choices:
            raise InvalidInput(message="Give choices to a question that is answered by one of them.", path=here)
        return []
    if not 2 <= len(wish.choices) <= MOST_CHOICES:
        raise InvalidInput(message=f"Give 2 to {MOST_CHOICES} choices.", path=here)
    clean = [clean_name(one, path=(*here, str(number))) for number, one in enumerate(wish.choices)]
    if len(set(clean)) < len(clean):
        raise InvalidInput(message="Give each choice once.", path=here)
    return clean


def clean_meals(wishes: Sequence[MealWish], known: Sequence[dict[str, Any]], path: Path) -> list[dict[str, Any]]:
    """Give the meals as they are kept: each with an id that it keeps. Raises InvalidInput."""
    if len(wishes) > MOST_MEALS:
        raise InvalidInput(message=f"Give at most {MOST_MEALS} meals.", path=path)
    ids = numbered("m", [wish.meal_id for wish in wishes], {one["id"] for one in known}, path, "mealId")
    names = [clean_name(wish.name, path=(*at, "name")) for wish, at in zip(wishes, _places(path, wishes), strict=True)]
    if len({name.casefold() for name in names}) < len(names):
        raise InvalidInput(message="Give each meal a name of its own.", path=path)
    return [{"id": one, "name": name} for one, name in zip(ids, names, strict=True)]


def numbered(sign: str, wanted: Sequence[str | None], known: set[str], path: Path, name: str) -> list[str]:
    """Give each entry its id: the one that it has, or the next one that nothing ever had. Raises InvalidInput."""
    named = [one for one in wanted if one is not None]
    if len(set(named)) < len(named) or not known.issuperset(named):
        raise InvalidInput(message=f"Take each {name} from what there is, once; leave it out for a new one.", path=path)
    last = max((int(one.removeprefix(sign)) for one in known), default=0)
    fresh = iter(range(last + 1, last + 1 + len(wanted)))
    return [one if one is not None else f"{sign}{next(fresh)}" for one in wanted]


def check_span(starts_at: datetime, ends_at: datetime, path: Path) -> None:
    """Accept when a part begins and ends. Raises InvalidInput."""
    if not starts_at < ends_at:
        raise InvalidInput(message="Let the part end after it begins.", path=(*path, "endsAt"))
    if ends_at - starts_at > LONGEST_PART:
        raise InvalidInput(message="Let the part take a week at the most.", path=(*path, "endsAt"))


def check_capacity(capacity: int | None, path: Path) -> None:
    """Accept how many places a part has. Raises InvalidInput."""
    if capacity is not None and not 0 <= capacity <= LARGEST:
        raise InvalidInput(
            message=f"Choose a value from 0 to {LARGEST:,}, or null for no bound.", path=(*path, "capacity")
        )


def clean_answer(question: dict[str, Any], answer: str, path: Path) -> str:
    """Accept an answer to a question; an empty one takes the answer back. Raises InvalidInput."""
    clean = clean_name(answer, path=path, longest=LONGEST_ANSWER, empty=True)
    kind = QuestionKind(question["kind"])
    allowed = question["choices"] if kind is QuestionKind.CHOICE else YES_NO if kind is QuestionKind.YES_NO else None
    if clean and allowed is not None and clean not in allowed:
        raise InvalidInput(message=f"Answer by one of: {', '.join(allowed)}.", path=path)
    return clean
