import copy
import json
import pickle
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import Enum
from typing import get_args, get_type_hints

import pytest

from domain.tee_sheet.offers import problems
from kit.enums import DescribedEnum
from kit.errors import Problem
from models.clubs.values import Language, NamePrivacy
from models.tee_sheet.values import BookingStatus, HoldStatus, PriceClassKind, SlotStatus, StartFormat, same_interval

ENUMS = [SlotStatus, StartFormat, PriceClassKind, BookingStatus, HoldStatus, NamePrivacy, Language]
PROBLEMS = [
    kind
    for kind in vars(problems).values()
    if isinstance(kind, type) and issubclass(kind, Problem) and kind is not Problem
]


@pytest.mark.parametrize("kind", ENUMS)
class TestEnums:
    def test_each_value_is_its_name_and_has_a_sentence(self, kind):
        for member in kind:
            assert member == member.value == member.name
            assert member.description.endswith(".")
        assert len({member.description for member in kind}) == len(kind)

    def test_by_value_in_json_and_through_pickle(self, kind):
        for member in kind:
            assert kind(member.value) is member
            assert json.loads(json.dumps(member)) == member.value
            assert pickle.loads(pickle.dumps(member)) is member
            assert copy.deepcopy(member) is member


def test_a_described_enum_is_a_string():
    class Colour(DescribedEnum):
        RED = "red", "Like a flag."

    assert f"{Colour.RED}" == "red"
    assert Colour("red").description == "Like a flag."


def test_same_interval():
    assert same_interval(10) == {1: 10, 2: 10, 3: 10, 4: 10}


def plain(annotation):
    """Whether a type is one that the schema can show, or a list or an optional of such."""
    if parts := [part for part in get_args(annotation) if part is not type(None)]:
        return all(plain(part) for part in parts)
    return annotation in {int, str, bool, datetime, date} or issubclass(annotation, Enum)


@pytest.mark.parametrize("kind", PROBLEMS)
class TestProblems:
    def test_owns_its_code_and_sentence(self, kind):
        assert "code" in vars(kind)
        assert kind.code == kind.code.upper()
        assert kind.__doc__.endswith(".")

    def test_has_plain_fields(self, kind):
        hints = get_type_hints(kind)
        for field in fields(kind):
            if field.name not in {"message", "path"}:
                assert plain(hints[field.name]), field.name


def test_codes_are_unique():
    assert PROBLEMS
    assert len({kind.code for kind in PROBLEMS}) == len(PROBLEMS)


def test_a_problem_tells_its_facts():
    opens_at = datetime(2026, 6, 1, 4, tzinfo=UTC)
    problem = problems.BookingWindowClosed(opens_at=opens_at, days_ahead=14)
    sentence = "The start cannot be booked yet; wait until booking opens, or choose an earlier day."
    assert str(problem) == sentence
    assert dict(problem.details()) == {"path": (), "opens_at": opens_at, "days_ahead": 14}
