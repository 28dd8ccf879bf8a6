"""The pro shop's own business of the simulated day: a society, a regular, a draw, a deposit, and wrong taps undone.

It has the last starts of the day, behind those that are sold to whoever comes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from cli.simulate.agenda import Agenda
from cli.simulate.club import MEMBERS, PUBLIC, SHOP_ONLY, SimulatedClub, TeeTime, local, name_of
from cli.simulate.desk import Desk, SimulationFailed
from cli.simulate.incidents import FROST
from cli.simulate.storm import Storm

MINUTE = timedelta(minutes=1)
SOCIETY = (4, 4, 2)
"""The players of the society by start: a group of ten."""
HOLES = ((1, 13), (2, 29), (3, 40))
"""Holes of the society's, and the minutes after which they are behind them: before the storm comes."""
DEPOSIT_CENTS, GOODWILL_CENTS = 2000, 500
BOOKING = "booking { id }"
DEPOSIT = """query($id: ID!) { booking(id: $id) {
  deposits { id status payUrl } ledger { paid { amountCents } refunded { amountCents } }
} }"""
BALLOT = "query($id: ID!) { ballot(id: $id) { status draw { results { choice } } } }"
STANDING = "query($id: ID!) { node(id: $id) { ... on StandingBooking { dates { bookingId message } } } }"


