from datetime import UTC, datetime, time, timedelta

import pytest

from domain.tee_sheet.inventory.problems import NotOnSale
from domain.tee_sheet.offers.waitlist_rules import goes_on, offer_ends_at
from domain.tee_sheet.waitlist.problems import OfferEnded, OfferExpired
from domain.tee_sheet.waitlist.rules import check_answerable, check_class_is_sold, check_time_window
from kit.errors import InvalidInput
from models.tee_sheet.values import MEMBER, PUBLIC, Price
from models.tee_sheet.waitlist import OfferStatus

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(("minutes", "to_start", "lasts"), [(15, 60, 15), (15, 15, 15), (15, 14, 14), (1, 1440, 1)])
def test_an_offer_lasts_its_minutes_and_never_beyond_the_start(minutes, to_start, lasts):
    ends_at = offer_ends_at(now=NOON, minutes=minutes, starts_at=NOON + timedelta(minutes=to_start))
    assert ends_at == NOON + timedelta(minutes=lasts)


@pytest.mark.parametrize(("unanswered", "limit", "wanted"), [(0, 1, True), (1, 1, False), (2, 3, True), (3, 3, False)])
def test_places_are_offered_as_often_as_the_house_rule_says(unanswered, limit, wanted):
    assert goes_on(unanswered, limit=limit) is wanted


@pytest.mark.parametrize(
    ("earliest", "latest", "path"),
    [
        (time(8), time(8), None),
        (time(7, 51), time(8), None),
        (time(8), time(8, 9), None),
        (time(8, 1), time(8, 9), ("input", "earliest")),
        (time(8, 11), time(9), ("input", "earliest")),
        (time(8, 1), time(8), ("input", "latest")),
    ],
)
def test_a_window_holds_a_start_both_ends_included(earliest, latest, path):
    if path is None:
        check_time_window(earliest, latest, starts=[time(8), time(8, 10)])
        return
    with pytest.raises(InvalidInput) as caught:
        check_time_window(earliest, latest, starts=[time(8), time(8, 10)])
    assert caught.value.path == path


def test_a_class_is_sold_when_it_has_a_price_for_any_number_of_holes():
    prices = [Price(PUBLIC, 9, 5000)]
    check_class_is_sold(prices, goes_by=(PUBLIC,), holes=18)
    with pytest.raises(NotOnSale):
        check_class_is_sold(prices, goes_by=(MEMBER,), holes=18)


@pytest.mark.parametrize("status", OfferStatus)
@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_a_pending_offer_can_be_answered_before_its_end(status, seconds):
    now = NOON + timedelta(seconds=seconds)
    if status is OfferStatus.PENDING and seconds < 0:
        check_answerable(status, expires_at=NOON, now=now)
        return
    over = status in {OfferStatus.PENDING, OfferStatus.EXPIRED}
    with pytest.raises(OfferExpired if over else OfferEnded):
        check_answerable(status, expires_at=NOON, now=now)
