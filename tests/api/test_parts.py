"""Answers of which parts are kept: they are what a reading of everything gives, whatever has happened in between."""

from itertools import count
from random import Random

import orjson
import pytest
import pytest_asyncio

from schema.parts import NOTHING, KeptParts, Parts, Touch
from tests.house.statements import statements
from tests.realtime.list_log import message
from tests.thorough import times

SHEET = """query Day($course: ID!, $day: Date!) { teeSheet(courseId: $course, date: $day) {
    cursor isOnline figures { players }
    teeTimes { id localTime slots { id number status heldUntil bookingId price { amountCents }
        payer { firstName lastName } own { isBooker player { lastName } } } }
    all: bookings { id status isBooker paid { amountCents } payer { lastName }
        players { position firstName lastName checkedInAt noShowAt priceClass slotId } }
    nested: bookings { id teeTime { slots { status } } }
} }"""
BY_SOMETHING = Parts(kind="slot", shows=frozenset(), touch=lambda event: event.data["touch"])


class One:
    def __init__(self, name: str, says: int) -> None:
        self.id, self.says = name, says


def shown(parts: KeptParts, *ones: One) -> tuple[list, KeptParts]:
    """Complete a list, and give what is written of it, and its parts for the next time."""
    made = parts.completed(("list",), BY_SOMETHING, ones, lambda one: {"id": one.id, "says": one.says})
    kept = parts.sealed()
    return orjson.loads(orjson.dumps(made)), kept


def happened(*touches: Touch | None):
    events = [message(n) for n, _ in enumerate(touches)]
    for event, touch in zip(events, touches, strict=True):
        event.data["touch"] = touch
    return events


def says(found: list) -> list:
    return [one["says"] for one in found]


def test_what_was_not_touched_is_taken_as_it_was_written():
    first, kept = shown(KeptParts(), One("a", 1), One("b", 1), One("c", 1))
    assert says(first) == [1, 1, 1]
    second, kept = shown(kept.after(happened(NOTHING, Touch(("b", "of another list")))), One("b", 2))
    assert says(second) == [1, 2, 1]
    third, kept = shown(kept.after(happened(Touch(("a",)), Touch(("c",)))), One("c", 3), One("a", 3))
    assert says(third) == [3, 2, 3]
    assert says(shown(kept.after([]))[0]) == [3, 2, 3]


def test_where_the_list_may_be_another_one_what_was_not_touched_is_still_taken():
    _, kept = shown(KeptParts(), One("a", 1), One("b", 1))
    found, kept = shown(kept.after(happened(Touch(("c",), keeps_list=False))), One("c", 2), One("b", 2))
    assert [(one["id"], one["says"]) for one in found] == [("c", 2), ("b", 1)]
    assert says(shown(kept.after(happened(Touch(("b",)))), One("b", 3))[0]) == [2, 3]


def test_where_anything_may_have_changed_everything_is_read():
    _, kept = shown(KeptParts(), One("a", 1), One("b", 1))
    assert says(shown(kept.after(happened(Touch(("a",)), None)), One("a", 2), One("b", 2))[0]) == [2, 2]


def test_an_element_that_was_touched_and_is_not_found_is_no_answer():
    _, kept = shown(KeptParts(), One("a", 1), One("b", 1))
    with pytest.raises(LookupError):
        shown(kept.after(happened(Touch(("a",)))))


class Day:
    """A sheet that is asked for again and again, and the same read as if nobody had asked before."""

    fresh = count()

    def __init__(self, world) -> None:
        self.world = world

    async def read(self, who, *, query=SHEET):
        asked = {"course": self.world.course, "day": self.world.day.isoformat()}
        return (await self.world.server.run(query, who=who, **asked)).data["teeSheet"]

    async def is_right_for(self, *people) -> None:
        for who in people:
            assert await self.read(who) == await self.read(who, query=f"# {next(self.fresh)}\n{SHEET}")

    async def do(self, name, who, **given) -> None:
        """Try something, which may be refused."""
        query = f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ cursor }} }}"
        answer = await self.world.server.run(query, who=who, input=given)
        assert "errors" not in answer or answer.code in {"NOT_FOUND", "NOT_ALLOWED"}, answer


