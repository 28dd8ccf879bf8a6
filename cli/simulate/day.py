"""The plan of the simulated day: who plays when, and what else happens."""

import random
from datetime import datetime, timedelta

from cli.simulate.agenda import Act, Agenda
from cli.simulate.club import PUBLIC, SimulatedClub, TeeTime
from cli.simulate.desk import Desk
from cli.simulate.groups import SHORT_ROUND, SLOW, GroupLife, Outing, plan_outing
from cli.simulate.incidents import Incidents, delayed
from cli.simulate.shop import Shop
from cli.simulate.storm import Storm
from cli.simulate.watchers import Watcher

LEFT_FREE = 6
"""Every sixth start is sold to nobody: there is room for holds that expire."""
LAST_LONG_ROUND = timedelta(hours=7)
"""Groups that start later than this after the first play nine holes."""
HOLD = "hold { id }"
OPENS_EARLY = 110
"""Minutes before the first start at which the day's bookings begin."""


class Day:
    """A day with about as many groups as starts, put on an agenda."""

    def __init__(self, desk: Desk, agenda: Agenda, club: SimulatedClub, *, seed: int) -> None:
        self._desk, self._planned = desk, club
        self._agenda = agenda
        self._club = club = delayed(club)
        self._random = random.Random(str(seed))  # noqa: S311 - a plan, not a secret; by a number, -5 would be 5
        self._first = club.tee_times[0].starts_at
        self._free = [t for n, t in enumerate(club.tee_times) if n % LEFT_FREE == LEFT_FREE - 1]
        self._storm = Storm(club.tee_times[-1].starts_at + timedelta(minutes=60))
        self.outings = self._groups()
        self.slow = self.outings[len(self.outings) // 5]

    def plan(self, phone: Watcher) -> None:
        """Put everything on the agenda. The phone is out of reach for a while."""
        for outing in self.outings:
            GroupLife(self._desk, self._agenda, outing, self._storm).begin()
        self._holds_that_end()
        self._offline_spell()
        self._incidents()
        opens_at = self._first - timedelta(minutes=OPENS_EARLY)
        Shop(self._desk, self._agenda, self._planned, self._storm, opens_at=opens_at).plan()
        middle = self._middle()
        self._agenda.at(middle - timedelta(minutes=31), phone.go)
        self._agenda.at(middle + timedelta(minutes=33), _come(phone))

    def _incidents(self) -> None:
        incidents = Incidents(self._desk, self._agenda, self._club)
        incidents.delay()
        incidents.block(self._free[0])
        incidents.suspend(self._storm)
        cancelled = next(outing for outing in self.outings if outing.cancels)
        self.outings.append(incidents.wait_for(cancelled, self._storm))

    def _groups(self) -> list[Outing]:
        opening, outings = self._first - timedelta(minutes=OPENS_EARLY), []
        sold = [t for t in self._club.tee_times if t not in self._free]
        for number, tee_time in enumerate(sold):
            books_at = opening + timedelta(seconds=70 * number)
            holes = SHORT_ROUND if tee_time.starts_at - self._first > LAST_LONG_ROUND else len(SLOW)
            outings.append(plan_outing(self._random, number, tee_time, books_at=books_at, holes=holes))
        self._give_parts(outings)
        return outings

    @staticmethod
    def _give_parts(outings: list[Outing]) -> None:
        """Say who is slow, who does not come, who comes with somebody missing, and who cancels."""
        count = len(outings)
        outings[count // 5].late = SLOW
        outings[count // 4 + 1].comes = False
        missing = outings[count // 3 + 1]
        missing.places, missing.missing = 3, (2,)
        for outing in outings[6::9]:
            outing.is_checked_in_twice = True
        for outing in outings[count // 2 :: 8]:
            outing.cancels = True

    def _middle(self) -> datetime:
        starts = self._club.tee_times
        return starts[len(starts) // 2].starts_at + timedelta(minutes=5)

    def _holds_that_end(self) -> None:
        """Let people hold places and forget about them, or give them back."""
        for number, tee_time in enumerate(self._free[1:]):
            moment = tee_time.starts_at - timedelta(minutes=35)
            if abs(moment - self._middle()) < timedelta(minutes=40):
                continue
            who = PUBLIC[-1 - number % len(PUBLIC)]
            self._agenda.at(moment, self._holding(who, tee_time, gives_back=number % 3 == 2))

    def _holding(self, who: str, tee_time: TeeTime, *, gives_back: bool) -> Act:
        async def hold() -> None:
            held = await self._desk.do(who, "holdSlots", HOLD, teeTimeId=tee_time.id, places=2)

            async def release() -> None:
                await self._desk.do(who, "releaseHold", HOLD, holdId=held["id"])

            if gives_back:
                self._agenda.at(tee_time.starts_at - timedelta(minutes=31), release)

        return hold

    def _offline_spell(self) -> None:
        """Take the sheet offline for twenty minutes, while somebody holds places and somebody else wants some."""
        middle, later = self._middle(), [t for t in self._free if t.starts_at > self._middle()][-1]
        place = {"teeTimeId": later.id, "places": 1}

        async def hold() -> None:
            await self._desk.do("public-1", "holdSlots", HOLD, **place)

        async def take_offline() -> None:
            await self._desk.do("pro-shop", "takeTeeSheetOffline", "teeSheet { isOnline }", **self._club.sheet)

        async def want() -> None:
            await self._desk.be_refused("public-2", "holdSlots", HOLD, code="SHEET_OFFLINE", **place)

        async def bring_online() -> None:
            await self._desk.do("pro-shop", "bringTeeSheetOnline", "teeSheet { isOnline }", **self._club.sheet)

        for minutes, act in ((-3, hold), (0, take_offline), (7, want), (20, bring_online)):
            self._agenda.at(middle + timedelta(minutes=minutes), act)


def _come(watcher: Watcher) -> Act:
    async def come() -> None:
        watcher.come()

    return come
