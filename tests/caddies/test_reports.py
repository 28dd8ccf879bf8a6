"""Loops and what they earn, by day and by week."""

from tests.caddies.shack import add_all, done, set_status, start

REPORT = """query($c: ID!, $d: Date!, $s: ReportSpan, $l: [Int!]) {
  caddieReport(clubId: $c, date: $d, span: $s, lists: $l) { first last caddies {
    name loops tiers { feeTier loops fees { amountCents } } fees { amountCents currency } tips { amountCents currency }
  } }
}"""


async def report(world, day, *, who=None, **more):
    answer = await world.server.run(REPORT, who=who or world.staff, c=world.club, d=day, **more)
    return answer.data["caddieReport"]


async def loop(world, list_number=1, **more):
    turn = await start(world, list_number)
    return (await done(world, "endTurn", turnId=turn["id"], **more))["turn"]


async def set_fees(world, **cents):
    fees = [{"feeTier": tier, "feeCents": fee} for tier, fee in cents.items()]
    await done(world, "setCaddieSettings", who=world.admin, clubId=world.club, fees=fees)


async def test_loops_fees_and_tips_add_up(world, clock):
    await add_all(world, "Ana Bea")
    await add_all(world, "Dan", 2)
    await set_fees(world, SINGLE=5000, DOUBLE=9000)
    ended = await loop(world, tipCents=700)
    assert ended["fee"] == {"amountCents": 5000, "currency": "EUR"}
    assert ended["tip"] == {"amountCents": 700, "currency": "EUR"}
    await loop(world, feeTier="DOUBLE")
    await loop(world, feeTier="DOUBLE", tipCents=300)
    await loop(world, 2)
    await set_fees(world, SINGLE=6000)  # what is over keeps its fee
    await start(world)  # not over, so no loop
    monday = await report(world, "2026-05-04")
    assert (monday["first"], monday["last"]) == ("2026-05-04", "2026-05-04")
    ana = next(row for row in monday["caddies"] if row["name"] == "Ana")
    assert ana == {
        "name": "Ana",
        "loops": 2,
        "tiers": [
            {"feeTier": "DOUBLE", "loops": 1, "fees": {"amountCents": 9000}},
            {"feeTier": "SINGLE", "loops": 1, "fees": {"amountCents": 5000}},
        ],
        "fees": {"amountCents": 14000, "currency": "EUR"},
        "tips": {"amountCents": 1000, "currency": "EUR"},
    }
    assert [(row["name"], row["loops"]) for row in monday["caddies"]] == [("Ana", 2), ("Bea", 1), ("Dan", 1)]


async def test_a_week_is_from_monday_to_sunday(world, clock):
    await add_all(world, "Ana")
    for days in (0, 6, 1):
        clock.advance(days=days)
        await loop(world, tipCents=100)
    week = await report(world, "2026-05-06", s="WEEK")
    assert (week["first"], week["last"]) == ("2026-05-04", "2026-05-10")
    assert [row["loops"] for row in week["caddies"]] == [2]
    assert [row["loops"] for row in (await report(world, "2026-05-11", s="WEEK"))["caddies"]] == [1]
    assert (await report(world, "2026-05-05"))["caddies"] == []


async def test_a_caddie_sees_the_loops_of_the_own_list(world):
    ids = await add_all(world, "Ana Bea")
    await add_all(world, "Dan", 2)
    await loop(world)
    await loop(world, 2)
    await done(world, "updateCaddie", caddieId=ids["Ana"], listNumber=2)  # the loop stays where it was made
    of_one = await report(world, "2026-05-04", who=world.caddie(1))
    assert [row["name"] for row in of_one["caddies"]] == ["Ana"]
    of_two = await report(world, "2026-05-04", who=world.caddie(2))
    assert [row["name"] for row in of_two["caddies"]] == ["Dan"]
    both = await report(world, "2026-05-04", who=world.caddie(1, 2), l=[1, 2])
    assert [row["name"] for row in both["caddies"]] == ["Ana", "Dan"]


async def test_a_caddie_goes_by_the_name_of_then(world):
    ids = await add_all(world, "Dan")
    await add_all(world, "Zoe", 2)
    await loop(world)
    turn = await start(world)
    await done(world, "updateCaddie", caddieId=ids["Dan"], name="Daniel")  # an open turn follows
    ended = (await done(world, "endTurn", turnId=turn["id"]))["turn"]
    await done(world, "updateCaddie", caddieId=ids["Dan"], listNumber=2, name="Secret")
    await loop(world, 2)
    await loop(world, 2)
    await done(world, "updateCaddie", caddieId=ids["Dan"], name="Secreter")
    for who in (world.caddie(1), world.staff):
        assert [
            (row["name"], row["loops"]) for row in (await report(world, "2026-05-04", who=who, l=[1]))["caddies"]
        ] == [("Daniel", 2)]
    of_two = await report(world, "2026-05-04", who=world.caddie(2))
    assert [(row["name"], row["loops"]) for row in of_two["caddies"]] == [("Secret", 1), ("Zoe", 1)]
    both = await report(world, "2026-05-04")
    assert [(row["name"], row["loops"]) for row in both["caddies"]] == [("Secret", 3), ("Zoe", 1)]
    query = "query($id: ID!) { node(id: $id) { ... on Turn { caddieName caddie { name } } } }"
    seen = await world.server.run(query, who=world.caddie(1), id=ended["id"])
    assert seen.data["node"] == {"caddieName": "Daniel", "caddie": None}


async def test_a_deleted_caddie_s_loops_stay(world):
    ids = await add_all(world, "Ana")
    await loop(world)
    await done(world, "deleteCaddie", caddieId=ids["Ana"])
    assert [row["name"] for row in (await report(world, "2026-05-04"))["caddies"]] == ["Ana"]


async def test_a_loop_that_ends_by_status_counts_as_well(world):
    ids = await add_all(world, "Ana")
    await set_fees(world, FORECADDIE=4000)
    await set_status(world, ids["Ana"], "IN_FIELD")
    await set_status(world, ids["Ana"], "AVAILABLE", feeTier="FORECADDIE", tipCents=50)
    [row] = (await report(world, "2026-05-04"))["caddies"]
    assert (row["fees"]["amountCents"], row["tips"]["amountCents"]) == (4000, 50)
