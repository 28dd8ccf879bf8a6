"""Letters to households: written in the transaction that they tell of, to be sent once that has been done."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.notifications.routing import send
from kit.ids import new_id
from models.deliveries import Delivery, DeliveryChannel
from models.guests.households import Letter
from models.guests.occasions import Occasion
from models.guests.values import LetterKind


def write_letters(
    session: AsyncSession,
    occasion: Occasion,
    kind: LetterKind,
    household_ids: Iterable[UUID],
    *,
    part_id: UUID | None = None,
    now: datetime,
) -> list[Letter]:
    """Write to households, each once, in their order; about one part alone, if it is named."""
    rows = [
        Letter(
            id=new_id(),
            tenant_id=occasion.tenant_id,
            occasion_id=occasion.id,
            household_id=household_id,
            part_id=part_id,
            kind=kind,
            created_at=now,
        )
        for household_id in dict.fromkeys(household_ids)
    ]
    session.add_all(rows)
    send(session, [_delivery(row, now=now) for row in rows])
    return rows


def _delivery(letter: Letter, *, now: datetime) -> Delivery:
    return Delivery(
        id=new_id(),
        tenant_id=letter.tenant_id,
        letter_id=letter.id,
        channel=DeliveryChannel.EMAIL,
        created_at=now,
        updated_at=now,
    )
