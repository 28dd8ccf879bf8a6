"""Buddies: one player asks, the other agrees or does not, and either may end it.

Nobody learns of a player by asking: who asks must know the member number and the last name, and both must be right.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_club, player_of, refuse_unless_player
from domain.notifications.notifications import notify
from kit.errors import InvalidInput, NotAllowed, NotFound
from kit.ids import new_id, public_id
from kit.spreadsheets import plain
from kit.text import clean_name
from models.clubs.players import Buddy
from models.clubs.tables import Player
from models.notifications import NotificationKind

MOST_BUDDIES = 100
"""Buddies of one player, those who were asked included."""
UNKNOWN = "There is no such request or agreement, or it is not yours."


async def ask_buddy(
    session: AsyncSession, *, viewer: Viewer, club_id: UUID, member_number: str, last_name: str, now: datetime
) -> tuple[Player, Buddy]:
    """Ask a player to be one's buddy; where they have asked already, this agrees. Gives oneself, too.

    Raises NotFound, NotAllowed, InvalidInput.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_player(viewer, club.id)
    own = await player_of(session, viewer=viewer, club_id=club.id)
    if own is None or not own.is_active:
        raise NotAllowed(message="Only active players whom the club knows can have buddies.")
    other = await _named(session, own, member_number, last_name)
    await _refuse_too_many(session, own)
    lower, upper = sorted((own.id, other.id))
    values = {
        "id": new_id(),
        "tenant_id": own.tenant_id,
        "club_id": club.id,
        "lower_id": lower,
        "upper_id": upper,
        "asked_by_id": own.id,
        "asked_at": now,
    }
    made = insert(Buddy).values(values).on_conflict_do_nothing().returning(Buddy)
    pair: Buddy | None = await session.scalar(made)
    if pair is not None:
        await _tell(session, NotificationKind.BUDDY_ASKED, own, other.id, now=now)
        return own, pair
    pair = await _locked(session, Buddy.lower_id == lower, Buddy.upper_id == upper)
    if pair.asked_by_id == other.id:
        await _agree(session, pair, own, now=now)
    return own, pair


async def _named(session: AsyncSession, own: Player, member_number: str, last_name: str) -> Player:
    number = clean_name(member_number, path=("input", "memberNumber"), longest=40)
    name = clean_name(last_name, path=("input", "lastName"))
    rows = select(Player).where(
        Player.club_id == own.club_id, Player.member_number == number, Player.is_active, Player.id != own.id
    )
    found = await session.scalar(rows)
    if found is None or plain(found.last_name) != plain(name):
        message = "No other player has this member number and this last name; ask them how the club has noted both."
        raise InvalidInput(message=message, path=("input", "memberNumber"))
    return found


async def _refuse_too_many(session: AsyncSession, own: Player) -> None:
    count = select(func.count()).where(or_(Buddy.lower_id == own.id, Buddy.upper_id == own.id))
    if (await session.scalar(count) or 0) >= MOST_BUDDIES:
        message = f"A player has at most {MOST_BUDDIES} buddies; remove one first."
        raise InvalidInput(message=message, path=("input", "memberNumber"))


async def answer_buddy(
    session: AsyncSession, *, viewer: Viewer, buddy_id: UUID, accept: bool, now: datetime
) -> tuple[Player, Buddy | None]:
    """Agree to be somebody's buddy, or do not, which ends the request. Raises NotFound, NotAllowed."""
    own, _ = await find_buddy(session, viewer=viewer, buddy_id=buddy_id)
    pair = await _locked(session, Buddy.id == buddy_id)
    if pair.asked_by_id == own.id:
        raise NotAllowed(message="Only who was asked may answer.")
    if not accept:
        await session.execute(delete(Buddy).where(Buddy.id == pair.id))
        return own, None
    await _agree(session, pair, own, now=now)
    return own, pair


async def remove_buddy(session: AsyncSession, *, viewer: Viewer, buddy_id: UUID) -> UUID:
    """End an agreement, or take a request back; what is booked stays. Raises NotFound."""
    await find_buddy(session, viewer=viewer, buddy_id=buddy_id)
    await session.execute(delete(Buddy).where(Buddy.id == buddy_id))
    return buddy_id


async def find_buddy(session: AsyncSession, *, viewer: Viewer, buddy_id: UUID) -> tuple[Player, Buddy]:
    """Find a pair that the viewer is one of; gives the viewer's own player, too. Raises NotFound."""
    pair = await session.get(Buddy, buddy_id)
    own = await player_of(session, viewer=viewer, club_id=pair.club_id) if pair else None
    if pair is None or own is None or own.id not in {pair.lower_id, pair.upper_id}:
        raise NotFound(message=UNKNOWN)
    try:
        refuse_unless_player(viewer, (await find_club(session, viewer=viewer, club_id=pair.club_id)).id)
    except (NotFound, NotAllowed):
        raise NotFound(message=UNKNOWN) from None
    return own, pair


async def own_buddies(session: AsyncSession, *, viewer: Viewer, club_id: UUID) -> tuple[Player | None, list[Buddy]]:
    """Read the viewer's buddies at a club, and who was asked, oldest first. Raises NotFound, NotAllowed."""
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_player(viewer, club.id)
    own = await player_of(session, viewer=viewer, club_id=club.id)
    if own is None:
        return None, []
    rows = select(Buddy).where(or_(Buddy.lower_id == own.id, Buddy.upper_id == own.id)).order_by(Buddy.id)
    return own, list(await session.scalars(rows))


async def _locked(session: AsyncSession, *which: object) -> Buddy:
    rows = select(Buddy).where(*which).with_for_update().execution_options(populate_existing=True)  # type: ignore[arg-type]
    pair = await session.scalar(rows)
    if pair is None:
        raise NotFound(message=UNKNOWN)
    return pair


async def _agree(session: AsyncSession, pair: Buddy, own: Player, *, now: datetime) -> None:
    if pair.agreed_at is None:
        pair.agreed_at = now
        await _tell(session, NotificationKind.BUDDY_AGREED, own, pair.other_than(own.id), now=now)


async def _tell(session: AsyncSession, kind: NotificationKind, own: Player, other_id: UUID, *, now: datetime) -> None:
    data = {"club_id": public_id("club", own.club_id), "name": f"{own.first_name} {own.last_name}"}
    await notify(session, tenant_id=own.tenant_id, kind=kind, data=data, players=[other_id], now=now)
