"""Facts about caddies, their turns and their queues.

What concerns a list is heard in that list's room, and nowhere where somebody of another list could hear it: it is not
told in the club's own room. What is for staff or admins alone is heard in their rooms only.
"""

from dataclasses import dataclass
from datetime import date, datetime

from events.base import event
from events.clubs import ClubEvent, club_room
from events.seen import ForAdmins, ForAll, ForServer, ForStaff
from events.tee_sheet.booking import booking_room
from models.caddies.values import AssignmentAnswer, AssignmentKind, CaddieStatus, FeeTier, TurnAct, TurnStatus


def list_room(club_id: str, number: int) -> str:
    """Name the room of one caddie list of a club."""
    return f"{club_room(club_id)}:list-{number}"


def lists_room(club_id: str) -> str:
    """Name the room of all that is told to lists: for who follows several, each by the rooms that they may hear."""
    return f"{club_room(club_id)}:lists"


def staff_room(club_id: str) -> str:
    """Name the room of what staff may know of a club's caddies."""
    return f"{club_room(club_id)}:caddies:staff"


def admin_room(club_id: str) -> str:
    """Name the room of what admins may know of a club's caddies: everything."""
    return f"{club_room(club_id)}:caddies:admins"


@dataclass(frozen=True, kw_only=True)
class CaddieFact(ClubEvent):
    """A fact about a club's caddies."""

    @property
    def lists(self) -> frozenset[int]:
        """The numbers of the lists that it concerns."""
        return frozenset()


@dataclass(frozen=True, kw_only=True)
class ListFact(CaddieFact):
    """A fact of one list: told to its caddies, to staff and to admins."""

    list_number: ForAll[int]
    """The list, from 1 on."""

    @property
    def lists(self) -> frozenset[int]:
        """The list."""
        return frozenset({self.list_number})

    @property
    def rooms(self) -> tuple[str, ...]:
        """The list's screens, and those that show all lists."""
        club = self.club_id
        return (list_room(club, self.list_number), lists_room(club), staff_room(club), admin_room(club))


@event("caddie:status_changed")
class CaddieStatusChanged(ListFact):
    """A caddie has a new status: it was set, or a turn was started or ended."""

    caddie_id: ForAll[str]
    """The caddie."""
    name: ForAll[str]
    """What the caddie is called."""
    status: ForAll[CaddieStatus]
    """The new status."""
    status_label: ForAll[str]
    """The status in the club's language, as in “En campo”."""


@event("caddie:added")
class CaddieAdded(ListFact):
    """A list has a caddie more: a new one, or one that was moved into it."""

    caddie_id: ForAll[str]
    """The caddie."""
    name: ForAll[str]
    """What the caddie is called."""
    status: ForAll[CaddieStatus]
    """What the caddie is doing at the moment."""
    created_at: ForAll[datetime]
    """When the caddie was added to the club, in UTC."""
    updated_at: ForAll[datetime]
    """When name or list were changed last, in UTC."""
    phone_number: ForAdmins[str | None]
    """The phone number; for admins alone."""


@event("caddie:updated")
class CaddieUpdated(ListFact):
    """A caddie's name, list or phone changed. What has not changed is left empty."""

    caddie_id: ForAll[str]
    """The caddie."""
    name: ForAll[str | None]
    """The new name, if it changed."""
    phone_number: ForAdmins[str | None]
    """The new phone number, if it changed, and an empty text if it was removed; for admins alone."""
    previous_list_number: ForStaff[int | None]
    """The list that the caddie was moved out of, if the list changed; for staff alone."""
    current_name: ForAll[str | None] = None
    """What the caddie is called by now, also if that did not change; none in old entries of the log."""

    @property
    def lists(self) -> frozenset[int]:
        """The list, and the one before it."""
        return frozenset({self.list_number, self.previous_list_number or self.list_number})

    @property
    def rooms(self) -> tuple[str, ...]:
        """A move is told to staff, whom both lists concern; the phone alone to admins; a new name to the list."""
        club = self.club_id
        if self.previous_list_number is not None:
            return (staff_room(club), admin_room(club))
        return super().rooms if self.name is not None else (admin_room(club),)


@event("caddie:deleted")
class CaddieDeleted(ListFact):
    """A list has a caddie less: one was deleted, or moved out of it."""

    caddie_id: ForAll[str]
    """The caddie."""


