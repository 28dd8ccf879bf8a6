"""How long seats by themselves take: `uv run python -m bench.seating`. One process, no server, no database."""

from collections import Counter
from random import Random
from statistics import median
from time import perf_counter, process_time
from uuid import UUID

from domain.guests.seating.chart import Banquet, GuestToSeat, Rule, TableToFill
from domain.guests.seating.plan import SeatingPlan, plan_seating

REPEATS = 5
HOUSEHOLD, TABLE, RULE = 10_000, 20_000, 30_000
GROUPS = ("bride", "groom", "club", "school", "office", "family")
CASES = {
    "a wedding": {"guests": 96, "tables": 13, "rules": 4, "accessible": 13, "wheelchairs": 1, "vips": 4},
    "300 guests": {"guests": 300, "tables": 40, "rules": 100},
    "the same, two tables fewer": {"guests": 300, "tables": 38, "rules": 100},
    "the same, 16 seats too few": {"guests": 320, "tables": 38, "rules": 100},
    "20 wheelchairs, one table for them": {
        "guests": 312, "tables": 39, "rules": 100, "accessible": 1, "wheelchairs": 20,
    },
    "the most that an occasion has": {"guests": 2_000, "tables": 200, "rules": 500, "accessible": 50, "vips": 40},
}  # fmt: skip


def banquet(
    *, guests: int, tables: int, rules: int, accessible: int = 10, wheelchairs: int = 5, vips: int = 12
) -> Banquet:
    """Households of one to five, tables of eight (ten where 2,000 are seated), two of them for VIPs."""
    dice = Random(1)
    homes: list[tuple[UUID, str]] = []
    household = HOUSEHOLD
    while len(homes) < guests:
        household += 1
        size, group = dice.choice([1, 2, 2, 2, 3, 4, 4, 5]), dice.choice(GROUPS)
        homes += [(UUID(int=household), group)] * min(size, guests - len(homes))
    in_wheelchairs, are_vips = set(dice.sample(range(guests), wheelchairs)), set(dice.sample(range(guests), vips))
    people = [
        GuestToSeat(UUID(int=n), home, group, n in are_vips, n in in_wheelchairs)
        for n, (home, group) in enumerate(homes)
    ]
    capacity = 8 if guests < 1_000 else 10
    room = [TableToFill(UUID(int=TABLE + n), capacity, n < accessible, n < 2) for n in range(tables)]
    return Banquet.of(people, room, [_rule(n, dice, people) for n in range(rules)])


def _rule(number: int, dice: Random, guests: list[GuestToSeat]) -> Rule:
    """Four in five keep people or their households apart; the others keep them together."""
    first, second = dice.sample(guests, 2)
    while first.household_id == second.household_id:
        second = dice.choice(guests)
    sides = dice.choice([(first.id, second.id), (first.household_id, second.household_id)])
    return Rule(UUID(int=RULE + number), dice.random() < 0.8, *sides)


def main() -> None:
    """Plan each case a few times, and print the medians."""
    print("| case | processor, s | clock, s | cost | what is wrong with it |\n| --- | --- | --- | --- | --- |")
    for name, sizes in CASES.items():
        plan, processor, clock = _measure(banquet(**sizes))
        flaws = Counter(problem.flaw for problem in plan.problems)
        wrong = ", ".join(f"{number} {flaw.lower().replace('_', ' ')}" for flaw, number in flaws.items())
        print(f"| {name} | {processor:.2f} | {clock:.2f} | {plan.cost:,} | {wrong or 'nothing'} |")


def _measure(given: Banquet) -> tuple[SeatingPlan, float, float]:
    processors, clocks = [], []
    for _ in range(REPEATS):
        processor, clock = process_time(), perf_counter()
        plan = plan_seating(given)
        processors.append(process_time() - processor)
        clocks.append(perf_counter() - clock)
    return plan, median(processors), median(clocks)


if __name__ == "__main__":
    main()
