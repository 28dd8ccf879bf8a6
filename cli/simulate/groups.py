"""The life of a group on the simulated day: it books, arrives, tees off, and plays hole by hole."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import accumulate
from typing import Any

from cli.simulate.agenda import Agenda
from cli.simulate.club import GUESTS, JUNIORS, MEMBERS, PUBLIC, TIME_PAR, TeeTime, name_of
from cli.simulate.desk import Desk
from cli.simulate.storm import Storm

BOOKING = "booking { id players { position priceClass } }"
SLOW = (0, 1, 3, 6, 9, 12, 16, 17, 14, 11, 8, 4, 2, 1, 0, 0, 0, 0)
"""Minutes late at each hole: a group that loses time from the third hole on, is talked to, and catches up."""
SHORT_ROUND = 9
SECONDS_TO_BOOK = 150


@dataclass
class Outing:
    """A group: where it starts, who books for it, and what becomes of it."""

    number: int
    tee_time: TeeTime
    booker: str
    places: int
    holes: int
    books_at: datetime
    comes: bool = True
    missing: Sequence[int] = ()
    late: Sequence[int] = ()
    cancels: bool = False
    is_checked_in_twice: bool = False
    booking_id: str = ""
    price_classes: list[str] = field(default_factory=list)

    def take(self, booking: dict[str, Any]) -> None:
        """Note what was booked for the group."""
        self.booking_id = booking["id"]
        self.price_classes = [player["priceClass"] for player in booking["players"]]

    @property
    def holds_first(self) -> bool:
        """Whether the booker holds the places while making up their mind."""
        return self.number % 2 == 1


def plan_outing(rng: random.Random, number: int, tee_time: TeeTime, *, books_at: datetime, holes: int) -> Outing:
    """Put a group together: members and juniors with their guests, guests, and the public, in turn."""
    people = (MEMBERS, PUBLIC, JUNIORS if number % 10 == 7 else MEMBERS, GUESTS, PUBLIC)[number % 5]
    return Outing(
        number=number,
        tee_time=tee_time,
        booker=people[number // 5 % len(people)] if people is not MEMBERS else MEMBERS[number % len(MEMBERS)],
        places=rng.choice((2, 2, 3, 4, 4)),
        holes=holes,
        books_at=books_at,
        late=[rng.randint(-2, 2) for _ in range(holes)],
    )


class GroupLife:
    """Puts the acts of a group on the agenda."""

    def __init__(self, desk: Desk, agenda: Agenda, outing: Outing, storm: Storm) -> None:
        self._desk = desk
        self._agenda = agenda
        self._outing = outing
        self._storm = storm

    def begin(self) -> None:
        """Put down how the group books, and what follows from that."""
        outing = self._outing
        self._agenda.at(outing.books_at, self._hold if outing.holds_first else self._book)
        self.come()

    def come(self) -> None:
        """Put down what becomes of a group that has booked, or is about to."""
        outing, start = self._outing, self._outing.tee_time.starts_at
        if outing.cancels:
            self._agenda.at(start - timedelta(minutes=70), self._cancel)
        elif not outing.comes:
            self._agenda.at(start + timedelta(minutes=12), self._miss)
        else:
            self._arrive(start - timedelta(minutes=25))
            self._agenda.at(start + timedelta(seconds=20), self._tee_off)

    async def _hold(self) -> None:
        outing = self._outing
        given = {"teeTimeId": outing.tee_time.id, "places": outing.places}
        hold = await self._desk.do(outing.booker, "holdSlots", "hold { id }", **given)

        async def book() -> None:
            await self._sell(holdId=hold["id"])

        self._agenda.at(outing.books_at + timedelta(seconds=SECONDS_TO_BOOK), book)

    async def _book(self) -> None:
        await self._sell(teeTimeId=self._outing.tee_time.id, places=self._outing.places)

    async def _sell(self, **where: Any) -> None:
        outing = self._outing
        given = where | {"holes": outing.holes, "payer": name_of(outing.number)}
        booking = await self._desk.do(outing.booker, "bookSlots", BOOKING, **given)
        outing.take(booking)

    async def _cancel(self) -> None:
        await self._act("cancelBooking", "pro-shop")

    async def _miss(self) -> None:
        await self._act("markNoShow", "starter")

    def _arrive(self, moment: datetime) -> None:
        outing, minute = self._outing, timedelta(minutes=1)
        present = [place for place in range(1, outing.places + 1) if place not in outing.missing]
        if outing.is_checked_in_twice:
            self._agenda.at(moment - minute, partial(self._act, "checkIn", "pro-shop"))
            self._agenda.at(moment, partial(self._act, "undoCheckIn", "pro-shop"))
        for later, places in ((1, present[:1]), (4, present[1:])):
            self._agenda.at(moment + later * minute, partial(self._act, "checkIn", "pro-shop", positions=places))
        if outing.missing:
            late = outing.tee_time.starts_at + 5 * minute
            self._agenda.at(late, partial(self._act, "markNoShow", "starter", positions=list(outing.missing)))

    async def _tee_off(self) -> None:
        outing = self._outing
        await self._act("teeOff", "starter")
        begun = outing.tee_time.starts_at + timedelta(seconds=20)
        reporter = "cart" if outing.number % 3 else "marshal"
        expected = accumulate(TIME_PAR[: outing.holes])
        for hole, (minutes, late) in enumerate(zip(expected, outing.late, strict=True), 1):
            moment = self._storm.after(begun, minutes + late)
            self._agenda.at(moment, partial(self._act, "recordHole", reporter, hole=hole))

    async def _act(self, operation: str, who: str, **more: Any) -> None:
        await self._desk.do(who, operation, "booking { id }", bookingId=self._outing.booking_id, **more)
