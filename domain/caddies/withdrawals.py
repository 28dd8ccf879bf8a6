"""How an assignment ends that nobody has declined: with its booking, with the caddie's absence, or with its day."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from domain.caddies.facts import answered
from events.log import record
from models.caddies.tables import Caddie, CaddieTurn
from models.caddies.values import AssignmentAnswer, TurnStatus


def withdraw(session: AsyncSession, turn: CaddieTurn, caddie: Caddie, *, now: datetime) -> None:
    """End an assignment before the caddie has gone out; the place in the queue is theirs as before."""
    turn.status, turn.answer = TurnStatus.WITHDRAWN, AssignmentAnswer.WITHDRAWN
    record(session, answered(turn, caddie), now=now)