class Shop:
    """Puts what the shop does on the agenda, start by start."""

    def __init__(self, desk: Desk, agenda: Agenda, club: SimulatedClub, storm: Storm, *, opens_at: datetime) -> None:
        """Take the club with its starts as they are before the frost."""
        self._desk, self._agenda, self._club, self._storm = desk, agenda, club, storm
        self._opens_at, self._starts = opens_at, club.shop_starts
        self._bookings: dict[str, str] = {}

    def plan(self) -> None:
        """Put all of it down."""
        society, drawn = self._starts[:3], self._starts[3:5]
        regular, deposit, shop = self._starts[5], self._starts[6], self._starts[SHOP_ONLY]
        at = self._opens_at
        self._at(at, self._book_society, society)
        self._at(at + MINUTE, self._announce, drawn)
        self._at(at + 2 * MINUTE, self._set_regular, regular)
        self._at(at + 4 * MINUTE, self._sell_what_is_ours, shop)
        self._at(at + 6 * MINUTE, self._book_with_deposit, deposit)
        self._at(at + 20 * MINUTE, self._mend_a_party)
        self._at(at + 25 * MINUTE, self._swap)
        self._at(at + 30 * MINUTE, self._cancel_by_mistake)
        for number, start in enumerate(society):
            self._play(number, start)

    def _at(self, moment: datetime, act: Any, *given: Any) -> None:
        self._agenda.at(moment, partial(act, *given))

    async def _act(self, operation: str, who: str, booking: str, **more: Any) -> Any:
        return await self._desk.do(who, operation, BOOKING, bookingId=self._bookings[booking], **more)

    async def _book(self, name: str, start: TeeTime, who: str, **more: Any) -> None:
        given = {"teeTimeId": start.id, "places": 4, "payer": name_of(len(self._bookings))} | more
        self._bookings[name] = (await self._desk.do(who, "bookSlots", BOOKING, **given))["id"]

    # a society

    async def _book_society(self, starts: Sequence[TeeTime]) -> None:
        wanted = [{"teeTimeId": start.id, "places": places} for start, places in zip(starts, SOCIETY, strict=True)]
        given = {"name": "Harbour Society", "organiser": name_of(3), "starts": wanted}
        group = await self._desk.do("pro-shop", "bookGroup", "bookingGroup { bookings { id } }", **given)
        self._bookings |= {f"society {number}": one["id"] for number, one in enumerate(group["bookings"])}

    def _play(self, number: int, start: TeeTime) -> None:
        """Let a group of the society come and play as far as it gets before the storm; the first is tapped wrongly."""
        at, name = start.starts_at + FROST, f"society {number}"
        self._at(at - 20 * MINUTE, self._act, "checkIn", "starter", name)
        if number == 0:
            self._at(at + MINUTE, self._miss_by_mistake, name)
            self._at(at + 2 * MINUTE, self._act, "teeOff", "starter", name)
            self._at(at + 3 * MINUTE, self._act, "undoTeeOff", "starter", name)
        self._at(at + 4 * MINUTE, self._act, "teeOff", "starter", name)
        ends, last = self._storm.begins - MINUTE, 0
        for hole, minutes in HOLES:
            if (moment := at + minutes * MINUTE) >= ends:
                break
            last, slips = hole, number == 0 and hole == 2
            tapped = hole + 1 if slips else hole
            self._agenda.at(moment, partial(self._act, "recordHole", "marshal", name, hole=tapped))
            if slips:
                self._agenda.at(moment + MINUTE, partial(self._act, "correctHole", "pro-shop", name, hole=hole))
        self._agenda.at(ends, partial(self._act, "endRound", "pro-shop", name, hole=last))

    async def _miss_by_mistake(self, name: str) -> None:
        await self._act("undoCheckIn", "starter", name, positions=[4])
        await self._act("markNoShow", "starter", name, positions=[4])
        await self._act("undoNoShow", "starter", name, positions=[4])
        await self._act("checkIn", "starter", name, positions=[4])

    # a draw, and a regular

    async def _announce(self, starts: Sequence[TeeTime]) -> None:
        first, last = (local(starts[n]) for n in (0, -1))
        closes = self._opens_at + 45 * MINUTE
        given = self._club.sheet | {"name": "Evening nine", "firstStart": first, "lastStart": last}
        given |= {"closesAt": closes.isoformat(), "releasesAt": (closes + 30 * MINUTE).isoformat()}
        ballot = (await self._desk.do("pro-shop", "announceBallot", "ballot { id }", **given))["id"]
        for number, who in enumerate(MEMBERS[:5]):
            wish = {"ballotId": ballot, "teeTimeIds": [start.id for start in starts], "places": 2}
            act = partial(self._desk.do, who, "enterBallot", "ballotEntry { id }", **wish)
            self._agenda.at(self._opens_at + (5 + number) * MINUTE, act)
        self._at(closes + 40 * MINUTE, self._look_at_draw, ballot)

    async def _look_at_draw(self, ballot: str) -> None:
        found = (await self._desk.ask("owner", BALLOT, id=ballot))["ballot"]
        given = sum(one["choice"] is not None for one in found["draw"]["results"])
        _expect((found["status"], given), ("RELEASED", 4), "the draw")

    async def _set_regular(self, start: TeeTime) -> None:
        weekday = self._club.day.strftime("%A").upper()
        given = {"courseId": self._club.course, "weekday": weekday, "until": self._club.day.isoformat(), "places": 2}
        given |= {"localTime": local(start), "payer": name_of(5)}
        row = await self._desk.do("pro-shop", "setStandingBooking", "standingBooking { id }", **given)
        self._at(self._opens_at + 10 * MINUTE, self._look_at_regular, row["id"])

    async def _look_at_regular(self, standing: str) -> None:
        [made] = (await self._desk.ask("owner", STANDING, id=standing))["node"]["dates"]
        _expect(made["bookingId"] is not None, wanted=True, what=f"the regular's booking ({made['message']})")

    # what the shop alone sells, and what is changed

    async def _sell_what_is_ours(self, start: TeeTime) -> None:
        want = {"teeTimeId": start.id, "places": 4, "payer": name_of(1)}
        await self._desk.be_refused(PUBLIC[2], "bookSlots", BOOKING, code="START_RESTRICTED", **want)
        await self._book("shop", start, "pro-shop")

    async def _mend_a_party(self) -> None:
        """Take two off to a booking of their own, and put them back."""
        given = {"bookingId": self._bookings["shop"], "positions": [3, 4]}
        two = await self._desk.do("pro-shop", "splitBooking", "newBooking { id }", **given)
        await self._act("mergeBookings", "pro-shop", "shop", otherBookingIds=[two["id"]])

    async def _swap(self) -> None:
        for _ in range(2):
            await self._act("swapBookings", "pro-shop", "shop", otherBookingId=self._bookings["deposit"])

    async def _cancel_by_mistake(self) -> None:
        await self._act("cancelBooking", "pro-shop", "shop")
        await self._act("restoreBooking", "pro-shop", "shop")

    # a deposit

    async def _book_with_deposit(self, start: TeeTime) -> None:
        await self._book("deposit", start, PUBLIC[4])
        given = {"bookingId": self._bookings["deposit"], "amountCents": DEPOSIT_CENTS, "reason": "Late evening"}
        await self._desk.do("pro-shop", "askDeposit", "deposit { id }", **given)
        for minutes, act in ((2, self._pay), (6, self._give_some_back), (9, self._look_at_deposit)):
            self._at(self._opens_at + (6 + minutes) * MINUTE, act)

    async def _deposit(self) -> Any:
        found = (await self._desk.ask(PUBLIC[4], DEPOSIT, id=self._bookings["deposit"]))["booking"]
        return found | {"deposit": found["deposits"][0]}

    async def _pay(self) -> None:
        await self._desk.pay((await self._deposit())["deposit"]["payUrl"])

    async def _give_some_back(self) -> None:
        given = {"depositId": (await self._deposit())["deposit"]["id"], "amountCents": GOODWILL_CENTS}
        await self._desk.do("pro-shop", "refundDeposit", "deposit { id }", reason="Goodwill", **given)

    async def _look_at_deposit(self) -> None:
        found = await self._deposit()
        sums = tuple(found["ledger"][name]["amountCents"] for name in ("paid", "refunded"))
        _expect((found["deposit"]["status"], *sums), ("PAID", DEPOSIT_CENTS, GOODWILL_CENTS), "the deposit")


def _expect(found: object, wanted: object, what: str) -> None:
    if found != wanted:
        raise SimulationFailed(message=f"{what} came to {found}, and not to {wanted}.")
