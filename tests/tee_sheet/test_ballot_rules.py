"""Who chooses before whom in a draw, and that nobody is favoured by it."""

from collections import Counter
from hashlib import sha256
from random import Random

import pytest

from domain.tee_sheet.ballots.rules import (
    Candidate,
    check_choices,
    first_fitting,
    hash_of,
    new_seed,
    order_of,
    points_for,
    ticket,
)
from kit.errors import InvalidInput

WEEKS = 52
CRITICAL = {39: 62.43, 19: 36.19}
"""The 0.99 quantiles of chi-square, by degrees of freedom (NIST/SEMATECH e-Handbook, 1.3.6.7.4)."""


def entries(count, got=None):
    return [Candidate(entry_id=f"ballot_entry_{n:026d}", got_before=(got or {}).get(n, 0)) for n in range(count)]


def number(one):
    return int(one.entry_id.rpartition("_")[2])


def seeds(count):
    random = Random(2026)
    return [random.randbytes(32).hex() for _ in range(count)]


def chi_square(counts, expected):
    return sum((one - expected) ** 2 / expected for one in counts)


def test_a_ticket_is_what_anyone_computes():
    # RFC 4231, test case 2, whose key and message are texts
    assert ticket("Jefe", "what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
    assert hash_of("abc") == sha256(b"abc").hexdigest()
    assert len({new_seed() for _ in range(100)}) == 100


def test_over_a_year_of_draws_between_equals_nobody_is_favoured():
    wins = Counter()
    for seed in seeds(WEEKS):
        wins.update(number(one) for one in order_of(entries(40), seed=seed)[:20])
    assert chi_square([wins[n] for n in range(40)], WEEKS * 20 / 40) < CRITICAL[39]


def test_each_rank_is_everybody_s_as_often():
    ranks = Counter(number(order_of(entries(20), seed=seed)[0]) for seed in seeds(4000))
    assert chi_square([ranks[n] for n in range(20)], 4000 / 20) < CRITICAL[19]


def test_who_got_less_comes_first_and_over_a_year_all_get_the_same():
    wins = Counter()
    for seed in seeds(WEEKS):
        order = order_of(entries(40, got={n: wins[n] * 10 for n in range(40)}), seed=seed)
        assert [wins[number(one)] for one in order] == sorted(wins[number(one)] for one in order)
        wins.update(number(one) for one in order[:20])
    assert {wins[n] for n in range(40)} == {WEEKS // 2}


def test_the_order_does_not_depend_on_who_entered_when():
    [seed] = seeds(1)
    shuffled = entries(30)
    Random(1).shuffle(shuffled)
    assert order_of(shuffled, seed=seed) == order_of(entries(30), seed=seed)


@pytest.mark.parametrize(("choice", "points"), [(None, 0), (1, 10), (2, 9), (10, 1)])
def test_points_are_for_how_much_somebody_wanted_what_they_got(choice, points):
    assert points_for(choice) == points


@pytest.mark.parametrize(
    ("places", "refused", "found"),
    [(1, {}, 2), (2, {}, 3), (4, {}, 3), (5, {}, None), (1, {"2": "X"}, 3), (1, {"2": "X", "3": "Y"}, None)],
)
def test_a_party_gets_the_first_choice_with_room_for_all_of_it(places, refused, found):
    left = {"a": 0, "b": 1, "c": 4}
    assert first_fitting(["a", "b", "c", "gone"], places=places, left=left, refused=refused) == found


@pytest.mark.parametrize("choices", [[], list(range(11)), [1, 2, 1]])
def test_choices_are_from_one_to_ten_and_each_once(choices):
    with pytest.raises(InvalidInput):
        check_choices(choices, path=("input", "teeTimeIds"))
