"""What a party asks for by an entry of a ballot: who plays, and which starts it would like to have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import price_class_of
from domain.tee_sheet.ballots.problems import AlreadyInBallot
from domain.tee_sheet.ballots.reading import starts_of
from domain.tee_sheet.ballots.rules import check_choices
from domain.tee_sheet.booking.parties import NamedPlayer, PlayerWish, party_of
from domain.tee_sheet.inventory.slots import UNKNOWN as UNKNOWN_TEE_TIME
from domain.tee_sheet.inventory.slots import LockedStart, find_tee_time
from domain.tee_sheet.offers.restrictions import Wanted, check_restrictions
from domain.tee_sheet.offers.rules import check_group_size, check_places
from kit.errors import InvalidInput, NotFound
from kit.ids import new_id
from models.clubs.tables import Club, Player
from models.tee_sheet.ballots import Ballot, BallotEntry, BallotPlayer
from models.tee_sheet.tables import TeeSheet, TeeTime
from models.tee_sheet.values import PriceClass

CHOICES = ("input", "teeTimeIds")
PLAYERS = ("input", "players")
IN_OTHERS = select(BallotPlayer.player_id, BallotPlayer.user_id).where(
    BallotPlayer.ballot_id == bindparam("ballot_id", type_=Uuid),
    BallotPlayer.is_in,
    BallotPlayer.entry_id != bindparam("apart_from", type_=Uuid),
    or_(
        BallotPlayer.player_id == any_(bindparam("player_ids", type_=ARRAY(Uuid))),
        BallotPlayer.user_id == any_(bindparam("user_ids", type_=ARRAY(Text))),
    ),
)


@dataclass(frozen=True, kw_only=True)
class EntryWish:
    """What a party asks for: tee times in the order in which it would like to have them, and who plays."""

    tee_time_ids: Sequence[UUID]
    places: int | None = None
    players: Sequence[PlayerWish] = ()


async def ask_for(
    session: AsyncSession,
    ballot: Ballot,
    entry: BallotEntry,
    wish: EntryWish,
    *,
    viewer: Viewer,
    own: Player | None,
    partners: Sequence[UUID | None] = (),
    now: datetime,
) -> list[NamedPlayer]:
    """Put what is wished into an entry; gives the party.

    `partners` are in the entry already. Raises NotFound, InvalidInput, GroupSizeNotAllowed, NotOnSale, StartRestricted,
    AlreadyInBallot.
    """
    sheet, by_staff = await session.get_one(TeeSheet, ballot.sheet_id), viewer.is_staff_of(ballot.club_id)
    club = await session.get_one(Club, ballot.club_id)
    places = (len(wish.players) or 1) if wish.places is None else wish.places
    check_places(places, path=("input", "places"))
    if len(wish.players) > places:
        raise InvalidInput(message="Name at most as many players as you want places.", path=PLAYERS)
    if not by_staff:
        check_group_size(places, allowed=sheet.group_sizes, path=("input", "places"))
    check_choices(wish.tee_time_ids, path=CHOICES)
    party = await party_of(
        session,
        viewer=viewer,
        club=club,
        own=own,
        sheet=sheet,
        at=ballot.first_start,  # prices are those of the start that is drawn
        wishes=wish.players,
        places=places,
        holes=ballot.holes,
        partners=partners,
    )
    _check_party(party, own=own, by_staff=by_staff)
    user_ids = [] if by_staff or own else [viewer.user_id]
    await _refuse_twice(session, ballot, entry, party, user_ids)
    entry.places = places
    classes = {price_class_of(own), *(one.price_class for one in party)}
    await choose(session, ballot, entry, wish.tee_time_ids, classes=classes, now=now, viewer=viewer)
    return party


def _check_party(party: Sequence[NamedPlayer], *, own: Player | None, by_staff: bool) -> None:
    if not (party[0].first_name or party[0].last_name):
        raise InvalidInput(message="Say who plays: name at least the first player.", path=PLAYERS)
    if not by_staff and own and own.id not in {one.player_id for one in party}:
        message = "You are in your own entry; name yourself among its players, or let one of them enter."
        raise InvalidInput(message=message, path=PLAYERS)


async def _refuse_twice(
    session: AsyncSession, ballot: Ballot, entry: BallotEntry, party: Sequence[NamedPlayer], user_ids: list[str]
) -> None:
    """Refuse who is in another entry of the ballot, which is locked. Raises AlreadyInBallot."""
    ids = [one.player_id for one in party if one.player_id]
    keys = {"ballot_id": ballot.id, "apart_from": entry.id, "player_ids": ids, "user_ids": user_ids}
    found = (await session.execute(IN_OTHERS, keys)).all()
    taken = {row[0] for row in found if row[0]}
    positions = [n for n, one in enumerate(party, 1) if one.player_id in taken]
    if any(row[1] for row in found):
        positions = sorted({1, *positions})
    if positions:
        raise AlreadyInBallot(positions=positions, path=PLAYERS)


async def _chosen(session: AsyncSession, ballot: Ballot, wanted: Sequence[UUID], *, now: datetime) -> list[TeeTime]:
    """Find the tee times that are chosen, of those that the ballot sells. Raises NotFound, InvalidInput."""
    check_choices(wanted, path=CHOICES)
    known = {row.id: row for row in await starts_of(session, ballot, now=now)}
    for number, key in enumerate(wanted):
        if key not in known:
            _, sheet = await find_tee_time(session, key)
            if sheet.club_id != ballot.club_id:
                raise NotFound(message=UNKNOWN_TEE_TIME)
            message = "The ballot does not sell this tee time; choose one that it does."
            raise InvalidInput(message=message, path=(*CHOICES, str(number)))
    return [known[key] for key in wanted]


async def choose(
    session: AsyncSession,
    ballot: Ballot,
    entry: BallotEntry,
    wanted: Sequence[UUID],
    *,
    classes: set[PriceClass],
    viewer: Viewer,
    now: datetime,
) -> None:
    """Put choices into an entry that its party may have. Raises NotFound, InvalidInput, StartRestricted."""
    sheet = await session.get_one(TeeSheet, ballot.sheet_id)
    club = await session.get_one(Club, ballot.club_id)
    goes_by = {club.goes_by(one) for one in classes}
    asked = Wanted(classes=goes_by, players=entry.places, holes=ballot.holes, is_new=False)
    for number, tee_time in enumerate(await _chosen(session, ballot, wanted, now=now)):
        check_restrictions(viewer, LockedStart(tee_time, sheet), asked, now=now, path=(*CHOICES, str(number)))
    entry.choices = list(wanted)


def classes_of(players: Sequence[BallotPlayer], own: Player | None) -> set[PriceClass]:
    """Give the price classes of a party, and of who asks for it."""
    return {price_class_of(own), *(one.price_class for one in players)}


def as_wished(player: BallotPlayer, viewer: Viewer, ballot: Ballot) -> PlayerWish:
    """Name somebody again who is in an entry."""
    by_name = player.player_id is None and viewer.is_staff_of(ballot.club_id)
    return PlayerWish(
        player_id=player.player_id,
        first_name=player.first_name,
        last_name=player.last_name,
        price_class=player.price_class if by_name else None,
    )


def rows_of(
    ballot: Ballot, entry: BallotEntry, party: Sequence[NamedPlayer], *, viewer: Viewer, own: Player | None
) -> list[BallotPlayer]:
    """Make the rows of a party; who asks without being known to the club is its first player."""
    unknown = own is None and not viewer.is_staff_of(ballot.club_id)
    return [
        BallotPlayer(
            id=new_id(),
            tenant_id=ballot.tenant_id,
            ballot_id=ballot.id,
            entry_id=entry.id,
            club_id=ballot.club_id,
            date=ballot.date,
            position=number,
            player_id=one.player_id,
            user_id=viewer.user_id if unknown and number == 1 and not one.player_id else None,
            first_name=one.first_name,
            last_name=one.last_name,
            price_class=one.price_class,
            is_in=True,
        )
        for number, one in enumerate(party, 1)
    ]
