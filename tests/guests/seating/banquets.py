"""Banquets to try a seating on: small ones of every kind, and large ones as clubs have them."""

from random import Random
from uuid import UUID

from hypothesis import strategies as st

from domain.guests.seating.chart import Banquet, GuestToSeat, Rule, TableToFill

HOUSEHOLD, TABLE, RULE = 10_000, 20_000, 30_000
GROUPS = ("", "", "bride", "groom", "club")


def number(value: int) -> UUID:
    """Make an id of a number, in whose order ids are."""
    return UUID(int=value)


def wedding(
    seed: int, *, guests: int, tables: int, rules: int, accessible: int = 10, wheelchairs: int = 5, vips: int = 12
) -> Banquet:
    """Invite households of one to five to tables of eight, with rules of which four in five keep people apart."""
    dice = Random(seed)
    people: list[tuple[int, int, str]] = []
    household = HOUSEHOLD
    while len(people) < guests:
        household += 1
        group = dice.choice(["bride", "groom", "club", "school", "office", "family"])
        size = min(dice.choice([1, 2, 2, 2, 3, 4, 4, 5]), guests - len(people))
        people += [(len(people) + n, household, group) for n in range(size)]
    in_wheelchairs, are_vips = set(dice.sample(range(guests), wheelchairs)), set(dice.sample(range(guests), vips))
    seated = [
        GuestToSeat(number(guest), number(home), group, guest in are_vips, guest in in_wheelchairs)
        for guest, home, group in people
    ]
    room = [TableToFill(number(TABLE + n), 8, n < accessible, n < 2) for n in range(tables)]
    return Banquet.of(seated, room, [_rule(n, dice, seated) for n in range(rules)])


def _rule(rule: int, dice: Random, guests: list[GuestToSeat]) -> Rule:
    """Make a rule about two of different households, or about their households."""
    first, second = dice.sample(guests, 2)
    while first.household_id == second.household_id:
        second = dice.choice(guests)
    about_households = dice.random() < 0.5
    sides = (first.household_id, second.household_id) if about_households else (first.id, second.id)
    return Rule(number(RULE + rule), dice.random() < 0.8, *sides)


@st.composite
def banquets(draw: st.DrawFn, *, most_guests: int = 14, most_tables: int = 4) -> Banquet:
    """Draw a banquet: also with too few seats, rules that contradict each other, and locks that hold people apart."""
    tables = [
        TableToFill(number(TABLE + n), draw(st.integers(1, 6)), draw(st.booleans()), draw(st.booleans()))
        for n in range(draw(st.integers(0, most_tables)))
    ]
    homes = draw(st.lists(st.integers(1, 5), max_size=most_guests).map(sorted))
    left = {table.id: table.capacity for table in tables}
    guests = []
    for guest, home in enumerate(homes):
        free = [table_id for table_id, seats in left.items() if seats]
        at = draw(st.sampled_from([None, None, None, *free]))
        if at:
            left[at] -= 1
        traits = (draw(st.sampled_from(GROUPS)), draw(st.booleans()), draw(st.integers(0, 4)) == 0)
        guests.append(GuestToSeat(number(guest), number(HOUSEHOLD + home), *traits, at, at is not None))
    named = [*(guest.id for guest in guests), *{guest.household_id for guest in guests}, number(99_999)]
    sides = st.lists(st.tuples(st.booleans(), st.sampled_from(named), st.sampled_from(named)), max_size=6)
    rules = [Rule(number(RULE + n), *rule) for n, rule in enumerate(draw(sides)) if rule[1] != rule[2]]
    return Banquet.of(guests, tables, rules)
