"""What an audience sees: the one place that hides what the fields of facts say is not for everybody."""

from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar, get_type_hints
from uuid import UUID

from auth.viewer import Viewer
from domain.clubs.privacy import visible_name
from events.log import EventUnreadable, Logged
from events.seen import Seen, seen_by, values_in
from events.tee_sheet.inventory import SlotAvailable, SlotBlocked, SlotReleased
from models.clubs.values import NamePrivacy
from models.tee_sheet.values import SlotStatus

D = TypeVar("D")
OF_FREE = (SlotAvailable, SlotReleased)
TYPES_OF_FREE = frozenset(kind.type for kind in OF_FREE)
"""Facts of places that came free."""


@dataclass(frozen=True)
class Audience:
    """All that an event's answer depends on beside the operation: subscribers with equal audiences share it."""

    staff: bool = False
    """Whether they see what is for the club's staff, and names in full, whatever the club's privacy."""
    admins: bool = False
    """Whether they see what is for the club's admins."""
    planners: bool = False
    """Whether they plan the occasion that it is about."""
    household: bool = False
    """Whether it is about their own household."""
    participants: bool = False
    """Whether they take part in the hosted tee time that it is about."""


EVERYBODY = Audience()
"""Those who see what is for everybody who hears it."""


def audience_of(viewer: Viewer, club_id: UUID) -> Audience:
    """Tell which audience of a club a viewer belongs to."""
    return Audience(staff=viewer.is_staff_of(club_id), admins=viewer.is_admin_of(club_id))


@dataclass(frozen=True)
class Sight:
    """What an audience sees at a club that lets its players see so much of each other's names."""

    audience: Audience
    privacy: NamePrivacy = NamePrivacy.HIDDEN

    def of(self, kind: Any, name: str, value: Any) -> Any:
        """Give a value as the field of a fact may be seen that shows the same; what is hidden is None, or no text."""
        return self._shown(seen_by(kind)[name], value, is_text=_is_text(kind, name))

    def masked(self, value: D) -> D:
        """Give a fact, or a value inside of one, without what is hidden."""
        kind: Any = type(value)
        changes = {
            name: self.status(getattr(value, name), shop_only=value.shop_only)  # type: ignore[attr-defined]
            if seen is Seen.AS_SOLD
            else self._shown(seen, getattr(value, name), is_text=is_text)
            for name, seen, is_text in _restricted(kind, self)
        }
        return replace(value, **changes) if changes else value  # type: ignore[type-var]  # facts are dataclasses

    def status(self, status: SlotStatus, *, shop_only: bool) -> SlotStatus:
        """Give the status of a place as it may be seen: to players, what the shop alone sells is not free."""
        is_taken = shop_only and status is SlotStatus.AVAILABLE and not self.audience.staff
        return SlotStatus.BLOCKED if is_taken else status

    def sees(self, seen: Seen) -> bool:
        """Tell whether a field is seen whole."""
        if seen in {Seen.AS_NAME, Seen.WITH_NAME}:
            return self.audience.staff or self.privacy is NamePrivacy.FULL
        return seen is Seen.BY_ALL or self._open_to(seen)

    def _open_to(self, seen: Seen) -> bool:
        audience = self.audience
        return {
            Seen.AS_SOLD: audience.staff,
            Seen.BY_STAFF: audience.staff,
            Seen.BY_ADMINS: audience.admins,
            Seen.BY_PLANNERS: audience.planners,
            Seen.BY_HOUSEHOLD: audience.planners or audience.household,
            Seen.BY_PARTICIPANTS: audience.participants,
        }[seen]

    def _shown(self, seen: Seen, value: Any, *, is_text: bool) -> Any:
        if seen is Seen.AS_NAME:
            return visible_name(value, privacy=self.privacy, full=self.audience.staff)
        if not self.sees(seen):
            return "" if is_text else None
        if isinstance(value, tuple):
            return tuple(self.masked(one) for one in value)
        return self.masked(value) if is_dataclass(value) else value


@cache
def _is_text(kind: Any, name: str) -> bool:
    return get_type_hints(kind)[name] is str


@cache
def _restricted(kind: Any, sight: Sight) -> tuple[tuple[str, Seen, bool], ...]:
    """Name the fields of a fact that are not shown as they are, and whether they are texts."""
    hints = get_type_hints(kind)
    told = ((name, seen, hints[name]) for name, seen in seen_by(kind).items() if seen is not Seen.BY_NOBODY)
    return tuple(
        (name, seen, hint is str)
        for name, seen, hint in told
        if not sight.sees(seen) or any(_restricted(inner, sight) for inner in values_in(hint))
    )


def sight_of(fact: Any, audience: Audience) -> Sight:
    """Tell what an audience sees of a fact."""
    return Sight(audience, getattr(fact, "name_privacy", NamePrivacy.HIDDEN))


def masked(fact: D, audience: Audience) -> D:
    """Give a fact as an audience may see it."""
    return sight_of(fact, audience).masked(fact)


def told_as(fact: Any, audience: Audience) -> Any:
    """Give the fact that an audience is told: of a place that comes free and looks taken to it, that it is blocked."""
    if not isinstance(fact, OF_FREE):
        return fact
    status = sight_of(fact, audience).status(fact.status, shop_only=fact.shop_only)
    if status is fact.status:
        return fact
    return SlotBlocked(**{one.name: getattr(fact, one.name) for one in fields(SlotBlocked)} | {"status": status})


def told_type(event: Logged, audience: Audience) -> str:
    """Give the wire name by which an audience hears an event. One that can't be read keeps its own."""
    if audience.staff or event.type not in TYPES_OF_FREE:
        return event.type
    try:
        return str(told_as(event.event, audience).type)
    except EventUnreadable:
        return event.type