@dataclass(frozen=True, kw_only=True)
class TurnFact(ListFact):
    """Something happened to a turn."""

    turn_id: ForAll[str]
    """The turn."""
    caddie_id: ForAll[str]
    """The caddie whose turn it is."""
    name: ForAll[str]
    """What the caddie is called."""
    booking_id: ForAll[str | None]
    """The booking that the turn is assigned to, if it is."""


@event("turn:started")
class TurnStarted(TurnFact):
    """A caddie went out."""

    started_at: ForAll[datetime]
    """When the caddie went out, in UTC."""


@event("turn:ended")
class TurnEnded(TurnFact):
    """A caddie is back from a turn, which counts as a loop from now on."""

    started_at: ForAll[datetime]
    """When the caddie went out, in UTC."""
    ended_at: ForAll[datetime]
    """When the caddie came back, in UTC."""
    fee_tier: ForAll[FeeTier]
    """What kind of loop it was."""
    fee_cents: ForAll[int]
    """What the club pays for the loop, in cents of the currency."""
    tip_cents: ForAll[int]
    """What the players gave, in cents of the currency."""
    currency: ForAll[str]
    """ISO 4217 code of both sums."""


@event("turn:undone")
class TurnUndone(TurnFact):
    """The last act of a turn was a mistake, and is taken back: a start, an end, or a skip."""

    act: ForAll[TurnAct]
    """What was taken back."""
    turn_status: ForAll[TurnStatus]
    """How far the turn has come by that."""
    out_since: ForAll[datetime | None] = None
    """When the caddie went out, in UTC, where they are out again."""


@dataclass(frozen=True, kw_only=True)
class QueuedCaddie:
    """A caddie who waits for a turn."""

    place: ForAll[int]
    """1 for the head of the queue."""
    caddie_id: ForAll[str]
    """The caddie."""
    name: ForAll[str]
    """What the caddie is called."""
    turn_id: ForAll[str | None] = None
    """The caddie's next turn, if it is assigned to a booking: somebody else goes out before."""
    booking_id: ForAll[str | None] = None
    """The booking that it is assigned to."""


@event("turn:queue_changed")
class TurnQueueChanged(ListFact):
    """The queue of a list has another order, or others in it."""

    day: ForAll[date]
    """The day on the club's calendar that the queue is of."""
    queue: ForAll[tuple[QueuedCaddie, ...]]
    """Everybody who waits, the head first."""


@dataclass(frozen=True, kw_only=True)
class AssignmentFact(TurnFact):
    """Something happened between a turn and a booking. The list is for the server alone: players need not know it."""

    list_number: ForServer[int]
    """The list."""
    assigned_as: ForAll[AssignmentKind]
    """Why the caddie was assigned."""
    answer: ForAll[AssignmentAnswer]
    """What the caddie says to it."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The list's screens, those that show all lists, and the booking's."""
        return (*super().rooms, *([booking_room(self.booking_id)] if self.booking_id else ()))


@event("turn:assigned")
class TurnAssigned(AssignmentFact):
    """A turn was assigned to a booking; the caddie has yet to answer."""


@event("turn:answered")
class TurnAnswered(AssignmentFact):
    """An assignment was accepted, declined, or has ended with its booking, its day or the caddie's absence."""


@dataclass(frozen=True, kw_only=True)
class DrawnCaddie:
    """A caddie in the order of a draw."""

    caddie_id: ForAll[str]
    """The caddie."""
    was_skipped: ForAll[bool]
    """Whether the caddie was skipped in the week before, and therefore goes before those who were not."""


@event("caddie:week_drawn")
class CaddieWeekDrawn(ListFact):
    """The order of a list for a week was drawn, or a skip has changed it. Whoever has the seed can work it out."""

    week: ForAll[date]
    """The Monday on which the week begins."""
    seed: ForAll[str]
    """What the order follows from."""
    drawn: ForAll[tuple[DrawnCaddie, ...]]
    """The order."""


@dataclass(frozen=True, kw_only=True)
class TierFee:
    """What a loop of one tier costs."""

    fee_tier: ForAll[FeeTier]
    """The kind of loop."""
    fee_cents: ForAll[int]
    """The fee in cents of the club's currency."""


@event("caddie:settings_changed")
class CaddieSettingsChanged(CaddieFact):
    """The number of lists or the fees changed; loops that are over keep theirs. For staff alone."""

    list_count: ForAll[int]
    """How many lists the club has."""
    fees: ForAll[tuple[TierFee, ...]]
    """What a loop costs, tier by tier."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The screens of staff and admins."""
        return (staff_room(self.club_id), admin_room(self.club_id))
