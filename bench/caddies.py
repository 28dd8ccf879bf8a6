"""The scenario `caddies`: clients of three lists hear live that a caddie was marked, and then see it by polling."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Sequence

import uvloop

from bench.clients import Follower, Tally, subscribe_message
from bench.machine import Failed
from bench.marking import Account, Club, Mark, Marker, Meter, arrived, minute, quiet_minute
from bench.polling import polling
from bench.servers import Running
from bench.work import MARKED_CADDIES, Outcome, Size

STRAY_SECONDS = 1.0
"""Seconds in which something may still come that should not."""
AT_ONCE = 64
"""Sockets that are opened at the same time."""


def caddies(running: Running, size: Size) -> list[Outcome]:
    """Let clients of three lists follow what an administrator marks, then poll for it with tags and without."""
    return uvloop.run(_measure(Club(running), size))


async def _measure(club: Club, size: Size) -> list[Outcome]:
    marker = await Marker.signed_in(club)
    try:
        return [
            await _live(club, size, marker),
            await polling(club, size, marker, tagged=True),
            await polling(club, size, marker, tagged=False),
        ]
    finally:
        marker.caller.close()


async def _live(club: Club, size: Size, marker: Marker) -> Outcome:
    tally = Tally()
    subscribe = subscribe_message(MARKED_CADDIES, club.variables)
    followers = [
        Follower(tally, list_number=number, token=signed, subscribe=subscribe)
        for number, signed in club.people(size.subscribers)
    ]
    began = Meter.read(club, tally)
    try:
        await _open(followers, club.port)
        opening = began.until(Meter.read(club, tally))
        outcome = await _while_they_follow(club, size, marker, followers, tally)
    finally:
        for follower in followers:
            follower.leave()
    return {"reading": "live", "opening": opening, **outcome}


async def _while_they_follow(
    club: Club, size: Size, marker: Marker, followers: Sequence[Follower], tally: Tally
) -> Outcome:
    """Mark caddies, first to warm up; then let nothing happen."""
    await _settle(followers, await marker.marks(max(size.warmup, 2 * len(club.lists)), size.rate))
    for follower in followers:
        follower.heard.clear()
    began = Meter.read(club, tally)
    marks = await marker.marks(size.events, size.rate)
    await _settle(followers, marks)
    news, account = began.until(Meter.read(club, tally)), _judge(club, followers, marks)
    began = Meter.read(club, tally)
    await asyncio.sleep(size.quiet)
    quiet = began.until(Meter.read(club, tally))
    return {
        **account.outcome(),
        "changes": len(marks),
        "news": news,
        "quiet": quiet_minute(quiet),
        "minute": minute(quiet, news, len(marks)),
    }


async def _open(followers: Sequence[Follower], port: int) -> None:
    turn = asyncio.Semaphore(AT_ONCE)

    async def follow(follower: Follower) -> None:
        async with turn:
            await follower.follow(port)

    await asyncio.gather(*map(follow, followers))


async def _settle(followers: Sequence[Follower], marks: Sequence[Mark]) -> None:
    """Wait until everybody has as much as they should, and a little for what should not come. Raises Failed."""
    due: dict[int, int] = defaultdict(int)
    for mark in marks:
        due[mark.list_number] += 1
    await arrived(lambda: all(len(f.heard) >= due[f.list_number] for f in followers))
    await asyncio.sleep(STRAY_SECONDS)
    if trouble := next((follower.trouble for follower in followers if follower.trouble), ""):
        raise Failed(trouble)


def _judge(club: Club, followers: Sequence[Follower], marks: Sequence[Mark]) -> Account:
    account = Account()
    for follower in followers:
        due: dict[tuple[str, str], deque[Mark]] = defaultdict(deque)
        for mark in marks:
            if mark.list_number == follower.list_number:
                due[mark.caddie_id, mark.status].append(mark)
        _compare(account, follower, due, set(club.lists[follower.list_number]))
        account.lost += sum(map(len, due.values()))
    return account


def _compare(account: Account, follower: Follower, due: dict[tuple[str, str], deque[Mark]], own: set[str]) -> None:
    """Set what a client has heard against what was due, and take from that what came."""
    cursors = set()
    for at, message in follower.heard:
        event = json.loads(message)["payload"]["data"]["caddieEvents"]
        awaited = due[event["caddieId"], event["status"]]
        if event["listNumber"] != follower.list_number or event["caddieId"] not in own:
            account.foreign += 1
        elif event["cursor"] in cursors or not awaited:
            account.doubled += 1
        else:
            account.seen(awaited.popleft(), at)
        cursors.add(event["cursor"])
