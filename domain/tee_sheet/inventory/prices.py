"""What a place costs."""

from collections.abc import Iterable
from typing import Any

from domain.tee_sheet.inventory.problems import NotOnSale
from models.tee_sheet.values import Price, PriceClass


def stored_prices(rows: Iterable[dict[str, Any]]) -> tuple[Price, ...]:
    """Read prices from where a template or a sheet keeps them."""
    return tuple(Price(PriceClass(row["price_class"]), row["holes"], row["cents"]) for row in rows)


def list_price(prices: Iterable[Price], *, holes: int) -> int:
    """Give the price in cents that a free place is offered at: the public's for a full round, or else the highest."""
    known = list(prices)
    public = [p.cents for p in known if (p.price_class, p.holes) == (PriceClass.PUBLIC, holes)]
    return max(public or [p.cents for p in known], default=0)


def price_of(prices: Iterable[Price], *, price_class: PriceClass, holes: int) -> Price:
    """Find what one player of a price class pays for a round of 9 or 18 holes. Raises NotOnSale."""
    for price in prices:
        if (price.price_class, price.holes) == (price_class, holes):
            return price
    raise NotOnSale(price_class=price_class, holes=holes)
