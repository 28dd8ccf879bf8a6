"""What a place costs, by price class, holes and the local time of its start."""

from collections.abc import Iterable, Sequence
from datetime import time
from typing import Any

from domain.tee_sheet.inventory.problems import NotOnSale
from models.tee_sheet.values import PUBLIC, Price, PriceClass

PERIOD = ("first_start", "last_start")


def stored_prices(rows: Iterable[dict[str, Any]]) -> tuple[Price, ...]:
    """Read prices from where a template or a sheet keeps them."""
    return tuple(
        Price(PriceClass(row["price_class"]), row["holes"], row["cents"], *(_time(row.get(name)) for name in PERIOD))
        for row in rows
    )


def _time(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)


def price_rows(prices: Iterable[Price]) -> list[dict[str, Any]]:
    """Write prices as a template or a sheet keeps them."""
    return [
        {"price_class": price.price_class, "holes": price.holes, "cents": price.cents}
        | {name: at.isoformat() for name in PERIOD if (at := getattr(price, name)) is not None}
        for price in prices
    ]


def prices_for(prices: Iterable[Price], *, goes_by: Sequence[PriceClass], holes: int) -> list[Price]:
    """Give the prices of a round that may hold for a class: each goes before those behind it.

    `goes_by` is the class itself, and then that of its kind (`Club.goes_by`). Of each, the price of a period goes
    before that of the whole day.
    """
    found = [price for price in prices if price.holes == holes and price.price_class in goes_by]
    return sorted(found, key=lambda price: (goes_by.index(price.price_class), not price.has_period))


def price_at(prices: Iterable[Price], *, goes_by: Sequence[PriceClass], holes: int, at: time) -> Price | None:
    """Give the price that holds for a class, a round and a start."""
    return next((price for price in prices_for(prices, goes_by=goes_by, holes=holes) if price.covers(at)), None)


def list_price(prices: Iterable[Price], *, holes: int, at: time) -> int:
    """Give the price in cents that a free place is offered at: the public's for a full round, or else the highest."""
    known = tuple(prices)
    public = price_at(known, goes_by=(PUBLIC,), holes=holes, at=at)
    if public is not None:
        return public.cents
    others = {(price.price_class, price.holes) for price in known}
    held = [price_at(known, goes_by=(price_class,), holes=number, at=at) for price_class, number in others]
    return max((price.cents for price in held if price), default=0)


def price_of(prices: Iterable[Price], *, goes_by: Sequence[PriceClass], holes: int, at: time) -> Price:
    """Find what one player of a price class pays for a round of 9 or 18 holes, from a start. Raises NotOnSale."""
    price = price_at(prices, goes_by=goes_by, holes=holes, at=at)
    if price is None:
        raise NotOnSale(price_class=goes_by[0], holes=holes)
    return price
