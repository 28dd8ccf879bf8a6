"""Facts of whole sheets and their templates."""

from dataclasses import dataclass
from datetime import datetime, time

from events.base import event
from events.clubs import ClubEvent
from events.seen import ForAll
from events.tee_sheet.base import SheetEvent
from models.tee_sheet.desk import SheetChange
from models.tee_sheet.values import SlotStatus


@dataclass(frozen=True, kw_only=True)
class ChangedSlot:
    """A place on a changed sheet."""

    slot_id: ForAll[str]
    """The place."""
    slot_number: ForAll[int]
    """1 to 4."""
    status: ForAll[SlotStatus]
    """What can be done with the place."""
    price_cents: ForAll[int]
    """What it is offered for to the public, in cents of the sheet's currency."""


@dataclass(frozen=True, kw_only=True)
class ChangedTeeTime:
    """A tee time on a changed sheet."""

    tee_time_id: ForAll[str]
    """The tee time."""
    starts_at: ForAll[datetime]
    """The start, in UTC."""
    local_time: ForAll[time]
    """The same on the course's clock."""
    tee: ForAll[int]
    """The hole that the group starts from."""
    slots: ForAll[tuple[ChangedSlot, ...]]
    """Its places, by number."""


@dataclass(frozen=True, kw_only=True)
class ShiftedTeeTime:
    """A tee time that starts later than before; its places, holds and bookings stay with it."""

    tee_time_id: ForAll[str]
    """The tee time."""
    starts_at: ForAll[datetime]
    """The start from now on, in UTC."""
    local_time: ForAll[time]
    """The same on the course's clock."""
    previous_starts_at: ForAll[datetime]
    """When it was to start before, in UTC."""


@event("tee-sheet.changed")
class TeeSheetChanged(SheetEvent):
    """Tee times were added to a sheet, as when it is generated, or shifted to later starts."""

    sheet_id: ForAll[str]
    """The tee sheet."""
    change: ForAll[SheetChange] = SheetChange.GENERATED
    """What happened."""
    tee_times: ForAll[tuple[ChangedTeeTime, ...]]
    """The tee times that were added, by start and tee."""
    shifted_tee_times: ForAll[tuple[ShiftedTeeTime, ...]] = ()
    """The tee times that were shifted, by start and tee."""
    currency: ForAll[str]
    """ISO 4217 code of the prices."""


@event("sheet-template.changed")
class SheetTemplateChanged(ClubEvent):
    """A course's template was set; sheets that exist already keep their prices and starts."""

    course_id: ForAll[str]
    """The course."""


@event("tee-sheet.offline")
class TeeSheetOffline(SheetEvent):
    """A tee sheet was taken offline: nothing on it can be held or booked. Holds on it have ended."""

    sheet_id: ForAll[str]
    """The tee sheet."""
    is_online: ForAll[bool]
    """Whether its places can be booked: they can not."""


@event("tee-sheet.online")
class TeeSheetOnline(SheetEvent):
    """A tee sheet was brought online again: its free places can be booked."""

    sheet_id: ForAll[str]
    """The tee sheet."""
    is_online: ForAll[bool]
    """Whether its places can be booked: they can."""
