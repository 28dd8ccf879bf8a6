"""Rules of the waitlist: which windows make sense, who may still answer an offer."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time

from domain.tee_sheet.inventory.problems import NotOnSale
from domain.tee_sheet.waitlist.problems import OfferEnded, OfferExpired
from kit.errors import InvalidInput
from models.tee_sheet.values import Price, PriceClass
from models.tee_sheet.waitlist import OfferStatus


def check_time_window(earliest: time, latest: time, *, starts: Iterable[time]) -> None:
    """Refuse a window, both ends of it included, in which no start lies that is still to come. Raises InvalidInput."""
    if latest < earliest:
        raise InvalidInput(message="Choose a latest start that is not before the earliest.", path=("input", "latest"))
    if not any(earliest <= start <= latest for start in starts):
        message = "No start that is still to come lies between these times; choose a wider window."
        raise InvalidInput(message=message, path=("input", "earliest"))


def check_class_is_sold(prices: Iterable[Price], *, goes_by: Sequence[PriceClass], holes: int) -> None:
    """Refuse to let somebody wait for what is not sold to their price class at all. Raises NotOnSale."""
    if not any(price.price_class in goes_by for price in prices):
        raise NotOnSale(price_class=goes_by[0], holes=holes)


def check_answerable(status: OfferStatus, *, expires_at: datetime, now: datetime) -> None:
    """Refuse an answer to an offer that has ended; the last moment itself is too late.

    Raises OfferExpired, OfferEnded.
    """
    if status is OfferStatus.EXPIRED or (status is OfferStatus.PENDING and expires_at <= now):
        raise OfferExpired(expired_at=expires_at)
    if status is not OfferStatus.PENDING:
        raise OfferEnded(status=status)
