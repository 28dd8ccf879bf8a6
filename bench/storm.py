"""The scenario `storm`: all sockets are gone at once, and come back at once with events missed; after a restart too."""

import json
import os
import signal
import time
from collections.abc import Sequence
from itertools import cycle, islice

import psutil

from auth.viewer import Role
from bench.fairway import token
from bench.generator import ask_all, done, following, request
from bench.machine import Failed, cpu_seconds
from bench.probing import Probe
from bench.servers import Running, serving, wait_for_rest
from bench.work import FOLLOW_CLUB, UPDATE_CLUB, Outcome, Size

MISSED = 500
"""Events that happen while everybody is away."""
CHANGING = 8
"""Clients that make them."""
QUIET_SECONDS = 2.0
STOP_SECONDS = 60.0


def storm(running: Running, size: Size) -> list[Outcome]:
    """Let everybody be gone and come back, twice: to the server that is there, and to one that has just started."""
    names = cycle(f"Links {n}" for n in range(1_000))
    cursor = _rename(running, [next(names)])
    inits = running.client.sign_in(size.subscribers, ("STAFF",))
    with following(running, inits, [_payload(running, cursor)], size.subscribers, timeout=size.timeout):
        before = cpu_seconds(running.pid)
    wait_for_rest(running.pid)
    gone = {"gone_cpu_s": cpu_seconds(running.pid) - before}
    _rename(running, list(islice(names, MISSED)))
    outcomes = [{**_come_back(running, inits, cursor, size), **gone, "reading": "the server is still there"}]
    cursor = _rename(running, [next(names)])
    _rename(running, list(islice(names, MISSED)))
    _stop(running)
    with serving(running.server, running.services) as again:
        outcomes.append({**_come_back(again, inits, cursor, size), "reading": "the server has just started"})
    return outcomes


def _come_back(running: Running, inits: Sequence[str], cursor: str, size: Size) -> Outcome:
    """Let all come back at once after what they had; each is there once it has heard all that it missed."""
    n, probe = size.subscribers, Probe(running)
    with probe.asking():
        time.sleep(QUIET_SECONDS)
        began = time.monotonic_ns()
        with following(
            running, inits, [_payload(running, cursor)], n, at_once=n, expect=MISSED, timeout=size.timeout
        ) as followers:
            ended = followers.end()
        over = max(ended["last_ns"], began)
    heard = ended["heard"]
    lost, doubled = (sum(max(0, sign * (MISSED - count)) for count in heard) for sign in (1, -1))
    said = f"{ended['lost_sockets']} sockets lost: {ended['trouble']}" if ended["lost_sockets"] else ended["trouble"]
    return {
        "missed": MISSED,
        "complete_ms": ended["complete_ms"],
        "connect_s": followers.opened["connect_s"],
        "cpu_s": ended["cpu_s"],
        "lost": lost,
        "doubled": doubled,
        "others_before_ms": probe.between(began - int(QUIET_SECONDS * 1e9), began),
        "others_meanwhile_ms": probe.between(began, over),
        "trouble": said,
    }


def _payload(running: Running, cursor: str) -> str:
    variables = {"club": running.services.database.ids["club"], "after": cursor}
    return json.dumps({"query": FOLLOW_CLUB, "variables": variables})


def _rename(running: Running, names: Sequence[str]) -> str:
    """Rename the club again and again; gives the cursor of the last to be answered."""
    seeded = running.services.database
    admin, club = token(seeded, Role.ADMIN, 0), seeded.ids["club"]
    asked = [request(admin, UPDATE_CLUB, input={"clubId": club, "name": name}) for name in names]
    _, answers = ask_all(running, asked, connections=min(CHANGING, len(asked)))
    cursors = [payload["cursor"] for payload in done(answers)]
    if not all(cursors):
        raise Failed("a change changed nothing")
    return str(cursors[-1])


def _stop(running: Running) -> None:
    """Stop the server, as its operator would. Raises Failed when it does not end."""
    process = psutil.Process(running.pid)
    os.kill(running.pid, signal.SIGTERM)
    end = time.monotonic() + STOP_SECONDS
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > end:
            raise Failed("the server did not stop")
        time.sleep(0.05)
