"""The price classes of a club: those that come with it, and its own, which are added, renamed and retired."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_club, lock_club_row, refuse_unless_admin
from events.clubs import PriceClassAdded, PriceClassRetired, PriceClassUpdated
from events.log import record
from kit.errors import InvalidInput
from kit.fault_codes import Fault
from kit.ids import public_id
from kit.text import clean_name
from models.clubs.tables import COME_WITH_A_CLUB, Club
from models.tee_sheet.values import CODE_OF_CLASS, ClubPriceClass, PriceClass, PriceClassKind

MOST = 30
LONGEST_NAME = 60
WHERE = ("input", "priceClass")


def check_known(club: Club, classes: Iterable[PriceClass], *, path: tuple[str, ...]) -> None:
    """Refuse a price class that a club does not have; a retired one it has. Raises InvalidInput."""
    known = club.price_classes
    missing = next((one for one in classes if one not in known), None)
    if missing is not None:
        raise not_a_class(club, f"The club has no price class {missing}; choose {given_classes(club)}.", path=path)


def check_given(club: Club, price_class: PriceClass, *, path: tuple[str, ...]) -> None:
    """Refuse to give somebody a price class that a club does not have, or has retired. Raises InvalidInput."""
    check_known(club, [price_class], path=path)
    if club.price_classes[price_class].is_retired:
        message = f"The price class {price_class} is retired; choose {given_classes(club)}. Or add it anew."
        raise not_a_class(club, message, path=path)


def not_a_class(club: Club, message: str, *, path: tuple[str, ...]) -> InvalidInput:
    """Make the refusal of what is no price class that is given by now."""
    codes = tuple(code for code, one in club.price_classes.items() if not one.is_retired)
    return InvalidInput(message=message, path=path, fault=Fault.NOT_A_CHOICE, fault_values=codes)


def given_classes(club: Club) -> str:
    """Name the classes that are given by now, for a sentence: MEMBER, GUEST or PUBLIC."""
    codes = [code for code, one in club.price_classes.items() if not one.is_retired]
    return f"{', '.join(codes[:-1])} or {codes[-1]}"


async def add_price_class(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club_id: UUID,
    price_class: PriceClass,
    name: str,
    kind: PriceClassKind,
    now: datetime,
) -> Club:
    """Give a club a price class of its own, or one back that it has retired, which keeps its kind.

    Until a price, a limit or a restriction names it, it goes by those of its kind. Raises NotFound, NotAllowed,
    InvalidInput.
    """
    club = await _lock(session, viewer=viewer, club_id=club_id)
    if not CODE_OF_CLASS.fullmatch(price_class):
        message = "Write a code of capital letters, digits and _, as in JUNIOR, of 32 signs at most."
        raise InvalidInput(message=message, path=WHERE)
    known = club.price_classes.get(price_class)
    if known and not known.is_retired:
        message = "The club has this price class already; change it by updatePriceClass, or choose another code."
        raise InvalidInput(message=message, path=WHERE)
    if known and known.kind is not kind:
        message = f"This price class was of the kind {known.kind}, and stays so; choose that, or another code."
        raise InvalidInput(message=message, path=("input", "kind"))
    if not known and len(club.price_classes) >= MOST:
        raise InvalidInput(
            message=f"A club has at most {MOST} price classes, the retired ones too; take one of these.", path=WHERE
        )
    made = ClubPriceClass(price_class, clean_name(name, path=("input", "name"), longest=LONGEST_NAME), kind)
    _keep(club, made)
    record(session, PriceClassAdded(**_state(club, made)), now=now)
    return club


async def update_price_class(
    session: AsyncSession, *, viewer: Viewer, club_id: UUID, price_class: PriceClass, name: str, now: datetime
) -> Club:
    """Call a price class of a club otherwise. Raises NotFound, NotAllowed, InvalidInput."""
    club = await _lock(session, viewer=viewer, club_id=club_id)
    check_known(club, [price_class], path=WHERE)
    known = club.price_classes[price_class]
    new = clean_name(name, path=("input", "name"), longest=LONGEST_NAME)
    changed = ClubPriceClass(known.code, new, known.kind, known.is_retired)
    if changed != known:
        _keep(club, changed)
        record(session, PriceClassUpdated(**_state(club, changed)), now=now)
    return club


async def retire_price_class(
    session: AsyncSession, *, viewer: Viewer, club_id: UUID, price_class: PriceClass, now: datetime
) -> Club:
    """Give a price class to nobody any more; who has it keeps it, with its prices. Adding it again takes that back.

    Raises NotFound, NotAllowed, InvalidInput.
    """
    club = await _lock(session, viewer=viewer, club_id=club_id)
    check_known(club, [price_class], path=WHERE)
    known = club.price_classes[price_class]
    if price_class in COME_WITH_A_CLUB:
        message = "MEMBER, GUEST and PUBLIC come with each club, and stay; retire one of the club's own."
        raise InvalidInput(message=message, path=WHERE)
    if known.is_retired:
        raise InvalidInput(message="This price class is retired already; add it again to give it again.", path=WHERE)
    retired = ClubPriceClass(known.code, known.name, known.kind, is_retired=True)
    _keep(club, retired)
    record(session, PriceClassRetired(**_state(club, retired)), now=now)
    return club


async def _lock(session: AsyncSession, *, viewer: Viewer, club_id: UUID) -> Club:
    """Lock a club for its admins: two who change its classes at once lose none, and sales do not wait."""
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_admin(viewer, club.id)
    await lock_club_row(session, club)
    return club


def _keep(club: Club, one: ClubPriceClass) -> None:
    kept = {"name": one.name, "kind": one.kind.value, "is_retired": one.is_retired}
    club.own_price_classes = {**club.own_price_classes, one.code: kept}


def _state(club: Club, one: ClubPriceClass) -> dict[str, Any]:
    return {
        "club_id": public_id("club", club.id),
        "class_code": one.code,
        "class_name": one.name,
        "class_kind": one.kind,
        "class_is_retired": one.is_retired,
    }
