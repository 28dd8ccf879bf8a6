"""Clients that poll: how much that asks for, and how late they see what has changed."""

import asyncio
import json
from collections.abc import Coroutine, Sequence
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from bench.clients import Caller, Tally, http_request
from bench.machine import Failed
from bench.marking import Account, Club, Mark, Marker, Meter, arrived, minute, quiet_minute, statuses_in
from bench.work import POLLED_CADDIES, Outcome, Size

POLL_SECONDS = 5.0


class Poller:
    """A client that asks for its list again and again, and compares what it gets with what it had."""

    def __init__(self, caller: Caller, *, list_number: int, token: str, club: Club, tagged: bool) -> None:
        self.caller = caller
        self.list_number = list_number
        self.noticed: dict[tuple[str, str], float] = {}
        """When it first had a caddie's new status."""
        self.foreign = 0
        self._own = set(club.lists[list_number])
        self._statuses: dict[str, str] = {}
        self._tag = ""
        self._tagged = tagged
        given = {"query": POLLED_CADDIES, "variables": json.dumps(club.variables, separators=(",", ":"))}
        self._target = f"/graphql?{urlencode(given)}"
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "GraphQL-Require-Preflight": "1",
        }

    async def poll(self, first: float) -> None:
        """Ask every five seconds from a time on, until cancelled. Raises Failed."""
        due = first
        while True:
            await asyncio.sleep(due - perf_counter())
            try:
                await self._ask()
            except (OSError, TimeoutError) as error:
                raise Failed(f"a client that polls was not answered: {error!r}") from error
            due += POLL_SECONDS

    async def _ask(self) -> None:
        held = {"If-None-Match": self._tag} if self._tag else {}
        answer = await self.caller.ask(http_request("GET", self._target, {**self._headers, **held}))
        if answer.status == 304:
            self.caller.tally.unchanged += 1
            return
        if answer.status != 200 or "errors" in answer.json():
            raise Failed(f"a client that polls got {answer.status}: {answer.body[:300]!r}")
        self._tag = answer.tag if self._tagged else ""
        self._read(statuses_in(answer), answer.at)

    def _read(self, statuses: dict[str, str], at: float) -> None:
        self.foreign += len(statuses.keys() - self._own)
        for caddie, status in statuses.items() if self._statuses else ():
            if self._statuses.get(caddie) != status:
                self.noticed.setdefault((caddie, status), at)
        self._statuses = statuses


async def polling(club: Club, size: Size, marker: Marker, *, tagged: bool) -> Outcome:
    """Let clients poll, spread over the time from one poll to the next, and see a change."""
    tally = Tally()
    pollers = [
        Poller(Caller(club.port, tally), list_number=number, token=signed, club=club, tagged=tagged)
        for number, signed in club.people(size.subscribers)
    ]
    start = perf_counter() + 0.2
    tasks = [
        asyncio.create_task(poller.poll(start + POLL_SECONDS * n / len(pollers))) for n, poller in enumerate(pollers)
    ]
    try:
        outcome = await _among(tasks, _while_they_poll(club, size, marker, pollers, tally))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for poller in pollers:
            poller.caller.close()
    return {"reading": "polling, ETag" if tagged else "polling, no ETag", **outcome}


async def _among(others: Sequence[asyncio.Task[None]], work: Coroutine[Any, Any, Outcome]) -> Outcome:
    """Do the work while others do theirs without end. Raises what they raise."""
    task = asyncio.create_task(work)
    ended, _ = await asyncio.wait([task, *others], return_when=asyncio.FIRST_COMPLETED)
    if not task.done():
        task.cancel()
        ended.pop().result()
    return await task


async def _while_they_poll(club: Club, size: Size, marker: Marker, pollers: Sequence[Poller], tally: Tally) -> Outcome:
    """Let everybody ask for some time in which nothing happens, then mark one caddie."""
    await asyncio.sleep(2 * POLL_SECONDS)  # the first answers are new to everybody
    began = Meter.read(club, tally)
    await asyncio.sleep(max(size.quiet - POLL_SECONDS, POLL_SECONDS))
    changed = Meter.read(club, tally)
    mark = await marker.mark()
    await asyncio.sleep(changed.at + POLL_SECONDS - perf_counter())
    quiet, news = began.until(changed), changed.until(Meter.read(club, tally))
    account = await _noticed(pollers, mark)
    return {
        **account.outcome(),
        "changes": 1,
        "news": news,
        "quiet": quiet_minute(quiet),
        "minute": minute(quiet, news, 1),
    }


async def _noticed(pollers: Sequence[Poller], mark: Mark) -> Account:
    """Wait until everybody of the list has seen a change, and give the account of it."""
    account, what = Account(), (mark.caddie_id, mark.status)
    concerned = [poller for poller in pollers if poller.list_number == mark.list_number]
    await arrived(lambda: all(what in poller.noticed for poller in concerned))
    for poller in concerned:
        if what in poller.noticed:
            account.seen(mark, poller.noticed[what])
    account.lost = len(concerned) - len(account.delays)
    account.foreign = sum(poller.foreign for poller in pollers)
    return account
