"""What the shop alone sells is taken for everybody else: by each query, event, filter and count alike."""

from dataclasses import replace
from typing import Any, get_args, get_type_hints

import pytest

from auth.viewer import Role
from events.base import catalogue
from events.seen import Seen, seen_by, values_in
from models.tee_sheet.values import SlotStatus
from schema.sight import EVERYBODY, Audience, told_as
from tests.harness import Who, World
from tests.house.everything import example
from tests.tee_sheet.desk import book, cancel, delay, done, head, hold, read_until, sheet, squeeze
from tests.tee_sheet.test_price_periods import found
from tests.tee_sheet.test_snapshot_and_events import assert_followed

SHOP: dict[str, Any] = {"firstStart": "08:00", "lastStart": "08:20"}
OF_SHOP = ("08:00:00", "08:05:00", "08:10:00", "08:20:00")
NODE = """query($start: ID!, $slot: ID!) {
  start: node(id: $start) { ... on TeeTime { slots { status } } } slot: node(id: $slot) { ... on Slot { status } }
}"""
CARRIED = """subscription($c: ID!, $d: Date!, $types: [TeeSheetEventType!], $after: String) {
  teeSheetEvents(courseId: $c, date: $d, types: $types, after: $after) {
    ... on StreamEvent { type eventType cursor teeTimeId }
    ... on SlotEvent { slot { status } }
  }
}"""


def kinds_with_a_status() -> set[Any]:
    """Find the facts, and the values inside of them, that tell the status of a place."""
    kinds, left = set(), list(catalogue.values())
    while left:
        kind = left.pop()
        hints = get_type_hints(kind)
        left += [inner for hint in hints.values() for inner in values_in(hint)]
        kinds |= {kind for hint in hints.values() if SlotStatus in (hint, *get_args(hint))}
    return kinds


def test_whatever_tells_the_status_of_a_place_knows_whether_the_shop_alone_sells_it():
    kinds = kinds_with_a_status()
    assert {"SlotAvailable", "ChangedSlot", "RetoldSlot"} <= {kind.__name__ for kind in kinds}
    for kind in kinds:
        assert seen_by(kind)["status"] is Seen.AS_SOLD, kind
        assert seen_by(kind)["shop_only"] is Seen.BY_NOBODY, kind


@pytest.mark.parametrize("name", ["slot.available", "slot.released"])
def test_a_place_that_comes_free_is_told_of_as_blocked(name):
    fact = replace(example(catalogue[name]), shop_only=True, status=SlotStatus.AVAILABLE)
    assert told_as(fact, Audience(staff=True)) is fact
    told = told_as(fact, EVERYBODY)
    assert (told.type, told.status, told.slot_id) == ("slot.blocked", SlotStatus.BLOCKED, fact.slot_id)
    on_sale = replace(fact, shop_only=False)
    assert told_as(on_sale, EVERYBODY) is on_sale


async def statuses(world: World, who: Who) -> set[str]:
    """Ask for the places of the shop's starts in each way there is; give the statuses, but of what was sold."""
    day = await sheet(world, who=who)
    rows = [row for row in day["teeTimes"] if row["localTime"] in OF_SHOP]
    seen = {slot["status"] for row in rows for slot in row["slots"]}
    for row in rows:
        for slot in row["slots"]:
            answer = (await world.server.run(NODE, who=who, start=row["id"], slot=slot["id"])).data
            seen |= {answer["slot"]["status"], *(one["status"] for one in answer["start"]["slots"])}
    return seen - {"BOOKED", "HELD"}


@pytest.mark.parametrize("sale", ["TAKEN", "HIDDEN"])
async def test_players_and_caddies_find_no_free_place_in_whatever_way(world, sale):
    day: dict[str, Any] = {"courseId": world.course, "date": world.day.isoformat()}
    people = [replace(world.player("ben"), roles=(role,)) for role in (Role.PLAYER, Role.CADDIE)]
    before = [await sheet(world, who=who) for who in people]
    restrictions = [SHOP | {"shopSale": sale}]
    await done(world.server, "updateTeeSheet", "cursor", who=world.staff, **day, restrictions=restrictions)
    since = await head(world)
    await squeeze(world, "08:05")
    sold = (await book(world, world.staff, 0, places=2))["booking"]["id"]
    held = (await hold(world, world.staff, 1, places=2))["hold"]["id"]
    await done(world.server, "releaseHold", "cursor", who=world.staff, holdId=held)
    await cancel(world, world.staff, sold)
    made = await done(world.server, "addBlock", "block { id }", who=world.staff, **day, **SHOP, kind="OTHER")
    await done(world.server, "removeBlock", "cursor", who=world.staff, blockId=made["block"]["id"])
    for who in people:
        assert await statuses(world, who) == {"BLOCKED"}
    assert await statuses(world, world.staff) == {"AVAILABLE"}
    assert min(await found(world)) == "08:30"
    last = await cancel(world, world.staff, (await book(world, world.staff, 5))["booking"]["id"])
    by_shop = {row["id"] for row in (await sheet(world))["teeTimes"] if row["localTime"] in OF_SHOP}
    for who, snapshot in zip(people, before, strict=True):
        heard = await hear(world, who, after=since, upto=last["cursor"])
        free = [one for one in heard if one["type"] in {"slot.available", "slot.released"}]
        assert len(free) == 1, "that of the start that everybody can have"
        assert by_shop.isdisjoint(one["teeTimeId"] for one in free)
        wanted = await hear(world, who, after=since, upto=last["cursor"], types=["SLOT_AVAILABLE", "SLOT_RELEASED"])
        assert wanted == free
        blocked = [one for one in heard if one["type"] == one["eventType"].lower().replace("_", ".") == "slot.blocked"]
        assert {one["teeTimeId"] for one in blocked} == by_shop
        assert {one["slot"]["status"] for one in blocked} == {"BLOCKED"}
        assert await hear(world, who, after=since, upto=blocked[-1]["cursor"], types=["SLOT_BLOCKED"]) == blocked
        await assert_followed(world, snapshot, who=who)
    await delay(world, "08:00", 15)
    after = await sheet(world, who=people[0])
    assert {slot["status"] for row in after["teeTimes"][:4] for slot in row["slots"]} == {"BLOCKED"}


async def hear(world: World, who: Who, *, after: str, upto: str, types: list[str] | None = None) -> list[Any]:
    """Give what somebody hears of the sheet in (after, upto]; the last must be one of theirs."""
    async with world.server.socket(who) as socket:
        await socket.subscribe(CARRIED, c=world.course, d=world.day.isoformat(), types=types, after=after)
        return await read_until(socket, upto, world)
