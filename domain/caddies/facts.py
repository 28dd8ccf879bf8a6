"""Facts about caddies, made from their rows."""

from collections.abc import Mapping
from typing import Any, TypeVar

from domain.caddies.rules import in_order, label_of
from events.caddies import (
    CaddieAdded,
    CaddieDeleted,
    CaddieStatusChanged,
    ListFact,
    QueuedCaddie,
    TurnAnswered,
    TurnFact,
    TurnQueueChanged,
)
from kit.ids import public_id
from models.caddies.tables import Caddie, CaddieQueue, CaddieTurn
from models.clubs.values import Language

L = TypeVar("L", bound=ListFact)
T = TypeVar("T", bound=TurnFact)


def of_caddie(kind: type[L], caddie: Caddie, **more: Any) -> L:
    """State a fact about a caddie, in the list that the caddie is on."""
    return kind(
        club_id=public_id("club", caddie.club_id),
        list_number=caddie.list_number,
        **{"caddie_id": public_id("caddie", caddie.id)} | more,
    )


def added(caddie: Caddie) -> CaddieAdded:
    """State that a list has this caddie from now on."""
    return of_caddie(
        CaddieAdded,
        caddie,
        name=caddie.name,
        status=caddie.status,
        created_at=caddie.created_at,
        updated_at=caddie.updated_at,
        phone_number=caddie.phone,
    )


def deleted(caddie: Caddie) -> CaddieDeleted:
    """State that a list has this caddie no more."""
    return of_caddie(CaddieDeleted, caddie)


def status_changed(caddie: Caddie, language: Language) -> CaddieStatusChanged:
    """State what the caddie does from now on."""
    label = label_of(caddie.status, language)
    return of_caddie(CaddieStatusChanged, caddie, name=caddie.name, status=caddie.status, status_label=label)


def queue_changed(queue: CaddieQueue, caddies: Mapping[Caddie, CaddieTurn | None]) -> TurnQueueChanged:
    """State who waits from now on, in which order, and whose next turn is assigned to a booking."""
    waiting = tuple(_queued(place, caddie, caddies[caddie]) for place, caddie in enumerate(in_order(caddies), 1))
    club_id = public_id("club", queue.club_id)
    return TurnQueueChanged(club_id=club_id, list_number=queue.list_number, day=queue.day, queue=waiting)


def _queued(place: int, caddie: Caddie, turn: CaddieTurn | None) -> QueuedCaddie:
    return QueuedCaddie(
        place=place,
        caddie_id=public_id("caddie", caddie.id),
        name=caddie.name,
        turn_id=public_id("turn", turn.id) if turn else None,
        booking_id=public_id("booking", turn.booking_id) if turn and turn.booking_id else None,
    )


def of_turn(kind: type[T], turn: CaddieTurn, caddie: Caddie, **more: Any) -> T:
    """State a fact about a turn."""
    return kind(
        club_id=public_id("club", turn.club_id),
        list_number=turn.list_number,
        turn_id=public_id("turn", turn.id),
        caddie_id=public_id("caddie", caddie.id),
        name=caddie.name,
        booking_id=public_id("booking", turn.booking_id) if turn.booking_id else None,
        **more,
    )


def answered(turn: CaddieTurn, caddie: Caddie) -> TurnAnswered:
    """State what has become of an assignment."""
    return of_turn(TurnAnswered, turn, caddie, assigned_as=turn.assigned_as, answer=turn.answer)