@pytest_asyncio.fixture
async def day(world):
    """A day that has been asked for so often that its parts are kept."""
    asked = Day(world)
    ann = world.player("ann")
    await world.server.mutate(
        "addPlayer", "__typename", who=world.admin, clubId=world.club, firstName="Ann", lastName="Archer",
        priceClass="MEMBER", userId="ann",
    )  # fmt: skip
    for number in (-1, -2, -3):
        await asked.do("bookSlots", ann if number == -1 else world.staff, teeTimeId=world.tee_time(number), places=3)
    for _ in range(3):
        await asked.read(world.staff)
    return asked


async def test_after_a_change_only_its_start_is_read_again(world, day):
    booking = (await day.read(world.staff))["all"][0]["id"]
    await day.do("checkIn", world.staff, bookingId=booking, positions=[1])
    with statements(world.server) as sent:
        found = await day.read(world.staff)
    assert [player["checkedInAt"] is not None for player in found["all"][0]["players"]] == [True, False, False]
    assert sum("FROM tee_times" in one and "tee_times.id IN" in one for one in sent) == 1, sent
    assert sum("FROM tee_times" in one and "tee_times.sheet_id" in one and " IN " not in one for one in sent) == 0
    await day.is_right_for(world.staff)


async def test_what_changes_anything_has_all_of_it_read(world, day):
    await day.do("takeTeeSheetOffline", world.staff, courseId=world.course, date=world.day.isoformat())
    assert not (await day.read(world.staff))["isOnline"]
    await day.do("updateClub", world.admin, clubId=world.club, namePrivacy="HIDDEN")
    await day.is_right_for(world.staff, world.player("ann"), world.player("bob"))


@pytest.mark.parametrize("seed", range(times(3, usually=1)))
async def test_whatever_happens_it_is_what_a_reading_of_everything_gives(world, day, clock, seed):
    dice, people = Random(seed), (world.staff, world.player("ann"), world.player("bob"))
    for _ in range(30):
        seen = await day.read(world.staff)
        bookings = [one["id"] for one in seen["all"]] or [""]
        start, booking, who = dice.choice(seen["teeTimes"])["id"], dice.choice(bookings), dice.choice(people)
        name, given = dice.choice([
            ("bookSlots", {"teeTimeId": start, "places": dice.randint(1, 3)}),
            ("holdSlots", {"teeTimeId": start, "places": 1}),
            ("cancelBooking", {"bookingId": booking}),
            ("moveBooking", {"bookingId": booking, "teeTimeId": start}),
            ("checkIn", {"bookingId": booking}),
            ("undoCheckIn", {"bookingId": booking}),
            ("markNoShow", {"bookingId": booking, "positions": [1]}),
            ("updateBooking", {"bookingId": booking, "payer": {"firstName": "P", "lastName": str(dice.random())}}),
            ("updateBooking", {"bookingId": booking, "players": [{"position": 1, "firstName": "Q", "lastName": "R"}]}),
            ("updateBooking", {"bookingId": booking, "removePositions": [1]}),
            ("addBlock", {"courseId": world.course, "date": world.day.isoformat(), "kind": "OTHER", "reason": "Work",
                          "firstStart": "08:00", "lastStart": "08:20", "keepBookings": True}),
            ("delayTeeTimes", {"courseId": world.course, "date": world.day.isoformat(), "firstStart": "12:00",
                               "minutes": 5}),
        ])  # fmt: skip
        of_staff = name in {"addBlock", "delayTeeTimes", "checkIn", "undoCheckIn", "markNoShow"}
        await day.do(name, world.staff if of_staff else who, **given)
        await day.is_right_for(*people)
