"""Who sees a field of a fact: said on the field itself, once, and followed by events and queries alike."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum, auto
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, TypeVar, get_args, get_type_hints

T = TypeVar("T")


class Seen(Enum):
    """Who sees a field, among those who may hear the fact at all."""

    BY_ALL = auto()
    AS_SOLD = auto()
    AS_NAME = auto()
    WITH_NAME = auto()
    BY_STAFF = auto()
    BY_ADMINS = auto()
    BY_PLANNERS = auto()
    BY_HOUSEHOLD = auto()
    BY_PARTICIPANTS = auto()
    BY_NOBODY = auto()


ForAll = Annotated[T, Seen.BY_ALL]
"""For everybody who may hear the fact."""
AsSold = Annotated[T, Seen.AS_SOLD]
"""The status of a place: as it is for staff; for others, what the shop alone sells (`shop_only`) is not free."""
Name = Annotated[str, Seen.AS_NAME]
"""A name of a player: whole for staff, for others as much of it as the club's privacy lets them see."""
WithName = Annotated[T, Seen.WITH_NAME]
"""What says who a player is, or what they pay: for those who see the names whole, and nobody else."""
ForStaff = Annotated[T, Seen.BY_STAFF]
"""For the club's staff."""
ForAdmins = Annotated[T, Seen.BY_ADMINS]
"""For the club's admins."""
ForPlanners = Annotated[T, Seen.BY_PLANNERS]
"""For those who plan the occasion."""
Private = Annotated[T, Seen.BY_HOUSEHOLD]
"""For the guest's own household, and for those who plan the occasion."""
ForParticipants = Annotated[T, Seen.BY_PARTICIPANTS]
"""For those who take part in the hosted tee time."""
ForServer = Annotated[T, Seen.BY_NOBODY]
"""For the server alone: clients are not even told that there is such a field."""


@cache
def seen_by(kind: Any) -> Mapping[str, Seen]:
    """Tell who sees the fields of a fact, or of a value inside of one.

    A value that says nothing of any field is seen with the field that holds it, whole. Raises TypeError for a field
    that says nothing beside others that do.
    """
    hints = get_type_hints(kind, include_extras=True)
    told = {f.name: _said(hints[f.name]) for f in fields(kind)}
    silent = [name for name, seen in told.items() if seen is None]
    if silent and len(silent) < len(told):
        raise TypeError(f"{kind.__name__}: say who sees {', '.join(silent)}, as in ForAll[int] (events/seen.py)")
    return MappingProxyType({name: seen for name, seen in told.items() if seen is not None})


@cache
def hides_names(kind: Any) -> bool:
    """Tell whether what a fact shows, itself or by a value inside of it, goes by the privacy of names."""
    hints, told = get_type_hints(kind), seen_by(kind)
    shown = [name for name, seen in told.items() if seen is not Seen.BY_NOBODY]
    inner = [value for name in shown for value in values_in(hints[name])]
    return not {Seen.AS_NAME, Seen.WITH_NAME}.isdisjoint(told.values()) or any(map(hides_names, inner))


def values_in(hint: Any) -> list[Any]:
    """Give the dataclasses that a field of a fact holds."""
    return [part for part in (hint, *get_args(hint)) if is_dataclass(part)]


def _said(hint: Any) -> Seen | None:
    return next((mark for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, Seen)), None)
