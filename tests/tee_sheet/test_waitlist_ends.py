"""How long an offer holds, what else is done with its places meanwhile, and who sees it."""

from datetime import datetime, timedelta

from sqlalchemy import select, text

from domain.tee_sheet.inventory.slots import lock_tee_time
from domain.tee_sheet.offers.places import release_places, withdraw_places
from kit.ids import parse_id, public_id
from models.tee_sheet.tables import Hold
from tests.notifications.desk import told
from tests.tee_sheet.desk import (
    book,
    club_events,
    forbidden,
    head,
    hold,
    refused,
    types,
)
from tests.tee_sheet.waiting import (
    MINUTES,
    accept,
    expire,
    fill,
    free,
    freed,
    join,
    leave,
    node,
    offers,
)


async def test_an_offer_never_lasts_longer_than_until_the_start(world, clock):
    await join(world, world.player("ana"))
    await join(world, world.player("ben"))
    clock.now = datetime.fromisoformat(world.tee_times[-1]["startsAt"]) - timedelta(minutes=4)
    await freed(world)
    assert {offer["expiresAt"] for offer in await offers(world)} == {world.tee_times[-1]["startsAt"]}
    await expire(world, 4)
    assert await offers(world) == []
    problem = await refused(world, "acceptWaitlistOffer", who=world.staff, offerId=await last_offer(world))
    assert problem["code"] == "OFFER_EXPIRED"


async def last_offer(world):
    query = text("SELECT id FROM waitlist_offers ORDER BY id DESC LIMIT 1")
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        return public_id("waitlist_offer", await session.scalar(query))


async def test_the_last_moment_is_too_late(world, clock):
    ana = world.player("ana")
    await join(world, ana)
    await freed(world)
    [offer] = await offers(world)
    clock.advance(minutes=MINUTES)
    for operation in ("acceptWaitlistOffer", "declineWaitlistOffer"):
        problem = await refused(world, operation, who=ana, offerId=offer["id"])
        assert problem.items() >= {"code": "OFFER_EXPIRED", "expiredAt": clock().isoformat()}.items()
    clock.advance(seconds=-1)
    await accept(world, ana, offer["id"])


async def test_an_overdue_offer_ends_when_somebody_else_wants_its_places(world, clock):
    for name in ("ana", "ben"):
        await join(world, world.player(name), size=2)
    booking = await fill(world, places=2)  # beside two places that nobody has wanted
    await free(world, booking)
    offered = await offers(world)
    assert [offer["places"] for offer in offered] == [2, 2]
    before = await head(world)
    clock.advance(minutes=MINUTES)
    booked = await book(world, world.player("eva"), places=4)  # each was offered the start once, so it is the public's
    events = await club_events(world, after=before, upto=booked["cursor"])
    ended = ["waitlist.offer-expired", *["slot.available"] * 2] * 2
    assert types(events) == [*ended, "booking.created", *["slot.booked"] * 4]


async def test_what_is_offered_cannot_be_had_in_another_way(world):
    await join(world, world.player("ana"), size=4)
    await freed(world)
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        [held] = await session.scalars(select(Hold).where(Hold.offer_id.is_not(None)))
    hold_id = public_id("hold", held.id)
    for who in (world.player("ana"), world.staff, world.admin):
        for operation in ("releaseHold", "bookSlots"):
            answer = await forbidden(world, operation, who=who, holdId=hold_id)
            assert answer.code == "NOT_FOUND"
        wish = {"teeTimeId": world.tee_time(), "places": 1}
        assert (await refused(world, "holdSlots", who=who, **wish))["placesLeft"] == 0


async def test_an_offer_is_none_of_the_holds_that_one_may_have(world):
    ana = world.player("ana")
    await hold(world, ana, places=1)
    await join(world, ana, size=2)
    await freed(world, places=3)
    assert [offer["places"] for offer in await offers(world, ana)] == [2]
    for number in (0, 1):
        await hold(world, ana, number)
    problem = await refused(world, "holdSlots", who=ana, teeTimeId=world.tee_time(3), places=1)
    assert problem["code"] == "TOO_MANY_HOLDS"


