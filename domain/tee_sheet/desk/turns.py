"""Groups that come by again, and starts that are put or shifted where they turn."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tee_sheet.booking.rules import BEFORE_PLAY
from domain.tee_sheet.desk.problems import TurnsInTheWay
from domain.tee_sheet.sheets.starts import CROSSOVER_TEES
from kit.ids import public_id
from models.tee_sheet.tables import Booking, TeeTime
from models.tee_sheet.values import BookingStatus

Starts = Mapping[UUID, tuple[datetime, int]]
"""Moments and tees of starts, by their ids."""
IDS = any_(bindparam("ids", type_=ARRAY(Uuid)))
TURNING = (
    select(Booking.id)
    .where(Booking.turn_tee_time_id == IDS, ~(Booking.tee_time_id == IDS))
    .where(Booking.status.in_((*BEFORE_PLAY, BookingStatus.ON_COURSE)))
    .order_by(Booking.id)
)


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


def refuse_turning(before: Starts, after: Starts, *, turn: Mapping[int, int], path: tuple[str, ...]) -> None:
    """Refuse to put starts of a crossover where groups turn that did not before. Raises TurnsInTheWay."""
    if new := where_others_turn(after, turn) - where_others_turn(before, turn):
        ids = [public_id("tee_time", key) for key in sorted(new & after.keys(), key=lambda key: after[key])]
        raise TurnsInTheWay(booking_ids=[], tee_time_ids=ids, path=path)


async def refuse_parting(session: AsyncSession, shifted: Collection[UUID], *, path: tuple[str, ...]) -> None:
    """Refuse to shift starts at which bookings turn that keep their own. Raises TurnsInTheWay."""
    found = [public_id("booking", key) for key in await session.scalars(TURNING, {"ids": list(shifted)})]
    if found:
        raise TurnsInTheWay(booking_ids=found, tee_time_ids=[], path=path)
