"""How an assignment ends that nobody has declined: with its booking, with the caddie's absence, or with its day."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from domain.caddies.facts import answered
from events.log import record
from models.caddies.tables import Caddie, CaddieTurn
from models.caddies.values import AssignmentAnswer, TurnStatus


def withdraw(
    session: AsyncSession, turn: CaddieTurn, caddie: Caddie, *, with_booking: bool = False, now: datetime
) -> None:
    """End an assignment before the caddie has gone out; the place in the queue is theirs as before.

    `with_booking` notes that its booking is over, so that it can come back with that.
    """
    turn.status, turn.answer = TurnStatus.WITHDRAWN, AssignmentAnswer.WITHDRAWN
    turn.went_with_booking = with_booking
    record(session, answered(turn, caddie), now=now)
