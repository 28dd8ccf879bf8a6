"""The scenario `changes`: places are held, booked and cancelled, players checked in, caddies marked."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from bench.alone import CLIENTS
from bench.driver import CLUBS
from bench.generator import Answered, Followers, ask_all, following, together
from bench.ground import Ground, ids_of
from bench.machine import Failed
from bench.servers import Running
from bench.sql import run_sql
from bench.work import Outcome, Size

PREPARING = 16
"""Clients that prepare what is measured, and tidy up after it."""
WARMUP = 40
MORE_THAN_THERE_ARE = """SELECT count(*) FROM (
    SELECT b.tee_time_id FROM {players} p JOIN {bookings} b ON b.id = p.booking_id
    WHERE b.status <> 'CANCELLED' GROUP BY b.tee_time_id HAVING count(*) > 4
) oversold"""
TABLES = {"fairway": ("public.booking_players", "public.bookings"), "apollo-pg": ("peers.players", "peers.bookings")}


def changes(running: Running, size: Size) -> list[Outcome]:
    """Change one club and then ten, with nobody watching or with as many subscribers as are asked for."""
    outcomes = []
    for clubs in CLUBS:
        ground = Ground(running, clubs)
        _play(running, ground, WARMUP, PREPARING)
        _mark(running, ground, WARMUP, PREPARING)
        for what, measure in (("sheet", _play), ("caddies", _mark)):
            outcomes += list(_watched(running, ground, size, what, measure))
    if oversold := count_oversold(running):
        raise Failed(f"{oversold} starts are oversold")
    return outcomes


Measure = Callable[[Running, Ground, int, int], dict[str, Outcome]]


def _watched(running: Running, ground: Ground, size: Size, what: str, measure: Measure) -> Iterator[Outcome]:
    """Measure at each number of clients; meanwhile everybody who watches has to hear the same."""
    clubs, n = len(ground.clubs), size.subscribers
    rows = []
    with ExitStack() as resources:
        watching = None
        if n:
            sockets = following(running, ground.inits(n), ground.payloads(what), n, timeout=size.timeout)
            watching = resources.enter_context(sockets)
        for clients in CLIENTS:
            for kind, outcome in measure(running, ground, size.changes, clients).items():
                about = {"kind": kind, "clients": clients, "clubs": clubs}
                rows.append({**outcome, **about, "reading": f"{kind}, {clients} clients, {clubs} clubs"})
        trouble = unequally_heard(watching, clubs) if watching else ""
    for row in rows:
        yield {**row, "trouble": trouble}


def _play(running: Running, ground: Ground, count: int, clients: int) -> dict[str, Outcome]:
    """Hold places, and give them back; book some, check them in, take that back, and cancel them."""

    def measured(requests: Sequence[str], kind: str) -> tuple[Outcome, list[str]]:
        outcome, answers = ask_all(running, requests, connections=clients)
        return outcome, ids_of(answers, kind)

    def prepared(requests: Sequence[str], kind: str) -> None:
        ids_of(ask_all(running, requests, connections=PREPARING)[1], kind)

    holding, holds = measured(ground.holds(count), "hold")
    prepared(ground.releases(holds), "hold")
    booking, bookings = measured(ground.bookings(count), "booking")
    arriving, _ = measured(ground.check_ins(bookings), "booking")
    prepared(ground.undone_check_ins(bookings), "booking")
    cancelling, _ = measured(ground.cancellations(bookings), "booking")
    return {"hold": holding, "book": booking, "check in": arriving, "cancel": cancelling}


def _mark(running: Running, ground: Ground, count: int, clients: int) -> dict[str, Outcome]:
    """Mark caddies as prepared, and as back."""
    parts = []
    for requests in ground.marks(count):
        parts.append(ask_all(running, requests, connections=clients))
        ids_of(parts[-1][1], "caddie")
    return {"mark a caddie": together(parts)}


def unequally_heard(followers: Followers, clubs: int) -> str:
    """Say whether some of a club's followers heard more or less than others; nothing when all is well."""
    ended = followers.end()
    if ended["lost_sockets"] or ended["refused"]:
        return f"{ended['lost_sockets']} sockets were lost, {ended['refused']} refused: {ended['trouble']}"
    for club in range(clubs):
        heard = Counter(ended["heard"][club::clubs])
        if len(heard) > 1 or not max(heard):
            return f"followers of one club heard {', '.join(f'{n} times {times}' for times, n in heard.items())} events"
    return ""


def refusals(answers: Sequence[Answered]) -> Counter[str]:
    """Count the answers by the code of their refusal; what was done is under an empty one."""
    payloads = (answer.payload() for answer in answers)
    return Counter(payload["problems"][0]["code"] if payload["problems"] else "" for payload in payloads)


def count_oversold(running: Running) -> int:
    """Count the starts on which more players are than there are places, by looking into the database."""
    players, bookings = TABLES[running.server.name]
    count: int = run_sql(running.services, (MORE_THAN_THERE_ARE.format(players=players, bookings=bookings),))[0][0]
    return count
