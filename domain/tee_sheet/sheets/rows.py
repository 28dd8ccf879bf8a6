"""Starts and places of a sheet as rows, and as events show them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from typing import Any
from uuid import UUID

from domain.tee_sheet.inventory.prices import list_price, stored_prices
from domain.tee_sheet.inventory.restrictions import planned_time, shop_sale_at, stored_restrictions
from domain.tee_sheet.sheets.starts import Start
from events.tee_sheet.sheets import ChangedSlot, ChangedTeeTime, SheetPrice, SheetRestriction, TeeSheetChanged
from kit.ids import new_id, public_id
from models.tee_sheet.desk import SheetChange
from models.tee_sheet.tables import TeeSheet
from models.tee_sheet.values import Price, Restriction, SlotStatus

Row = dict[str, Any]


def start_rows(starts: Iterable[Start], *, sheet_id: UUID, tenant_id: UUID, by_hand: bool = False) -> list[Row]:
    """Write new starts of a sheet, those of its template or such that were added by hand."""
    return [
        {
            "id": new_id(),
            "sheet_id": sheet_id,
            "starts_at": start.starts_at,
            "local_time": start.local_time,
            "tee": start.tee,
            "is_by_hand": by_hand,
            "tenant_id": tenant_id,
        }
        for start in starts
    ]


def slot_rows(tee_time_ids: Iterable[UUID], *, first: int = 1, last: int, tenant_id: UUID) -> list[Row]:
    """Write the free places of starts from a number to another, both included."""
    return [
        {
            "id": new_id(),
            "tee_time_id": tee_time_id,
            "number": number,
            "status": SlotStatus.AVAILABLE,
            "tenant_id": tenant_id,
        }
        for tee_time_id in tee_time_ids
        for number in range(first, last + 1)
    ]


def shown_starts(
    tee_times: Sequence[Row],
    slots: Iterable[Row],
    *,
    prices: Sequence[Price],
    restrictions: Sequence[Restriction],
    holes: int,
    zone: str,
) -> tuple[ChangedTeeTime, ...]:
    """Show starts with all their places, none of which is taken, as events carry them."""
    by_tee_time: dict[UUID, list[ChangedSlot]] = {row["id"]: [] for row in tee_times}
    offered = {row["id"]: list_price(prices, holes=holes, at=row["local_time"]) for row in tee_times}
    planned = {row["id"]: planned_time(row["starts_at"], row.get("delayed_minutes"), zone=zone) for row in tee_times}
    by_shop = {row["id"]: shop_sale_at(restrictions, at=planned[row["id"]], tee=row["tee"]) for row in tee_times}
    for slot in sorted(slots, key=lambda row: row["number"]):
        shown = ChangedSlot(
            slot_id=public_id("slot", slot["id"]),
            slot_number=slot["number"],
            status=slot["status"],
            price_cents=offered[slot["tee_time_id"]],
            shop_only=by_shop[slot["tee_time_id"]] is not None,
        )
        by_tee_time[slot["tee_time_id"]].append(shown)
    return tuple(
        _shown(row, by_tee_time, planned) for row in sorted(tee_times, key=lambda row: (row["starts_at"], row["tee"]))
    )


def _shown(row: Row, slots: Mapping[UUID, list[ChangedSlot]], planned: Mapping[UUID, time]) -> ChangedTeeTime:
    return ChangedTeeTime(
        tee_time_id=public_id("tee_time", row["id"]),
        starts_at=row["starts_at"],
        local_time=row["local_time"],
        tee=row["tee"],
        slots=tuple(slots[row["id"]]),
        planned_time=planned[row["id"]] if row.get("delayed_minutes") else None,
    )


def changed(sheet: TeeSheet, change: SheetChange, **more: Any) -> TeeSheetChanged:
    """State that a sheet has changed, with what it sells by now."""
    return TeeSheetChanged(
        club_id=public_id("club", sheet.club_id),
        course_id=public_id("course", sheet.course_id),
        date=sheet.date,
        sheet_id=public_id("tee_sheet", sheet.id),
        change=change,
        currency=sheet.currency,
        prices=tuple(
            SheetPrice(
                price_class=price.price_class,
                holes=price.holes,
                price_cents=price.cents,
                first_start=price.first_start,
                last_start=price.last_start,
            )
            for price in stored_prices(sheet.prices)
        ),
        group_sizes=tuple(sheet.group_sizes),
        restrictions=tuple(_restriction(one) for one in stored_restrictions(sheet.restrictions)),
        has_own_restrictions=sheet.has_own_restrictions,
        has_own_prices=sheet.has_own_prices,
        has_own_group_sizes=sheet.has_own_group_sizes,
        **more,
    )


def _restriction(one: Restriction) -> SheetRestriction:
    return SheetRestriction(
        name=one.name,
        first_start=one.first_start,
        last_start=one.last_start,
        tees=one.tees or (),
        price_classes=one.price_classes or (),
        fewest_players=one.fewest_players,
        most_players=one.most_players,
        holes=one.holes,
        walking_only=one.walking_only,
        shop_sale=one.shop_sale,
        opens_day_before=one.opens_day_before,
    )
