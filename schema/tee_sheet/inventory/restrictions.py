"""What is asked of who wants some starts, as screens show it."""

from collections.abc import Iterable
from datetime import time
from typing import Self

from models.tee_sheet.values import PriceClass, Restriction, ShopSale
from schema.describe import enum, output

enum(ShopSale)


@output
class StartRestriction:
    """What is asked of who wants the starts of a part of a day; staff sell them to anybody.

    It holds for starts that were planned for its times, and goes along with them when they are delayed.
    """

    name: str
    """What the club calls it; empty if it has no name."""
    first_start: time | None
    """The first start that it holds for, on the course's clock; none for the beginning of the day."""
    last_start: time | None
    """The last start that it holds for, itself included; none for the end of the day."""
    tees: list[int]
    """The tees whose starts it holds for; empty for all."""
    price_classes: list[PriceClass]
    """The price classes that may book and play; empty for all."""
    fewest_players: int | None
    """How many play together at least."""
    most_players: int | None
    """How many play together at most."""
    holes: int | None
    """9 or 18, where only these are played; none for both."""
    walking_only: bool
    """Whether its players walk."""
    shop_sale: ShopSale | None
    """How players are shown it, where the shop alone sells it."""
    opens_day_before: time | None
    """From which time on the day before it is sold, on the course's clock."""

    @classmethod
    def of(cls, one: Restriction) -> Self:
        """Show a restriction."""
        return cls(
            name=one.name,
            first_start=one.first_start,
            last_start=one.last_start,
            tees=list(one.tees or ()),
            price_classes=list(one.price_classes or ()),
            fewest_players=one.fewest_players,
            most_players=one.most_players,
            holes=one.holes,
            walking_only=one.walking_only,
            shop_sale=one.shop_sale,
            opens_day_before=one.opens_day_before,
        )


def shown_restrictions(found: Iterable[Restriction]) -> list[StartRestriction]:
    """Show restrictions, in the order in which they were given."""
    return [StartRestriction.of(one) for one in found]
