"""Starts that are put or shifted where groups turn that started from the other tee."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from domain.tee_sheet.sheets.problems import TurnsInTheWay
from domain.tee_sheet.sheets.starts import CROSSOVER_TEES
from kit.ids import public_id
from models.tee_sheet.tables import TeeTime

Starts = Mapping[UUID, tuple[datetime, int]]
"""Moments and tees of starts, by their ids."""


def starts_of(tee_times: Iterable[TeeTime]) -> dict[UUID, tuple[datetime, int]]:
    """Give the moments and tees of tee times."""
    return {row.id: (row.starts_at, row.tee) for row in tee_times}


def where_others_turn(starts: Starts, turn: Mapping[int, int]) -> set[UUID]:
    """Give the starts of a crossover at which groups from the other tee turn.

    `turn` gives the minutes of their first nine holes, by the tee that they start from. Groups of a tee turn from when
    its first one does until its last one has. There are none where not all start from tees 1 and 10.
    """
    if {tee for _, tee in starts.values()} != set(CROSSOVER_TEES):
        return set()
    spans = {}
    for tee in CROSSOVER_TEES:
        moments = [at + timedelta(minutes=turn[tee]) for at, other in starts.values() if other == tee]
        spans[sum(CROSSOVER_TEES) - tee] = (min(moments), max(moments))
    return {key for key, (at, tee) in starts.items() if spans[tee][0] <= at <= spans[tee][1]}


def refuse_turning(
    before: Starts, after: Starts, *, put: Collection[UUID], turn: Mapping[int, int], path: tuple[str, ...]
) -> None:
    """Refuse to put starts where groups from the other tee turn that did not before. Raises TurnsInTheWay."""
    if new := (where_others_turn(after, turn) - where_others_turn(before, turn)) & set(put):
        ids = [public_id("tee_time", key) for key in sorted(new & before.keys(), key=lambda key: after[key])]
        raise TurnsInTheWay(booking_ids=[], tee_time_ids=ids, path=path)
