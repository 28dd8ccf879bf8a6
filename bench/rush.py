"""The scenario `rush`: a day opens at a moment, and far more people want its starts than there are places."""

import json
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from auth.viewer import Role
from bench.changes import count_oversold, refusals, unequally_heard
from bench.fairway import token
from bench.generator import Answered, ask_all, following, request, spread
from bench.machine import Failed
from bench.opening import Day, open_day
from bench.probing import Probe
from bench.servers import Running
from bench.work import BOOK, FOLLOW_SHEET, Outcome, Size

READY_SECONDS = 25.0
"""Seconds that it takes to get ready, at the most: the day opens at the first whole minute after them."""
QUIET_SECONDS = 3.0
"""Seconds before the opening in which others are watched, so that there is something to compare."""
PLACES = 2
"""Places that each wants, of the four of a start."""
PEOPLE_A_START = 5
EARLY = 20
"""People who ask before the day is open."""
SCREENS_FROM = 100_000
"""The number of the first who only watches."""
SOLD, FULL, CLOSED = "", "SLOTS_UNAVAILABLE", "BOOKING_WINDOW_CLOSED"


def rush(running: Running, size: Size) -> list[Outcome]:
    """Let everybody ask at once when the day opens, while others watch, and one asks for something else."""
    starts = max(1, size.people // PEOPLE_A_START)
    opens_at = _next_minute(datetime.now(UTC) + timedelta(seconds=READY_SECONDS))
    opens_ns = time.monotonic_ns() + round((opens_at.timestamp() - time.time()) * 1e9)
    day = open_day(running, opens_at, starts)
    signed = [_player(running, day, n) for n in range(SCREENS_FROM, SCREENS_FROM + size.subscribers)]
    inits = [json.dumps({"Authorization": f"Bearer {one}"}) for one in signed]
    follow = json.dumps({"query": FOLLOW_SHEET, "variables": {"course": day.course, "day": day.date}})
    probe = Probe(running)
    with following(running, inits, [follow], size.subscribers, timeout=size.timeout) as screens, probe.asking():
        _, early = ask_all(running, _wishes(running, day, EARLY), connections=EARLY)
        if (left := (opens_ns - time.monotonic_ns()) / 1e9) < QUIET_SECONDS:
            raise Failed(f"the day opened in {left:.1f} s when everything was ready: a slow machine")
        outcome, answers = ask_all(running, _wishes(running, day, size.people), connections=size.people, at_ns=opens_ns)
        answered_ns = time.monotonic_ns()
        heard = screens.end()
    wrong = [*_wrong(answers, early, starts), unequally_heard(screens, 1) if size.subscribers else ""]
    codes = refusals(answers)
    return [
        {
            **outcome,
            "reading": f"{size.people:,} people, {starts} starts",
            "last_answer_ms": max(answer.answered_ms for answer in answers),
            "sold_ms": spread([answer.answered_ms for answer, code in _coded(answers) if code == SOLD]),
            "refused_ms": spread([answer.answered_ms for answer, code in _coded(answers) if code]),
            "last_screen_ms": (heard["last_ns"] - opens_ns) / 1e6 if size.subscribers else None,
            "events_each": max(heard["heard"], default=0),
            "sold": codes[SOLD],
            "refused": codes[FULL],
            "early": len(early),
            "oversold": count_oversold(running),
            "others_before_ms": probe.between(opens_ns - int(QUIET_SECONDS * 1e9), opens_ns),
            "others_meanwhile_ms": probe.between(opens_ns, max(answered_ns, heard["last_ns"])),
            "trouble": "; ".join(filter(None, wrong)),
        }
    ]


def _next_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _player(running: Running, day: Day, number: int) -> str:
    return token(running.services.database, Role.PLAYER, number, clubs=[day.club])


def _wishes(running: Running, day: Day, people: int) -> list[str]:
    """Let each of so many people want two places, start after start."""
    players = [{"firstName": "Player", "lastName": name} for name in ("One", "Two")]
    return [
        request(
            _player(running, day, n), BOOK, input={"teeTimeId": day.starts[n % len(day.starts)], "players": players}
        )
        for n in range(people)
    ]


def _coded(answers: Sequence[Answered]) -> list[tuple[Answered, str]]:
    problems = [answer.payload()["problems"] for answer in answers]
    return [(answer, found[0]["code"] if found else SOLD) for answer, found in zip(answers, problems, strict=True)]


def _wrong(answers: Sequence[Answered], early: Sequence[Answered], starts: int) -> list[str]:
    """Say what was decided wrongly: each start is sold to two, nobody before it opens, and all others are told why."""
    found = []
    if (codes := refusals(early)) != Counter({CLOSED: len(early)}):
        found.append(f"before the opening, answers were {dict(codes)}")
    codes = refusals(answers)
    if extra := {code: count for code, count in codes.items() if code not in (SOLD, FULL)}:
        found.append(f"refusals were {extra}")
    wanted = Counter(number % starts for number in range(len(answers)))
    sold = Counter(number % starts for number, (_, code) in enumerate(_coded(answers)) if code == SOLD)
    if uneven := [start for start, people in wanted.items() if sold[start] != min(people, 4 // PLACES)]:
        found.append(f"{len(uneven)} starts were sold to too many or too few, as number {uneven[0]}: {sold[uneven[0]]}")
    return found
