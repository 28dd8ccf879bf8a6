"""The rules of caddies, as pure functions: statuses, labels, the order of a queue, the weekly draw."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.caddies.problems import CaddieStatusRefused
from models.caddies.tables import Caddie, CaddieQueue, CaddieTurn
from models.caddies.values import CaddieStatus
from models.clubs.values import Language

S = CaddieStatus
OUT = frozenset({S.LATE, S.ABSENT, S.ON_LEAVE})
FOLLOWING: dict[CaddieStatus, frozenset[CaddieStatus]] = {
    S.AVAILABLE: frozenset({S.IN_PREP, S.IN_FIELD}) | OUT,
    S.IN_PREP: frozenset({S.AVAILABLE, S.IN_FIELD}) | OUT,
    S.IN_FIELD: frozenset({S.AVAILABLE}),
    S.LATE: frozenset({S.AVAILABLE}),
    S.ABSENT: frozenset({S.AVAILABLE}),
    S.ON_LEAVE: frozenset({S.AVAILABLE}),
}
"""The statuses that may follow on each status."""
READY = frozenset({S.AVAILABLE, S.IN_PREP})
"""Who can go out."""
QUEUED = READY | {S.LATE}
"""Who has a place in the queue."""
LABELS: dict[Language, dict[CaddieStatus, str]] = {
    Language.EN: {
        S.AVAILABLE: "Available",
        S.IN_PREP: "In preparation",
        S.IN_FIELD: "In the field",
        S.LATE: "Late",
        S.ABSENT: "Absent",
        S.ON_LEAVE: "On leave",
    },
    Language.ES: {
        S.AVAILABLE: "Disponible",
        S.IN_PREP: "En preparación",
        S.IN_FIELD: "En campo",
        S.LATE: "Tarde",
        S.ABSENT: "Ausente",
        S.ON_LEAVE: "De permiso",
    },
}
"""How each status is called, by language."""


def label_of(status: CaddieStatus, language: Language) -> str:
    """Say a status in a club's language; in English where the language has no words for it."""
    return LABELS.get(language, LABELS[Language.EN])[status]


def check_transition(status: CaddieStatus, wanted: CaddieStatus) -> None:
    """Let a caddie go from one status to another. Raises CaddieStatusRefused that names the state it was in."""
    if wanted not in FOLLOWING[status]:
        can = " or ".join(sorted(FOLLOWING[status]))
        raise CaddieStatusRefused(
            message=f"The caddie is {status}, and cannot become {wanted}; only {can} can follow.",
            status=status,
            wanted=wanted,
            path=("input", "status"),
        )


def in_order(caddies: Iterable[Caddie]) -> list[Caddie]:
    """Give those who have a place, the head first: by round, and by place within it."""
    queued = [caddie for caddie in caddies if caddie.queue_place is not None]
    return sorted(queued, key=lambda caddie: (caddie.queue_round, caddie.queue_place))


def put_at_tail(caddie: Caddie, queue: Iterable[Caddie], *, after_a_turn: bool = False) -> None:
    """Place a caddie behind everybody. Who comes back from a turn has had this round, and joins the next."""
    others = [other for other in queue if other is not caddie and other.queue_place is not None]
    own = caddie.queue_round + 1 if after_a_turn else 1
    caddie.queue_round = max([own, *(other.queue_round for other in others)])
    caddie.queue_place = max((other.queue_place or 0 for other in others), default=0) + 1


def pass_over(caddie: Caddie, ready: Iterable[Caddie]) -> None:
    """Place a caddie behind all who can go out, in whatever round they are, and let them keep their place there.

    Whoever comes back from a turn meanwhile goes behind them: the round that they have missed is all that they lose.
    """
    caddie.queue_round = max([caddie.queue_round, *(other.queue_round for other in ready)]) + 1


def put_back(caddie: Caddie, queue: Iterable[Caddie], *, queue_round: int, place: int) -> None:
    """Give a caddie the place that they had; whoever has it by now moves on by one, and whom that meets as well."""
    standing = {(one.queue_round, one.queue_place): one for one in queue if one is not caddie}
    caddie.queue_round, caddie.queue_place = queue_round, place
    while pushed := standing.get((queue_round, place)):
        place += 1
        pushed.queue_place = place


def noted(caddie: Caddie, queue: CaddieQueue, turn: CaddieTurn | None = None) -> dict[str, Any]:
    """Note how things are before an act of a turn: the day, the caddie's status and place, and the turn's answer."""
    return {
        "day": queue.day.isoformat(),
        "status": caddie.status,
        "round": caddie.queue_round,
        "place": caddie.queue_place,
        "answer": turn.answer if turn else None,
        "earlier": turn.before if turn else None,
    }


def where_left(caddie: Caddie) -> dict[str, Any]:
    """Note where an act has left a caddie."""
    return {"left": [caddie.queue_round, caddie.queue_place]}


def new_day_order(ended: Sequence[Caddie], drawn: Sequence[str], ids: dict[Caddie, str]) -> list[Caddie]:
    """Give the order in which a day begins: the week's draw, then who is not in it; else as the day before ended.

    `ended` is the queue as the day before left it, `drawn` the public ids in the order of the draw, `ids` gives the
    public id of each caddie.
    """
    rank = {caddie_id: number for number, caddie_id in enumerate(drawn)}
    return sorted(ended, key=lambda caddie: rank.get(ids[caddie], len(rank)))


def draw_key(seed: str, caddie_id: str) -> str:
    """Give what a caddie is sorted by in a draw: the SHA-256, in hexadecimal, of `seed:caddieId` in UTF-8."""
    return hashlib.sha256(f"{seed}:{caddie_id}".encode()).hexdigest()


def draw_order(caddie_ids: Iterable[str], *, skipped: Collection[str], seed: str) -> list[str]:
    """Draw the order of a week from a seed.

    Those who were skipped in the week before go first. Within both groups, the order is that of `draw_key`. Nobody
    can foresee or choose a key without the seed, and everybody can work the order out again with it.
    """
    return sorted(caddie_ids, key=lambda caddie_id: (caddie_id not in skipped, draw_key(seed, caddie_id)))


def monday_of(day: date) -> date:
    """Give the Monday on which the week of a day begins."""
    return day - timedelta(days=day.weekday())


def day_at(now: datetime, zone: str) -> date:
    """Give the date on a club's calendar."""
    return now.astimezone(ZoneInfo(zone)).date()


def end_of_day(day: date, zone: str) -> datetime:
    """Give the instant, in UTC, at which a day of a club's calendar ends."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
