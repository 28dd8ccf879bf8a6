"""What no day is planned with: frost, a broken sprinkler, a thunderstorm, and a group that gives its places up."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from cli.simulate.agenda import Agenda
from cli.simulate.club import FIRST_START, PUBLIC, SimulatedClub, TeeTime, local, name_of
from cli.simulate.desk import Desk
from cli.simulate.groups import BOOKING, GroupLife, Outing
from cli.simulate.storm import Storm

FROST = timedelta(minutes=10)
"""By how much the starts are delayed in the morning."""
WAITING = PUBLIC[-3:]
"""Who waits: the first declines, the second does not answer, the third accepts."""
OFFERED = """query($courseId: ID!, $date: Date!) {
  waitlist(courseId: $courseId, date: $date) { entries { offer { id } } }
}"""


def delayed(club: SimulatedClub) -> SimulatedClub:
    """Give the club with the starts that it has after the frost: the day is planned by these."""
    return replace(club, tee_times=[TeeTime(t.id, t.starts_at + FROST) for t in club.tee_times])


class Incidents:
    """Puts what happens to the club on the agenda."""

    def __init__(self, desk: Desk, agenda: Agenda, club: SimulatedClub) -> None:
        self._desk = desk
        self._agenda = agenda
        self._club = club

    def delay(self) -> None:
        """Delay all starts while there is frost, before the first group tees off."""
        given = self._club.sheet | {"firstStart": FIRST_START.isoformat()}
        minutes = FROST // timedelta(minutes=1)
        act = partial(self._desk.do, "pro-shop", "delayTeeTimes", "teeSheet { id }", minutes=minutes, **given)
        self._agenda.at(self._club.tee_times[0].starts_at - timedelta(minutes=40), act)

    def block(self, tee_time: TeeTime) -> None:
        """Block a free start for a while; somebody who wants to book it is refused."""
        start = {"firstStart": local(tee_time), "lastStart": local(tee_time)}
        given = self._club.sheet | start | {"kind": "MAINTENANCE", "reason": "A sprinkler is broken"}

        async def block() -> None:
            block = await self._desk.do("pro-shop", "addBlock", "block { id }", **given)
            lift = partial(self._desk.do, "pro-shop", "removeBlock", "block { id }", blockId=block["id"])
            self._agenda.at(tee_time.starts_at - timedelta(minutes=20), lift)

        want = {"teeTimeId": tee_time.id, "places": 1, "payer": name_of(0)}
        refusal = partial(
            self._desk.be_refused, PUBLIC[0], "bookSlots", "booking { id }", code="SLOTS_UNAVAILABLE", **want
        )
        self._agenda.at(tee_time.starts_at - timedelta(minutes=50), block)
        self._agenda.at(tee_time.starts_at - timedelta(minutes=40), refusal)

    def suspend(self, storm: Storm) -> None:
        """Suspend play on the course, and resume it."""
        for moment, operation in ((storm.begins, "suspendPlay"), (storm.ends, "resumePlay")):
            act = partial(self._desk.do, "pro-shop", operation, "course { id }", courseId=self._club.course)
            self._agenda.at(moment, act)

    def wait_for(self, cancelled: Outing, storm: Storm) -> Outing:
        """Let three people wait for the start of a group that cancels; gives the group of who gets it at last."""
        start = cancelled.tee_time
        gone = start.starts_at - timedelta(minutes=70)
        outing = replace(cancelled, number=1000, booker=WAITING[-1], places=4, cancels=False)
        outing = replace(outing, is_checked_in_twice=False, missing=(), late=[0] * outing.holes, price_classes=[])
        for number, who in enumerate(WAITING):
            window = {"earliest": local(start), "latest": local(start), "partySize": 4}
            given = self._club.sheet | window | name_of(number + 10)
            act = partial(self._desk.do, who, "joinWaitlist", "waitlistEntry { id }", **given)
            self._agenda.at(gone - timedelta(minutes=20 - number), act)

        async def decline() -> None:
            offer = await self._offer_to(WAITING[0])
            await self._desk.do(WAITING[0], "declineWaitlistOffer", "waitlistOffer { id }", offerId=offer)

        async def accept() -> None:
            offer = await self._offer_to(WAITING[-1])
            booking = await self._desk.do(outing.booker, "acceptWaitlistOffer", BOOKING, offerId=offer)
            outing.take(booking)
            GroupLife(self._desk, self._agenda, outing, storm).come()

        self._agenda.at(gone + timedelta(minutes=3), decline)
        self._agenda.at(gone + timedelta(minutes=25), accept)
        return outing

    async def _offer_to(self, who: str) -> str:
        [entry] = (await self._desk.ask(who, OFFERED, **self._club.sheet))["waitlist"]["entries"]
        return str(entry["offer"]["id"])
