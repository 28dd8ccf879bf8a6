"""Facts of the play: from arrival to the last hole, and of sheets and courses that are taken out of use for a while."""

from dataclasses import dataclass
from datetime import datetime

from events.base import event
from events.seen import ForAll, ForServer
from events.tee_sheet.base import SheetEvent
from events.tee_sheet.booking import BookedPlayer, BookingEvent
from models.clubs.values import NamePrivacy
from models.tee_sheet.values import BookingStatus, PaceLevel


@dataclass(frozen=True, kw_only=True)
class PartyEvent(BookingEvent):
    """Something happened to players of a booking."""

    players: ForAll[tuple[BookedPlayer, ...]]
    """All players of the booking, in their order, with their check-in as it is now."""
    name_privacy: ForServer[NamePrivacy]
    """How much of other players' names a player may see; clients are not told."""
    currency: ForAll[str] = ""
    """ISO 4217 code of what the players pay; empty in old entries of the log."""


@event("booking.checked-in")
class BookingCheckedIn(PartyEvent):
    """Players of a booking checked in."""

    checked_in_at: ForAll[datetime]
    """When they checked in, in UTC."""
    positions: ForAll[tuple[int, ...]]
    """Who checked in just now: their positions in the booking, 1 to 4."""


@event("booking.check-in-undone")
class BookingCheckInUndone(PartyEvent):
    """A check-in was taken back; the players are expected again."""

    positions: ForAll[tuple[int, ...]]
    """Whose check-in was taken back: their positions in the booking, 1 to 4."""


@event("booking.no-show")
class BookingNoShow(PartyEvent):
    """It was noted that players of a booking did not appear."""

    no_show_at: ForAll[datetime]
    """When it was noted, in UTC."""
    positions: ForAll[tuple[int, ...]]
    """Who did not appear: their positions in the booking, 1 to 4."""


@event("booking.no-show-undone")
class BookingNoShowUndone(PartyEvent):
    """It was taken back that players did not appear; they are expected again."""

    positions: ForAll[tuple[int, ...]]
    """Who is expected again: their positions in the booking, 1 to 4."""


@event("booking.tee-off")
class BookingTeeOff(PartyEvent):
    """A group teed off."""

    teed_off_at: ForAll[datetime]
    """When it teed off, in UTC."""
    start_hole: ForAll[int]
    """The hole that it starts from."""
    expected_minutes: ForAll[int]
    """Minutes that its round is expected to take, without suspended play."""


@event("booking.tee-off-undone")
class BookingTeeOffUndone(PartyEvent):
    """A tee-off was taken back: the group waits for its start again, and there is no round any more."""

    teed_off_at: ForAll[datetime]
    """When it was said to have teed off, in UTC."""
    holes_completed: ForAll[int]
    """How many holes of the round had been reported."""


@event("booking.pace-updated")
class BookingPaceUpdated(BookingEvent):
    """A group completed a hole. With the last one its status is COMPLETED, and its alert, if any, is cleared."""

    hole: ForAll[int]
    """The hole that was completed."""
    holes_completed: ForAll[int]
    """How many holes of its round the group has completed, laps before included."""
    completed_at: ForAll[datetime]
    """When the hole was completed, in UTC."""
    minutes_behind: ForAll[float]
    """Minutes behind the expected pace, to two decimals; 0 when ahead of it."""
    gap_minutes: ForAll[float | None]
    """Minutes behind the group ahead beyond the planned interval, negative when closer; none when unknown."""
    level: ForAll[PaceLevel | None]
    """How far behind the group is; none below 5 minutes."""

    @property
    def kept_for(self) -> str | None:
        """The booking, once the round is over by it; who reported the holes before is noted with them."""
        return self.booking_id if self.status is BookingStatus.COMPLETED else None


@dataclass(frozen=True, kw_only=True)
class RoundState(BookingEvent):
    """A group's round as it is from now on, by the word of the staff."""

    hole: ForAll[int | None]
    """The hole that was completed last; none if none was."""
    holes_completed: ForAll[int]
    """How many holes of its round the group has completed, laps before included."""
    last_completed_at: ForAll[datetime | None]
    """When that hole was completed, in UTC."""
    completed_at: ForAll[datetime | None]
    """When the round was over, in UTC; none as long as it goes on."""
    minutes_behind: ForAll[float | None]
    """Minutes behind the expected pace, to two decimals; 0 when ahead of it, none when no hole is known."""
    gap_minutes: ForAll[float | None]
    """Minutes behind the group ahead beyond the planned interval, negative when closer; none when unknown."""
    level: ForAll[PaceLevel | None]
    """How far behind the group is; none below 5 minutes, and once the round is over."""


@event("booking.hole-corrected")
class BookingHoleCorrected(RoundState):
    """The staff have corrected which hole a group has completed last, back or forward."""

    previous_holes_completed: ForAll[int]
    """How many holes it was said to have completed before."""


@event("booking.round-ended")
class BookingRoundEnded(RoundState):
    """A group has left the course before its last hole; its round is over."""


@event("pace.alert")
class PaceAlert(BookingEvent):
    """A group's alert changed its level, or cleared."""

    level: ForAll[PaceLevel | None]
    """The level from now on; none when the alert cleared."""
    minutes_behind: ForAll[float]
    """Minutes behind the expected pace, to two decimals; 0 when ahead of it."""
    holes_completed: ForAll[int]
    """How many holes of its round the group has completed, laps before included."""
    gap_minutes: ForAll[float | None]
    """Minutes behind the group ahead beyond the planned interval, negative when closer; none when unknown."""

    @property
    def kept_for(self) -> str | None:
        """Nothing: the group is watched, and its booking does not change."""
        return None


@event("play.suspended")
class PlaySuspended(SheetEvent):
    """Play on a course was suspended; the minutes until it is resumed count for no group."""

    suspended_at: ForAll[datetime]
    """From when on play is suspended, in UTC."""


@event("play.resumed")
class PlayResumed(SheetEvent):
    """Play on a course was resumed."""

    suspended_at: ForAll[datetime]
    """From when on play was suspended, in UTC."""
    resumed_at: ForAll[datetime]
    """From when on the groups play on, in UTC."""
