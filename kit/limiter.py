"""How often something may be done: so many times at once, and from then on evenly, each when its turn has come.

This is the generic cell rate algorithm of ITU-T I.371: of each one who is counted it keeps a single moment, the one at
which all that was done is paid off. It asks no clock and waits for nothing; times are in seconds.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
WRITTEN = re.compile(rf"([1-9]\d{{0,8}})/({'|'.join(UNITS)})", re.ASCII)
KEYS = 100_000
"""Those who are counted at the same time; beyond that, the ones who did least lately begin anew."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many times in a period of so many seconds."""

    count: int
    seconds: float

    @classmethod
    def parse(cls, text: str) -> "Allowance | None":
        """Read `60/minute`; an empty text is no limit. Raises ValueError that says what it has to look like."""
        if not text:
            return None
        found = WRITTEN.fullmatch(text)
        if not found:
            raise ValueError(f"must be like 60/minute, with a {', '.join(UNITS)} as its period, or empty for no limit")
        return cls(int(found[1]), UNITS[found[2]])

    def times(self, factor: int) -> "Allowance":
        """Allow so many times as much."""
        return Allowance(self.count * factor, self.seconds)

    @property
    def interval(self) -> float:
        """The seconds in which one more becomes free."""
        return self.seconds / self.count


@dataclass(slots=True)
class Spent:
    """What one was allowed and has used, in seconds of a period."""

    cost: float
    seconds: float


class Limiter:
    """Counts what is done, by who does it."""

    def __init__(self, *, keys: int = KEYS) -> None:
        """Count up to so many at the same time."""
        self._keys = keys
        self.used = asyncio.Event()
        """Set when there is something for other processes to hear, where there are others."""
        self.shares = False
        """Whether there are others."""
        self._paid_off: OrderedDict[str, float] = OrderedDict()
        self._spent: dict[str, Spent] = {}

    def __len__(self) -> int:
        return len(self._paid_off)

    def wait(self, key: str, allowance: Allowance, *, now: float) -> float:
        """Tell how long it is until it may be done once more; 0 if it may be done now."""
        ahead = self._paid_off.get(key, now) - now
        if ahead > allowance.seconds:  # the clock was set back
            ahead = allowance.seconds
            self._paid_off[key] = now + ahead
        return max(ahead + allowance.interval - allowance.seconds, 0) if ahead > 0 else 0

    def use(self, key: str, allowance: Allowance, *, now: float) -> None:
        """Count that it is done."""
        ahead = min(max(self._paid_off.get(key, now) - now, 0), allowance.seconds)
        self._note(key, now + ahead + allowance.interval, now=now)
        if self.shares:
            spent = self._spent.setdefault(key, Spent(0, allowance.seconds))
            spent.cost += allowance.interval
            self.used.set()

    def give_back(self, key: str, allowance: Allowance) -> None:
        """Count one less: what was counted beforehand turned out to be none."""
        if key in self._paid_off:
            self._paid_off[key] -= allowance.interval
        if key in self._spent:
            self._spent[key].cost -= allowance.interval

    def hand_over(self) -> Mapping[str, Spent]:
        """Give what was used since it was handed over last, for other processes to hear."""
        spent, self._spent = self._spent, {}
        self.used.clear()
        return spent

    def hear(self, key: str, ahead: float, *, now: float) -> None:
        """Take from other processes how far ahead of now one has used what is allowed."""
        self._note(key, max(self._paid_off.get(key, now), now + ahead), now=now)

    def _note(self, key: str, paid_off: float, *, now: float) -> None:
        self._paid_off[key] = paid_off
        self._paid_off.move_to_end(key)
        self._forget_oldest(now)
        self._forget_oldest(now)  # two for each that comes, so that they become fewer
        while len(self._paid_off) > self._keys:
            self._paid_off.popitem(last=False)

    def _forget_oldest(self, now: float) -> None:
        oldest = next(iter(self._paid_off), None)
        if oldest is not None and self._paid_off[oldest] <= now:
            del self._paid_off[oldest]
