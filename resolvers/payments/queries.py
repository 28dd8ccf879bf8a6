"""Looking at deposits beside their bookings."""

from typing import Annotated
from uuid import UUID

import strawberry

from domain.payments.failed import list_failed
from kit.ids import parse_id
from models.payments import Deposit as DepositRow
from resolvers.polling import stays_until_clubs_move
from schema.connections import USUAL, After, Connection, First, Place, check_first, read_cursor
from schema.context import Info
from schema.describe import argument, field
from schema.payments.types import Deposit

FAILED = "depositsToGiveBack"


def _place_of(row: DepositRow) -> Place:
    return (row.id,)


@strawberry.type
class PaymentQueries:
    """Looking at deposits beside their bookings."""

    @field
    async def deposits_to_give_back(
        self,
        info: Info,
        *,
        club_id: Annotated[strawberry.ID, argument("Id of the club.")],
        first: First = USUAL,
        after: After = None,
    ) -> Connection[Deposit]:
        """The deposits of which a refund has failed for good that was not made good since: by refundDeposit, or by an
        entry of the ledger for what was handed out. Those asked last first. For staff.
        """
        key = parse_id("club", club_id, path=("clubId",))
        place, limit = read_cursor(FAILED, after, UUID), check_first(first) + 1
        before = place[0] if place else None
        async with info.context.read() as session:
            rows = await list_failed(session, viewer=info.context.viewer, club_id=key, before=before, limit=limit)
        stays_until_clubs_move(info, key)
        return Connection.page(rows, name=FAILED, first=first, after=after, place=_place_of, show=Deposit.of)
