"""What events carry brings a cache that goes by ids to what a query answers."""

import re
from datetime import timedelta

from graphql import get_named_type, is_union_type

from resolvers.root import core
from schema.carried import carried_in
from tests.caddies import shack
from tests.guests.party import found_party
from tests.house.everything import all_of
from tests.matching.golf import do, golfer
from tests.tee_sheet.desk import PAYER, add_player, book, cancel, done, head, hold, play

CLUB = ("clubEvents", "clubId")
THINGS = {"Booking", "Slot", "Caddie", "HostedTeeTime", "Household", "Guest", "Table", "Ballot"}


def carried_below(subscription):
    """Give what the events of a subscription carry: the event's type, the field's name, the field, what is told."""
    for member in get_named_type(core.subscription_type.fields[subscription].type).types:
        for name, field in member.fields.items():
            if (carried := carried_in(field)) and not name.startswith("own"):
                yield member.name, name, field, carried.told


def asked(kind, told):
    return re.sub(r"\w+__\w+: ", "", all_of(core, kind, told=told))


def selection_of(subscription, argument):
    parts = [
        f"... on {event} {{ {name} {asked(get_named_type(field.type), told)} }}"
        for event, name, field, told in carried_below(subscription)
    ]
    given = f"{argument}: $id, after: $after"
    events = " ".join(["__typename ... on StreamItem { cursor }", *parts])
    return f"subscription($id: ID!, $after: String) {{ {subscription}({given}) {{ {events} }} }}"


async def followed(server, follows, wanted, *, who, after, upto):
    """Let a cache follow a stream from a cursor to another, or to a kind of event; give what it knows, by id, and the
    kinds of events that have carried it.
    """
    cache, kinds = {}, set()
    async with server.socket(who) as socket:
        await socket.subscribe(selection_of(*follows), id=wanted, after=after)
        while True:
            event = await socket.event()
            for shown in event.values():
                if isinstance(shown, dict):
                    known = cache.setdefault(shown["id"], {})
                    known |= shown
                    kinds.add((event["__typename"], shown["__typename"]))
            if upto in {event["cursor"], event["__typename"]}:
                return cache, kinds


async def assert_as_queried(server, cache, *, who, gone=()):
    for wanted, known in cache.items():
        kind = core.type_map[known["__typename"]]
        told = dict.fromkeys(known)
        if kind.name == "Booking" and "teeTime" in told:
            told["teeTime"] = {"id": None, "startsAt": None}
        query = f"query($id: ID!) {{ node(id: $id) {{ ... on {kind.name} {asked(kind, told)} }} }}"
        answer = await server.run(query, who=who, id=wanted)
        if wanted in gone:
            assert answer.code == "NOT_FOUND"
        else:
            assert answer.data["node"] == known, wanted


async def test_a_tee_sheet(world):
    who = world.staff
    start = await head(world)
    ben = await add_player(world, "Ben", "MEMBER", "ben")
    held = await hold(world, world.player("ana"), places=2)
    await done(world.server, "releaseHold", "hold { id }", who=world.player("ana"), holdId=held["hold"]["id"])
    await hold(world, world.player("ana"), -2)
    first = (await book(world, who, 0, places=2, players=[{"playerId": ben}]))["booking"]["id"]
    second = (await book(world, who, 1, places=3, paidCents=500))["booking"]["id"]
    third = (await book(world, who, 2))["booking"]["id"]
    change = {"bookingId": first, "payer": PAYER | {"firstName": "Eva"}, "paidCents": 900}
    await done(world.server, "updateBooking", "booking { id }", who=who, **change)
    await done(world.server, "moveBooking", "booking { id }", who=who, bookingId=second, teeTimeId=world.tee_time(3))
    await cancel(world, who, third)
    await play(world, "checkIn", second, positions=[1, 2])
    await play(world, "undoCheckIn", second, positions=[2])
    block = {"slotIds": [world.tee_times[5]["slots"][0]["id"]], "kind": "OTHER", "date": world.day.isoformat()}
    await done(world.server, "addBlock", "block { id }", who=who, courseId=world.course, **block)
    end = (await play(world, "teeOff", second))["cursor"]
    cache, kinds = await followed(world.server, CLUB, world.club, who=who, after=start, upto=end)
    of_slots = {"SlotHeld", "SlotReleased", "SlotBooked", "SlotAvailable", "SlotBlocked"}
    of_bookings = {"BookingCreated", "BookingUpdated", "BookingCancelled", "BookingCheckedIn", "BookingTeeOff"}
    assert of_slots | of_bookings <= {event for event, _ in kinds}
    del cache[third]["players"]  # that they have no places any more is told of the places
    await assert_as_queried(world.server, cache, who=who)
    seen, kinds = await followed(world.server, CLUB, world.club, who=world.player("rosa"), after=start, upto=end)
    assert "Slot" in {kind for _, kind in kinds}
    hidden = {event for event, kind in kinds if kind == "Booking"}
    assert hidden.isdisjoint({"BookingCreated", "BookingUpdated", "BookingCheckedIn"})
    slots = {wanted: known for wanted, known in seen.items() if known["__typename"] == "Slot"}
    await assert_as_queried(world.server, slots, who=world.player("rosa"))


