"""Facts of whole sheets and their templates."""

from dataclasses import dataclass
from datetime import date, datetime, time

from events.base import event
from events.clubs import ClubEvent
from events.seen import AsSold, ForAll, ForServer, ForStaff
from events.tee_sheet.base import SheetEvent
from models.tee_sheet.desk import SheetChange
from models.tee_sheet.values import PriceClass, ShopSale, SlotStatus, Weekday


@dataclass(frozen=True, kw_only=True)
class ChangedSlot:
    """A place on a changed sheet."""

    slot_id: ForAll[str]
    """The place."""
    slot_number: ForAll[int]
    """1 to 4."""
    status: AsSold[SlotStatus]
    """What can be done with the place."""
    price_cents: ForAll[int]
    """What it is offered for to the public, in cents of the sheet's currency."""
    shop_only: ForServer[bool] = False
    """Whether the shop alone sells it; clients are not told."""


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
    planned_time: ForAll[time | None] = None
    """The local time that it was planned for, by which restrictions hold; none where it is `localTime`."""


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
    price_cents: ForAll[int | None] = None
    """What its places that are not sold are offered for by then, in cents of the sheet's currency."""


@dataclass(frozen=True, kw_only=True)
class RepricedTeeTime:
    """A tee time whose places are offered for another price; what was sold keeps the price it was sold for."""

    tee_time_id: ForAll[str]
    """The tee time."""
    price_cents: ForAll[int]
    """What its places that are not sold are offered for to the public, in cents of the sheet's currency."""


@dataclass(frozen=True, kw_only=True)
class SheetPrice:
    """What one player pays on a sheet."""

    price_class: ForAll[PriceClass]
    """For whom the price holds."""
    holes: ForAll[int]
    """9 or 18."""
    price_cents: ForAll[int]
    """The price in cents of the sheet's currency."""
    first_start: ForAll[time | None] = None
    """The first start that it holds for, on the course's clock; none for the beginning of the day."""
    last_start: ForAll[time | None] = None
    """The last start that it holds for, itself included; none for the end of the day."""


@dataclass(frozen=True, kw_only=True)
class RetoldSlot:
    """A free place that the shop alone sells by now, or no longer."""

    tee_time_id: ForAll[str]
    """The tee time."""
    slot_id: ForAll[str]
    """The place."""
    status: AsSold[SlotStatus]
    """What can be done with the place from now on."""
    shop_only: ForServer[bool] = False
    """Whether the shop alone sells it; clients are not told."""


@dataclass(frozen=True, kw_only=True)
class SheetRestriction:
    """What is asked of who wants the starts of a part of a sheet; staff sell them to anybody."""

    name: ForAll[str]
    """What the club calls it; empty if it has no name."""
    first_start: ForAll[time | None]
    """The first start that it holds for, as planned on the course's clock; none for the beginning of the day."""
    last_start: ForAll[time | None]
    """The last start that it holds for, itself included; none for the end of the day."""
    tees: ForAll[tuple[int, ...]]
    """The tees whose starts it holds for; empty for all."""
    price_classes: ForAll[tuple[PriceClass, ...]]
    """The price classes that may book and play; empty for all."""
    fewest_players: ForAll[int | None]
    """How many play together at least."""
    most_players: ForAll[int | None]
    """How many play together at most."""
    holes: ForAll[int | None]
    """9 or 18, where only these are played; none for both."""
    walking_only: ForAll[bool]
    """Whether its players walk."""
    shop_sale: ForAll[ShopSale | None]
    """How players are shown it, where the shop alone sells it."""
    opens_day_before: ForAll[time | None]
    """From which time on the day before it is sold, on the course's clock."""


@event("tee-sheet.changed")
class TeeSheetChanged(SheetEvent):
    """A sheet was generated, or its tee times, prices or group sizes are others than before."""

    sheet_id: ForAll[str]
    """The tee sheet."""
    change: ForAll[SheetChange] = SheetChange.GENERATED
    """What happened."""
    tee_times: ForAll[tuple[ChangedTeeTime, ...]]
    """The tee times that were added or have other places than before, by start and tee."""
    shifted_tee_times: ForAll[tuple[ShiftedTeeTime, ...]] = ()
    """The tee times that were shifted, by start and tee."""
    removed_tee_time_ids: ForAll[tuple[str, ...]] = ()
    """The tee times that are no more, by start and tee."""
    repriced_tee_times: ForAll[tuple[RepricedTeeTime, ...]] = ()
    """The tee times whose free, held and blocked places are offered for another price, by start and tee."""
    prices: ForAll[tuple[SheetPrice, ...]] = ()
    """What the sheet sells from now on, for whom, at which price; empty where it says nothing of it."""
    group_sizes: ForAll[tuple[int, ...]] = ()
    """How many players a booking may have from now on; empty where it says nothing of it."""
    restrictions: ForAll[tuple[SheetRestriction, ...]] = ()
    """What is asked of who wants some of its starts from now on."""
    has_own_restrictions: ForAll[bool | None] = None
    """Whether its restrictions are the day's own, and no template's; none where it says nothing of it."""
    retold_slots: ForAll[tuple[RetoldSlot, ...]] = ()
    """Free places of tee times that the shop alone sells by now, or no longer, with what they are to who is told."""
    has_own_prices: ForAll[bool | None] = None
    """Whether its prices are the day's own, and no template's; none where it says nothing of it."""
    has_own_group_sizes: ForAll[bool | None] = None
    """Whether its group sizes are the day's own, and no template's; none where it says nothing of it."""
    currency: ForAll[str]
    """ISO 4217 code of the prices."""


@event("sheet-template.changed")
class SheetTemplateChanged(ClubEvent):
    """A course's template was set; sheets that exist already keep their prices and starts."""

    course_id: ForAll[str]
    """The course."""


@event("sheet-season.set")
class SheetSeasonSet(ClubEvent):
    """A season of a course was added or changed; sheets that exist already keep their prices and starts."""

    course_id: ForAll[str]
    """The course."""
    season_id: ForAll[str]
    """The season."""
    name: ForAll[str]
    """Its name, which its course has once."""
    first_date: ForAll[date | None]
    """Its first day; none if it has no beginning."""
    last_date: ForAll[date | None]
    """Its last day, itself included; none if it has no end."""
    weekdays: ForAll[tuple[Weekday, ...]]
    """On which days of the week it holds."""
    priority: ForAll[int]
    """Of several seasons that hold on a day, the highest goes first."""


@event("sheet-season.removed")
class SheetSeasonRemoved(ClubEvent):
    """A season of a course was removed; sheets that exist already stay as they are."""

    course_id: ForAll[str]
    """The course."""
    season_id: ForAll[str]
    """The season."""


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


@event("tee-sheet.noted")
class TeeSheetNoted(SheetEvent):
    """What is noted on a day, or on one of its starts, is another than before."""

    sheet_id: ForAll[str]
    """The tee sheet."""
    tee_time_id: ForAll[str | None]
    """The start that it is noted on; none for the day."""
    note: ForAll[str]
    """The note for everybody who sees the sheet; empty where there is none."""
    staff_note: ForStaff[str | None]
    """The note for the staff alone; empty where there is none. Others are told nothing."""

    @property
    def kept_for(self) -> str | None:
        """The start, or the sheet."""
        return self.tee_time_id or self.sheet_id
