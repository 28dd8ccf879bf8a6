"""What the simulated day came to: what happened, how many events, and who saw them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cli.simulate.groups import Outing
from cli.simulate.watchers import Watcher

ALERTS = ("INFO", "WARNING", "CRITICAL", "WARNING", "INFO", None)
"""How the slow group's alert goes up, and clears."""
SAID = {
    "holdSlots": "holds begun",
    "releaseHold": "holds given back",
    "bookSlots": "bookings made",
    "cancelBooking": "bookings cancelled",
    "checkIn": "check-ins",
    "undoCheckIn": "check-ins undone",
    "markNoShow": "no-shows noted",
    "teeOff": "groups teed off",
    "recordHole": "holes reported",
    "takeTeeSheetOffline": "sheets taken offline",
    "bringTeeSheetOnline": "sheets brought online",
    "delayTeeTimes": "delays for frost",
    "addBlock": "blocks",
    "removeBlock": "blocks lifted",
    "suspendPlay": "suspensions of play",
    "resumePlay": "resumptions of play",
    "joinWaitlist": "people who wait",
    "declineWaitlistOffer": "offers declined",
    "acceptWaitlistOffer": "offers accepted",
    "bookGroup": "groups over several starts",
    "setStandingBooking": "standing bookings set",
    "announceBallot": "ballots announced",
    "enterBallot": "entries in ballots",
    "askDeposit": "deposits asked",
    "refundDeposit": "deposits given back",
    "splitBooking": "parties split",
    "mergeBookings": "parties merged",
    "swapBookings": "bookings swapped",
    "restoreBooking": "bookings restored",
    "undoNoShow": "no-shows undone",
    "undoTeeOff": "tee-offs undone",
    "correctHole": "holes corrected",
    "endRound": "groups walked in",
}


@dataclass(frozen=True)
class Report:
    """The day, once it is over."""

    day: date
    seconds: float
    speed: float
    done: Counter[str]
    refused: Counter[str]
    outings: Sequence[Outing]
    slow: Outing
    watchers: Sequence[Watcher]
    events: int
    figures: dict[str, Any]

    @property
    def faults(self) -> list[str]:
        """What went wrong; nothing on a good day."""
        found = [f"{watcher.name} {fault}" for watcher in self.watchers for fault in watcher.faults]
        seen = {watcher.name: sum(watcher.types.values()) for watcher in self.watchers}
        found += [f"{name} saw {count} of {self.events} events" for name, count in seen.items() if count != self.events]
        told = tuple(level for booking, level in self.watchers[0].alerts if booking == self.slow.booking_id)
        if told != ALERTS:
            found.append(f"the slow group's alert went {told}")
        return found

    def lines(self) -> Iterator[str]:
        """Write the report."""
        yield f"A day at Larkmeadow, {self.day}: {self.seconds:,.0f} seconds, {self.speed:,.0f} times as fast as life."
        yield "\nWhat happened"
        yield from (f"  {SAID[name]:<26}{self.done[name]:>6}" for name in SAID if self.done[name])
        ended = self.done["holdSlots"] - self.done["releaseHold"] - sum(outing.holds_first for outing in self.outings)
        yield f"  {'holds that ended unused':<26}{ended:>6}"
        yield from (f"  {'refused, ' + code:<26}{count:>6}" for code, count in self.refused.items())
        players = Counter(name for outing in self.outings for name in outing.price_classes)
        yield f"  players booked: {', '.join(f'{count} {name}' for name, count in sorted(players.items()))}"
        told = " → ".join(level or "clear" for booking, level in self.watchers[0].alerts if booking)
        yield f"  pace alerts: {told or 'none'}"
        yield from self._figures()
        yield f"\n{self.events:,} events"
        yield from (f"  {name:<26}{count:>6}" for name, count in sorted(self.watchers[0].types.items()))
        yield "\nWho saw them"
        for watcher in self.watchers:
            verdict = "; ".join(watcher.faults) or "in order, none missing, none twice"
            yield f"  {watcher.name:<50}{sum(watcher.types.values()):>6}  {verdict}"
        yield from (f"\nNot as planned: {fault}." for fault in self.faults)

    def _figures(self) -> Iterator[str]:
        money = ", ".join(f"{m['amountCents'] / 100:,.2f} {m['currency']}" for m in self.figures["revenue"])
        shown = self.figures
        yield (
            f"  the day's figures: {shown['players']} players, {shown['checkedIn']} checked in, "
            f"{shown['noShows']} no-shows, {shown['utilisationPercent']} % sold, {money}"
        )
