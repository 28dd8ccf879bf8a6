"""What the scenario `caddies` needs: a club with lists, an administrator who marks caddies, and accounts of it."""

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from time import perf_counter

from auth.viewer import Role
from bench.clients import Answer, Caller, Tally, http_request
from bench.fairway import token
from bench.generator import spread
from bench.machine import Failed, cpu_seconds
from bench.servers import Running
from bench.work import MARK_CADDIE, POLLED_CADDIES, Outcome, caddie_lists

ARRIVAL_SECONDS = 10.0
"""Seconds after which what has not come is lost."""


class Club:
    """The club with its lists, and the server that is measured."""

    def __init__(self, running: Running) -> None:
        self.pid, self.port = running.pid, running.port
        self.seeded = running.services.database
        self.lists = caddie_lists(self.seeded.ids)
        """The caddies' ids, by the number of the list."""
        self.variables = {"c": self.seeded.ids["club"]}

    def people(self, count: int) -> Iterable[tuple[int, str]]:
        """Give so many clients, spread over the lists: the number of the list, and a token that names it alone."""
        numbers = list(self.lists)
        for n in range(count):
            number = numbers[n % len(numbers)]
            yield number, token(self.seeded, Role.CADDIE, n, caddie_lists=[number])


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A change of a caddie's status, and when it was asked for and answered."""

    list_number: int
    caddie_id: str
    status: str
    answer: Answer


class Marker:
    """An administrator who marks one caddie after the other, list after list: prepared and back, in the field and back.

    Most go out of turn, and so for a reason.
    """

    def __init__(self, club: Club) -> None:
        self.caller = Caller(club.port, Tally())
        self._club = club
        self._statuses: dict[str, str] = {}
        self._steps = 0
        self._headers = {
            "Authorization": f"Bearer {token(club.seeded, Role.ADMIN, 0)}",
            "Content-Type": "application/json",
        }

    @classmethod
    async def signed_in(cls, club: Club) -> "Marker":
        """Begin with the statuses that the caddies have."""
        marker = cls(club)
        answer = await marker._ask(POLLED_CADDIES, club.variables)
        marker._statuses = statuses_in(answer)
        if sorted(marker._statuses) != sorted(caddie for ids in club.lists.values() for caddie in ids):
            raise Failed("the club's caddies are not those that it began with")
        return marker

    async def mark(self) -> Mark:
        """Mark the next caddie. Raises Failed when that is refused."""
        number, ids = list(self._club.lists.items())[self._steps % len(self._club.lists)]
        pair, self._steps = self._steps // len(self._club.lists) // 2, self._steps + 1
        caddie = ids[pair % len(ids)]
        away = ("IN_PREP", "IN_FIELD")[pair % 2]
        status = away if self._statuses[caddie] == "AVAILABLE" else "AVAILABLE"
        reason = {"reason": "Asked for by a member"} if status == "IN_FIELD" else {}
        answer = await self._ask(MARK_CADDIE, {"input": {"caddieId": caddie, "status": status, **reason}})
        if answer.json()["data"]["setCaddieStatus"]["problems"]:
            raise Failed(f"a caddie could not be marked: {answer.body[:300]!r}")
        self._statuses[caddie] = status
        return Mark(list_number=number, caddie_id=caddie, status=status, answer=answer)

    async def marks(self, count: int, rate: float) -> list[Mark]:
        """Mark so many, so many a second."""
        start, done = perf_counter(), []
        for n in range(count):
            await asyncio.sleep(start + n / rate - perf_counter())
            done.append(await self.mark())
        return done

    async def _ask(self, query: str, variables: object) -> Answer:
        body = json.dumps({"query": query, "variables": variables}).encode()
        answer = await self.caller.ask(http_request("POST", "/graphql", self._headers, body))
        if answer.status != 200 or "errors" in answer.json():
            raise Failed(f"the administrator got {answer.status}: {answer.body[:300]!r}")
        return answer


@dataclass
class Account:
    """What became of the changes: how late each was seen, and what went wrong."""

    delays: list[float] = field(default_factory=list)
    """Seconds from the mutation's answer to the client."""
    whole: list[float] = field(default_factory=list)
    """Seconds from sending the mutation to the client."""
    lost: int = 0
    doubled: int = 0
    foreign: int = 0

    def seen(self, mark: Mark, at: float) -> None:
        """Note that a client has seen a change."""
        self.delays.append(at - mark.answer.at)
        self.whole.append(at - mark.answer.asked_at)

    def outcome(self) -> Outcome:
        """Give the figures, times in milliseconds."""
        faults = {"lost": self.lost, "doubled": self.doubled, "foreign": self.foreign}
        said = ", ".join(f"{count} {name}" for name, count in faults.items() if count)
        return {
            "delay_ms": _milliseconds(self.delays),
            "whole_ms": _milliseconds(self.whole),
            **faults,
            "trouble": said,
        }


@dataclass(frozen=True)
class Meter:
    """What was used up to a moment: time, the server's CPU, and what went over the connections."""

    at: float
    cpu: float
    tally: Tally

    @classmethod
    def read(cls, club: Club, tally: Tally) -> "Meter":
        """Read it now."""
        return cls(perf_counter(), cpu_seconds(club.pid), replace(tally))

    def until(self, later: "Meter") -> Outcome:
        """Give what was used between two moments."""
        before = asdict(self.tally)
        used = {name: value - before[name] for name, value in asdict(later.tally).items()}
        return {"seconds": later.at - self.at, "cpu_s": later.cpu - self.cpu, **used}


def minute(quiet: Outcome, news: Outcome, changes: int) -> Outcome:
    """Put a minute with one change together: its share of a time with changes, and for the rest of it silence."""
    rest = (60 - news["seconds"] / changes) / quiet["seconds"]
    return _with_kilobytes({name: news[name] / changes + quiet[name] * rest for name in quiet})


def quiet_minute(quiet: Outcome) -> Outcome:
    """Scale a time in which nothing happened to a minute."""
    return _with_kilobytes({name: value * 60 / quiet["seconds"] for name, value in quiet.items()})


def _with_kilobytes(minute: Outcome) -> Outcome:
    sent, received = minute["sent"] / 1000, minute["received"] / 1000
    return {**minute, "kb_from_clients": sent, "kb_to_clients": received, "kb": sent + received}


def statuses_in(answer: Answer) -> dict[str, str]:
    """Read each caddie's status from an answer."""
    return {caddie["id"]: caddie["status"] for caddie in answer.json()["data"]["caddies"]["caddies"]}


async def arrived(is_all: Callable[[], bool]) -> None:
    """Wait until all has come, or until what has not come is lost."""
    with suppress(TimeoutError):
        async with asyncio.timeout(ARRIVAL_SECONDS):
            while not is_all():  # noqa: ASYNC110 - an event for each message would burden what is measured
                await asyncio.sleep(0.05)


def _milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    return spread([1000 * value for value in seconds])
