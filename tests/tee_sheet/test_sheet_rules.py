from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clubs.privacy import visible_name
from domain.tee_sheet.sheets.figures import DayFigures, figures, utilisation_percent
from models.clubs.values import NamePrivacy
from models.tee_sheet.values import SlotStatus

AVAILABLE, HELD, BOOKED, BLOCKED = SlotStatus


class TestVisibleName:
    @pytest.mark.parametrize(
        ("privacy", "seen"),
        [(NamePrivacy.FULL, "Núñez"), (NamePrivacy.INITIALS, "N."), (NamePrivacy.HIDDEN, "")],
    )
    def test_by_privacy(self, privacy, seen):
        assert visible_name("Núñez", privacy=privacy, full=False) == seen

    @pytest.mark.parametrize("privacy", NamePrivacy)
    def test_in_full_for_staff(self, privacy):
        assert visible_name(" Ana", privacy=privacy, full=True) == " Ana"

    @pytest.mark.parametrize(
        ("name", "initial"),
        [
            ("Élodie", "É."),
            ("E\N{COMBINING ACUTE ACCENT}lodie", "É."),
            ("M\N{COMBINING MACRON}\N{COMBINING DIAERESIS}ax", "M\N{COMBINING MACRON}\N{COMBINING DIAERESIS}."),
            ("Østergård", "Ø."),
            ("  Jo", "J."),
            ("'t Hooft", "t."),
            ("(Bob)", "B."),
            ("O'Brien", "O."),
            ("王", "王."),
            ("한", "한."),
            ("\N{CJK UNIFIED IDEOGRAPH-20BB7}野", "\N{CJK UNIFIED IDEOGRAPH-20BB7}."),
            ("निशा", "नि."),
            ("4", "4."),
            ("", ""),
            ("   ", ""),
        ],
    )
    def test_initials(self, name, initial):
        assert visible_name(name, privacy=NamePrivacy.INITIALS, full=False) == initial

    @given(st.text(max_size=40))
    def test_nothing_of_a_hidden_name_is_seen(self, name):
        assert visible_name(name, privacy=NamePrivacy.HIDDEN, full=False) == ""

    @given(st.text("abcdefXYZ", max_size=40))
    def test_an_initial_is_one_letter(self, name):
        initial = visible_name(name, privacy=NamePrivacy.INITIALS, full=False)
        assert initial == (f"{name[0]}." if name else "")


class TestFigures:
    def test_of_a_day(self):
        places = {BOOKED: 10, AVAILABLE: 18, HELD: 2, BLOCKED: 6}
        revenue = {"USD": 120_000, "EUR": 4_500}
        assert figures(places=places, players=10, checked_in=4, no_shows=1, revenue_cents=revenue) == DayFigures(
            places=places, players=10, checked_in=4, no_shows=1, revenue_cents=revenue, utilisation_percent=33.3
        )

    def test_every_status_and_currencies_in_order(self):
        day = figures(places={BOOKED: 1}, players=1, checked_in=0, no_shows=0, revenue_cents={"USD": 1, "EUR": 2})
        assert list(day.places.items()) == [(AVAILABLE, 0), (HELD, 0), (BOOKED, 1), (BLOCKED, 0)]
        assert list(day.revenue_cents) == ["EUR", "USD"]

    @pytest.mark.parametrize(
        ("places", "percent"),
        [
            ({}, 0.0),
            ({BLOCKED: 8}, 0.0),
            ({AVAILABLE: 4}, 0.0),
            ({BOOKED: 4, BLOCKED: 100}, 100.0),
            ({BOOKED: 1, HELD: 1}, 50.0),
            ({BOOKED: 1, AVAILABLE: 15}, 6.3),  # 6.25: half up, where the binary fraction would go down
            ({BOOKED: 2, AVAILABLE: 1}, 66.7),
        ],
    )
    def test_utilisation(self, places, percent):
        assert utilisation_percent(places) == percent

    @given(st.dictionaries(st.sampled_from(SlotStatus), st.integers(0, 2_000)))
    def test_utilisation_is_rounded_half_up(self, places):
        for_sale = sum(count for status, count in places.items() if status is not BLOCKED)
        exact = Decimal(100 * places.get(BOOKED, 0)) / for_sale if for_sale else Decimal(0)
        assert utilisation_percent(places) == float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))