async def test_one_s_own_booking(world):
    who = world.player("ana")
    booked = await book(world, who, 0, places=2)
    query = """subscription($id: ID!, $after: String) { clubEvents(clubId: $id, after: $after, types: BOOKING_UPDATED) {
        ... on BookingUpdated { booking { id } ownBooking { id price { amountCents } payer { firstName } } } } }"""
    change = {"bookingId": booked["booking"]["id"], "payer": PAYER | {"firstName": "Eva"}}
    await done(world.server, "updateBooking", "booking { id }", who=world.staff, **change)
    whole = booked["booking"]["price"]["amountCents"]
    own = {"id": change["bookingId"], "price": {"amountCents": whole}, "payer": {"firstName": "Eva"}}
    for viewer, seen in [(who, own), (world.player("rosa"), None)]:
        async with world.server.socket(viewer) as socket:
            await socket.subscribe(query, id=world.club, after=booked["cursor"])
            assert await socket.event() == {"booking": None, "ownBooking": seen}


async def test_caddies(world):
    query = "query($id: ID!) { caddies(clubId: $id) { cursor } }"
    after = (await world.server.run(query, who=world.admin, id=world.club)).data
    ana = await shack.add(world, "Ana", phoneNumber="600 100 200")
    eva = await shack.add(world, "Eva")
    await shack.done(world, "updateCaddie", who=world.admin, caddieId=ana, phoneNumber="600 100 201")
    await shack.done(world, "updateCaddie", who=world.admin, caddieId=ana, listNumber=2)
    end = await shack.done(world, "updateCaddie", who=world.admin, caddieId=eva, name="Eva María")
    cache, _ = await followed(
        world.server,
        ("caddieEvents", "clubId"),
        world.club,
        who=world.admin,
        after=after["caddies"]["cursor"],
        upto=end["cursor"],
    )
    assert cache.keys() == {ana, eva}
    await assert_as_queried(world.server, cache, who=world.admin)


async def test_an_occasion(world):
    party = await found_party(world)
    after = (await party.read())["cursor"]
    home = await party.invite("Ruiz", "Eva", "Luis", email="ruiz@example.org")
    eva, luis = [guest["id"] for guest in home["guests"]]
    rows = [{"guestId": eva, "diets": ["VEGAN"], "isVip": True, "email": "eva@example.org"}]
    await party.done("updateGuests", "guests { id }", guests=rows)
    await party.done("updateHousehold", "household { id }", householdId=home["id"], plusOnes=1)
    end = await party.done("deleteGuests", "cursor", guestIds=[luis])
    follows = ("occasionEvents", "occasionId")
    cache, kinds = await followed(world.server, follows, party.id, who=party.planner, after=after, upto=end["cursor"])
    assert {kind for _, kind in kinds} == {"Guest", "Household"}
    await assert_as_queried(world.server, cache, who=party.planner, gone=[luis])
    ruiz = party.guest("Ruiz")
    own, _ = await followed(world.server, follows, party.id, who=ruiz, after=after, upto="GuestDeleted")
    assert {eva, home["id"]} <= own.keys()
    await assert_as_queried(world.server, own, who=ruiz, gone=[luis])


async def test_a_document_that_asks_for_more_than_events_tell_is_refused(world):
    query = """subscription($id: ID!) { clubEvents(clubId: $id) {
        ... on BookingEvent { booking { id ...More } } ... on BookingCreated { booking { teeTime { id tee } } } } }
        fragment More on Booking { status pace { level } }"""
    async with world.server.socket(world.staff) as socket:
        await socket.subscribe(query, id=world.club)
        [first, second] = (await socket.receive())["payload"]
    assert first["message"].startswith("BookingEvent.booking.pace is not told: ask a query for it.")
    assert second["message"].startswith("BookingCreated.booking.teeTime.tee is not told")


async def test_a_hosted_tee_time(world):
    (host, _), (guest, _) = await golfer(world, "ana"), await golfer(world, "ben")
    hosted = await do(
        world,
        "hostTeeTime",
        who=host,
        selection="hostedTeeTime { id cursor }",
        courseId=world.course,
        startsAt=(world.server.clock() + timedelta(days=3)).isoformat(),
        places=2,
    )
    wanted, after = hosted["hostedTeeTime"]["id"], hosted["hostedTeeTime"]["cursor"]
    await do(world, "joinTeeTime", who=guest, selection="cursor", teeTimeId=wanted)
    await do(world, "updateHostedTeeTime", who=host, selection="cursor", teeTimeId=wanted, notes="Bring a cap.")
    told = {"teeTimeId": wanted, "reason": "It rains."}
    end = await do(world, "cancelHostedTeeTime", who=host, selection="cursor", **told)
    follows = ("hostedTeeTimeEvents", "teeTimeId")
    for who in (host, guest):
        cache, kinds = await followed(world.server, follows, wanted, who=who, after=after, upto=end["cursor"])
        assert cache.keys() == {wanted}
        assert {event for event, _ in kinds} == {"SlotJoined", "HostedTeeTimeUpdated", "HostedTeeTimeCancelled"}
        await assert_as_queried(world.server, cache, who=who)


def test_each_thing_is_carried_by_events_that_have_its_interface():
    unions = [n for n, f in core.subscription_type.fields.items() if is_union_type(get_named_type(f.type))]
    shown = {
        (get_named_type(field.type).name, name, event) for n in unions for event, name, field, _ in carried_below(n)
    }
    assert {kind for kind, _, _ in shown} == THINGS
    for kind, name, event in shown:
        assert any(name in face.fields for face in core.type_map[event].interfaces), (kind, event)
