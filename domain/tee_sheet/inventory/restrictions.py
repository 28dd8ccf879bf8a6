"""What is asked of who wants some starts of a day: how it is kept, and for which starts it holds."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from models.tee_sheet.tables import TeeSheet, TeeTime
from models.tee_sheet.values import PriceClass, Restriction, ShopSale

TIMES = ("first_start", "last_start", "opens_day_before")


def stored_restrictions(rows: Iterable[dict[str, Any]]) -> tuple[Restriction, ...]:
    """Read restrictions from where a template or a sheet keeps them."""
    return tuple(_restriction(row) for row in rows)


def _restriction(row: dict[str, Any]) -> Restriction:
    known: dict[str, Any] = dict(row)
    known |= {name: time.fromisoformat(row[name]) for name in TIMES if name in row}
    if "price_classes" in row:
        known["price_classes"] = tuple(PriceClass(name) for name in row["price_classes"])
    if "tees" in row:
        known["tees"] = tuple(row["tees"])
    if "shop_sale" in row:
        known["shop_sale"] = ShopSale(row["shop_sale"])
    return Restriction(**known)


def restriction_rows(restrictions: Iterable[Restriction]) -> list[dict[str, Any]]:
    """Write restrictions as a template or a sheet keeps them."""
    return [
        {name: _kept(value) for name in Restriction.__slots__ if (value := getattr(one, name)) not in (None, False, "")}
        for one in restrictions
    ]


def _kept(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def planned_time(starts_at: datetime, delayed_minutes: int | None, *, zone: str) -> time:
    """Give the local time that a start was planned for, before it was delayed by so many minutes."""
    return (starts_at - timedelta(minutes=delayed_minutes or 0)).astimezone(ZoneInfo(zone)).time()


def holding(restrictions: Iterable[Restriction], *, at: time, tee: int) -> tuple[Restriction, ...]:
    """Give the restrictions that hold for a start that was planned for a local time."""
    return tuple(one for one in restrictions if one.covers(at, tee))


def restrictions_of(sheet: TeeSheet, tee_time: TeeTime) -> tuple[Restriction, ...]:
    """Give the restrictions that hold for a start of a sheet."""
    at = planned_time(tee_time.starts_at, tee_time.delayed_minutes, zone=sheet.time_zone)
    return holding(stored_restrictions(sheet.restrictions or ()), at=at, tee=tee_time.tee)


def shop_sale_at(restrictions: Sequence[Restriction], *, at: time, tee: int) -> ShopSale | None:
    """Tell how players are shown a start that was planned for a local time; None unless the shop alone sells it."""
    found = {one.shop_sale for one in restrictions if one.shop_sale and one.covers(at, tee)}
    return next((sale for sale in (ShopSale.HIDDEN, ShopSale.TAKEN) if sale in found), None)