async def test_who_leaves_gives_the_offer_to_the_next(world):
    ana, ben = world.player("ana"), world.player("ben")
    first, second = await join(world, ana), await join(world, ben)
    await freed(world, places=1)
    before = await head(world)
    left = await leave(world, ana, first["id"])
    events = await club_events(world, after=before, upto=left["cursor"])
    wanted = ["waitlist.left", "waitlist.offer-declined", "slot.available", "slot.held", "waitlist.offer-created"]
    assert types(events) == wanted
    assert [offer["entryId"] for offer in await offers(world)] == [second["id"]]


async def test_an_entry_has_one_live_offer(world):
    first, second = await join(world, world.player("ana"), None), await join(world, world.player("ben"), None)
    await freed(world, -1, places=1)
    await freed(world, -2, places=1)
    await freed(world, -3, places=1)
    found = {offer["entryId"]: offer["teeTimeId"] for offer in await offers(world)}
    assert found == {first["id"]: world.tee_time(-1), second["id"]: world.tee_time(-2)}


async def test_nothing_is_offered_of_a_sheet_that_is_offline(world):
    await join(world, world.player("ana"))
    booking = await fill(world)
    await set_online(world, is_online=False)
    await free(world, booking)
    assert await offers(world) == []
    await set_online(world, is_online=True)
    async with world.server.runtime.work.change(world.tenant_id) as change:
        locked = await lock_tee_time(change.session, parse_id("tee_time", world.tee_time()))
        await release_places(change.session, locked, (), now=world.server.clock())
    assert len(await offers(world)) == 1


async def set_online(world, *, is_online):
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        await session.execute(text("UPDATE tee_sheets SET is_online = :on"), {"on": is_online})
        await session.commit()


async def test_what_is_taken_out_of_sale_ends_holds_and_offers_and_may_be_offered_again(world):
    ana, ben = world.player("ana"), world.player("ben")
    held = await hold(world, ben, places=2)
    await join(world, ana, size=2)
    booking = await fill(world, places=2)
    await free(world, booking)
    [offer] = await offers(world)
    before = await head(world)
    async with world.server.runtime.work.change(world.tenant_id) as change:
        locked = await lock_tee_time(change.session, parse_id("tee_time", world.tee_time()))
        await withdraw_places(change.session, locked, locked.slots[1:3], now=world.server.clock())
    events = await club_events(world, after=before, upto=await head(world))
    assert sorted(types(events)) == ["slot.available"] * 4 + ["waitlist.offer-expired"]
    [ended] = [event for event in events if event["type"] == "waitlist.offer-expired"]
    assert ended["offerStatus"] == "WITHDRAWN"
    assert [row["kind"] for row in await told(world, ana)] == ["WAITLIST_OFFER_WITHDRAWN", "WAITLIST_OFFER"]
    problem = await refused(world, "acceptWaitlistOffer", who=ana, offerId=offer["id"])
    assert problem.items() >= {"code": "OFFER_ENDED", "offerStatus": "WITHDRAWN"}.items()
    problem = await refused(world, "bookSlots", who=ben, holdId=held["hold"]["id"])
    assert problem.items() >= {"code": "HOLD_ENDED", "endedAs": "WITHDRAWN"}.items()
    await freed(world)
    assert [one["entryId"] for one in await offers(world)] == [offer["entryId"]]


async def test_an_offer_is_seen_by_those_alone_whom_it_is_made_to(world):
    await join(world, world.player("ana"))
    await freed(world)
    [offer] = await offers(world)
    ben = world.player("ben")
    for operation in ("acceptWaitlistOffer", "declineWaitlistOffer"):
        assert (await forbidden(world, operation, who=ben, offerId=offer["id"])).code == "NOT_FOUND"
    query = "query($id: ID!) { node(id: $id) { id } }"
    assert (await world.server.run(query, who=ben, id=offer["id"])).code == "NOT_FOUND"
    assert (await node(world, offer["id"], world.player("ana")))["teeTime"] == {"localTime": "12:00:00"}
