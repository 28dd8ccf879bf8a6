"""The simulated day: it goes as planned, and whoever misses an event says so."""

import asyncio
import socket
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from time import monotonic

import pytest

from api.serving import listening
from cli.simulate.agenda import Agenda
from cli.simulate.clock import SimulatedClock
from cli.simulate.club import SimulatedClub, TeeTime
from cli.simulate.day import Day
from cli.simulate.desk import SimulationFailed
from cli.simulate.run import simulate
from cli.simulate.watchers import Watcher
from events.clubs import club_room
from events.cursor import Cursor
from tests.databases import settings_beside
from tests.harness import settings_for
from tests.patience import PATIENCE

MORNING = datetime(2026, 5, 4, 5, tzinfo=UTC)
DONE = {
    "bookSlots",
    "cancelBooking",
    "checkIn",
    "undoCheckIn",
    "markNoShow",
    "teeOff",
    "recordHole",
    "takeTeeSheetOffline",
    "bringTeeSheetOnline",
    "delayTeeTimes",
    "addBlock",
    "removeBlock",
    "suspendPlay",
    "resumePlay",
    "joinWaitlist",
    "declineWaitlistOffer",
    "acceptWaitlistOffer",
    "bookGroup",
    "setStandingBooking",
    "announceBallot",
    "enterBallot",
    "askDeposit",
    "refundDeposit",
    "splitBooking",
    "mergeBookings",
    "swapBookings",
    "restoreBooking",
    "undoNoShow",
    "undoTeeOff",
    "correctHole",
    "endRound",
}


async def day_of(settings, said, shown):
    """Let a day pass in a database of its own, as `fairway simulate` does: the jobs of each minute look everywhere."""
    with listening(settings) as listener:
        return await simulate(
            settings,
            listener,
            day=date(2026, 5, 4),
            tee_times=18,
            speed=None,
            seed=7,
            say=said.append,
            show=shown.append,
        )


async def test_a_day_passes_and_three_subscribers_see_all_of_it(postgres, settings):
    said, shown = [], []
    async with settings_beside(postgres, settings_for(settings, ws_port=0, payment_provider="twin")) as own:
        report = await day_of(own, said, shown)
    assert report.faults == []
    assert set(report.done) >= DONE
    assert report.refused == {"SHEET_OFFLINE": 1, "SLOTS_UNAVAILABLE": 1, "START_RESTRICTED": 1}
    assert {name for outing in report.outings for name in outing.price_classes} == {
        "MEMBER",
        "JUNIOR",
        "GUEST",
        "PUBLIC",
    }
    assert report.figures["noShows"] > 1
    types, phone, board = (watcher.types for watcher in report.watchers)
    assert types == board
    [(free, count)], [(taken, as_many)] = (types - phone).items(), (phone - types).items()
    assert (free, taken, count) == ("slot.available", "slot.blocked", as_many), "what the shop alone sells, to a player"
    assert sum(types.values()) == report.events > 200
    assert types["waitlist.offer-created"] == 3
    assert types["waitlist.offer-expired"] == 1, "who does not answer in time makes room for the next"
    assert types["pace.alert"] == 6
    assert types["booking.pace-updated"] == report.done["recordHole"]
    text = "\n".join(report.lines())
    assert "INFO → WARNING → CRITICAL → WARNING → INFO → clear" in text
    assert text.count("in order, none missing, none twice") == 3
    assert "Not as planned" not in text
    once = ("standing-booking.made", "ballot.drawn", "ballot.released", "booking.restored", "booking.merged")
    assert {name: types[name] for name in once} == dict.fromkeys(once, 1), "the shop's own business"
    assert types["booking.round-ended"] == 3
    assert len(shown) == 1


async def test_answers_are_sent_at_once(settings):
    delayed = []

    def answer(_reader, writer):
        delayed.append(not writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with listening(settings_for(settings, ws_port=0)) as listener:
        async with await asyncio.start_server(answer, sock=listener):
            reader, writer = await asyncio.open_connection(*listener.getsockname())
            await reader.read()
            writer.close()
    assert delayed == [False]


class Told(Watcher):
    """A watcher who is told of positions, one after the other."""

    positions = ()

    def __init__(self, *about):
        super().__init__(*about)
        self.is_told = asyncio.Event()

    async def _events(self, variables):
        assert variables["after"] == self.cursor
        for position in self.positions:
            yield {"__typename": "SlotHeld", "type": "slot.held", "cursor": cursor(position)}
        self.is_told.set()


def cursor(position):
    return str(Cursor(club_room("club"), "epoch", position))


def told(*positions):
    watcher = Told("somebody", SimulatedClub("club", "course", date(2026, 5, 4), cursor(0), []), "", "")
    watcher.positions = positions
    return watcher


@pytest.mark.parametrize("positions", [(1, 3), (1, 1), (2,), (1, 2, 1)])
async def test_a_watcher_notices_what_is_missing_or_comes_twice(positions):
    watcher = told(*positions)
    watcher.come()
    async with asyncio.timeout(PATIENCE):
        await watcher.is_told.wait()
    await watcher.go()
    assert len(watcher.faults) > 0


async def test_a_watcher_goes_on_where_it_was():
    watcher = told(1, 2)
    watcher.come()
    await watcher.reach(cursor(2))
    await watcher.go()
    watcher.positions = (3, 4)
    watcher.come()
    await watcher.reach(cursor(4))
    await watcher.go()
    assert watcher.faults == []
    assert watcher.types == Counter({"slot.held": 4})


@pytest.mark.parametrize("other", [-5, 6])
def test_another_seed_is_another_day(other):
    starts = [TeeTime(str(number), MORNING + timedelta(minutes=10 * number)) for number in range(70)]
    club = SimulatedClub("club", "course", date(2026, 5, 4), "", starts)
    one, again, another = (Day(None, None, club, seed=seed).outings for seed in (5, 5, other))
    assert one == again
    assert one != another


async def test_a_clock_with_a_speed_takes_its_time():
    clock, began = SimulatedClock(MORNING, speed=3600), monotonic()
    await clock.reach(MORNING + timedelta(minutes=3))
    assert monotonic() - began >= 0.045  # timers count in milliseconds, and may end a little early
    assert clock() == MORNING + timedelta(minutes=3)


async def test_the_agenda_works_off_acts_in_order_and_jobs_by_the_minute():
    clock, seen = SimulatedClock(MORNING), []

    def act(name):
        async def done():
            seen.append((name, (clock() - MORNING).total_seconds()))

        return done

    agenda = Agenda(clock, act("jobs"))
    for name, seconds in (("second", 130), ("first", 50), ("last", 180), ("last but after it", 180)):
        agenda.at(MORNING + timedelta(seconds=seconds), act(name))
    await agenda.work_off()
    jobs = [("jobs", 60), ("jobs", 120)]
    assert seen == [
        ("first", 50),
        *jobs,
        ("second", 130),
        ("jobs", 180),
        ("last", 180),
        ("last but after it", 180),
    ]


def test_what_was_not_planned_is_an_error_with_a_sentence():
    assert SimulationFailed().message == "The day did not go as planned."
