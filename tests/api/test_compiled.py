"""What is compiled answers as graphql-core does, to the letter: over documents that nobody thought of."""

from random import Random

import pytest
import pytest_asyncio
from graphql import is_abstract_type, is_leaf_type, is_required_argument

from api.app import create_app
from realtime.metrics import compiled_answers, total_of
from resolvers.root import core
from tests.harness import HeldClock, found_world, serving, settings_for
from tests.house.inventory import one_of_each
from tests.thorough import times

VARIABLES = "$on: Boolean!, $off: Boolean = false"


def named(kind):
    while hasattr(kind, "of_type"):
        kind = kind.of_type
    return kind


MOST_ALIASES = 20
"""How many are given where none has to be: a document may have fifty."""


class Author:
    """Writes documents that are valid: fields, aliases, fragments, switches, at random."""

    def __init__(self, random):
        self.random, self.fragments, self.aliases, self.given = random, [], 0, 0

    def document(self, root):
        """Write a query of a root field, which is given with its arguments."""
        kind = named(core.query_type.fields[root.partition("(")[0]].type)
        text = f"{root} {{ {self.selections(kind, 4)} }}"
        both = "first: __typename @include(if: $on) last: __typename @skip(if: $off)"
        return f"query Q({VARIABLES}) {{ {self.alias()}{text} {both} }} " + " ".join(self.fragments)

    def selections(self, kind, depth, *, apart=False):
        fields = getattr(kind, "fields", {})
        names = [name for name, field in fields.items() if not any(map(is_required_argument, field.args.values()))]
        if depth == 0:
            names = [name for name in names if is_leaf_type(named(fields[name].type))]
        chosen = self.random.sample(names, min(len(names), self.random.randint(1, 5)))
        parts = [self.field(fields[name], name, depth, apart=apart) for name in chosen]
        if is_abstract_type(kind):
            faces = core.get_possible_types(kind)
            parts += [
                self.part(face, depth, apart=True) for face in self.random.sample(list(faces), min(2, len(faces)))
            ]
        elif depth and self.random.random() < 0.3:
            parts.append(self.part(kind, depth))
        if self.random.random() < 0.3 or not parts:
            parts.append("__typename")
        return " ".join(parts)

    def field(self, field, name, depth, *, apart):
        kind = named(field.type)
        inside = "" if is_leaf_type(kind) else f" {{ {self.selections(kind, depth - 1)} }}"
        return f"{self.alias(always=apart)}{name}{self.switch()}{inside}"

    def part(self, kind, depth, *, apart=False):
        inside = self.selections(kind, max(depth - 1, 0), apart=apart)
        if self.random.random() < 0.5:
            return f"... on {kind.name}{self.switch()} {{ {inside} }}"
        self.fragments.append(f"fragment f{len(self.fragments)} on {kind.name} {{ {inside} }}")
        return f"...f{len(self.fragments) - 1}{self.switch()}"

    def alias(self, *, always=False):
        """Give a field another name, or not; always where types beside each other may mean two things by one name."""
        self.aliases += 1
        given = always or (self.given < MOST_ALIASES and self.random.random() < 0.5)
        self.given += given
        return f"a{self.aliases}: " if given else ""

    def switch(self):
        switches = ["@include(if: $on)", "@skip(if: $off)", "@skip(if: $on)", "@include(if: true)", "@skip(if: false)"]
        return " " + self.random.choice(switches) if self.random.random() < 0.2 else ""


@pytest_asyncio.fixture(scope="module")
async def comparing(settings):
    """A server that compares all its answers, and one of everything in a world of it."""
    clock, compare = HeldClock(), settings_for(settings, compare_answers=True)
    async with serving(create_app(compare, with_jobs=False, clock=clock), clock) as server:
        world = await found_world(server)
        yield world, await one_of_each(world)


def roots_of(world, ids):
    """Ask for something by each of these root fields that has objects below it."""
    club, course = f'clubId: "{ids["club"]}"', f'courseId: "{ids["course"]}"'
    day = f'date: "{world.day}"'
    plain = ["viewer", "clubs", "notifications", "unreadNotifications", "realtimeStats"]
    of_club = [f"bookings({club})", f"caddies({club})", f"caddieQueue({club}, list: 1)"]
    of_club.append(f'availableTeeTimes({club}, firstDate: "{world.day}")')
    of_course = [f"{name}({course})" for name in ("courseConditions", "courseThresholds", "carts", "sheetTemplate")]
    of_day = [f"{name}({course}, {day})" for name in ("teeSheet", "waitlist", "courseStatusHistory")]
    by_id = [f'node(id: "{value}")' for value in ids.values()] + [f'booking(id: "{ids["booking"]}")']
    every = [*plain, *of_club, *of_course, *of_day, *by_id]
    return [root for root in every if not is_leaf_type(named(core.query_type.fields[root.partition("(")[0]].type))]


async def test_made_up_queries_are_answered_as_the_reference_answers_them(comparing):
    """That they are is looked at after each test: `tests/fixtures.py`."""
    world, ids = comparing
    before, asked = total_of(compiled_answers.labels("answered")), 0
    for seed in range(times(8, usually=2)):
        for root in roots_of(world, ids):
            document = Author(Random(f"{seed} {root.partition(':')[0]}")).document(root)
            for on in (True, False):
                who, asked = (world.staff if seed % 2 else world.player("ana")), asked + 1
                answer = await world.server.run(document, who=who, on=on)
                assert "data" in answer, (document, answer)
    answered = total_of(compiled_answers.labels("answered")) - before
    assert answered > asked / 2, "most of them were left to the reference"


@pytest.mark.parametrize(
    "query",
    [
        '{ club(id: "club_nothing") { name } }',
        '{ clubs { name } nothing: __type(name: "Club") { name } }',
        "query($on: Boolean = true) { clubs { name @include(if: $on) } }",
    ],
)
async def test_what_is_not_understood_is_left_to_the_reference(comparing, query):
    world, _ = comparing
    given_up = compiled_answers.labels("given_up")
    before = total_of(given_up)
    await world.server.run(query, who=world.staff, on=None)
    assert total_of(given_up) == before + 1


async def test_the_first_time_nothing_is_compiled(world):
    total = lambda: sum(total_of(compiled_answers.labels(result)) for result in ("answered", "given_up"))  # noqa: E731
    before = total()
    first = await world.server.run("{ clubs { name } }", who=world.staff, asked=1)
    assert total() == before or world.server.runtime.settings.compare_answers
    assert await world.server.run("{ clubs { name } }", who=world.staff, asked=2) == first
    assert total() > before
