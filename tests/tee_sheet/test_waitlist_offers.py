"""What comes free is offered to the first in line whom it fits, and goes from one to the next."""

from datetime import timedelta

import pytest

from jobs import tasks
from tests.harness import found_world
from tests.notifications.desk import told
from tests.tee_sheet.desk import (
    PAYER,
    add_player,
    book,
    club_events,
    done,
    head,
    hold,
    refused,
    types,
    unchanged,
)
from tests.tee_sheet.waiting import (
    MINUTES,
    accept,
    decline,
    expire,
    found_ahead,
    freed,
    join,
    node,
    offers,
    statuses,
    waitlist,
)


async def test_a_cancellation_makes_an_offer_in_the_same_transaction(world, clock):
    entry = await join(world, world.player("ana"), size=2)
    events = await freed(world)
    wanted = ["booking.cancelled", *["slot.available"] * 4, *["slot.held"] * 2, "waitlist.offer-created"]
    assert types(events) == wanted
    until = (clock() + timedelta(minutes=MINUTES)).isoformat()
    [offer] = await offers(world)
    assert offer == {
        "id": offer["id"],
        "entryId": entry["id"],
        "status": "PENDING",
        "places": 2,
        "createdAt": clock().isoformat(),
        "expiresAt": until,
        "teeTimeId": world.tee_time(),
        "bookingId": None,
    }
    made = {"entryId": entry["id"], "offerId": offer["id"], "places": 2, "expiresAt": until}
    assert events[-1].items() >= (made | {"startsAt": world.tee_times[-1]["startsAt"]}).items()
    assert {event["heldUntil"] for event in events[5:7]} == {until}
    assert await statuses(world) == ["HELD", "HELD", "AVAILABLE", "AVAILABLE"]


async def test_who_is_offered_something_is_told(world):
    await join(world, world.player("ana"), size=2)
    await freed(world)
    [offer] = await offers(world)
    [row] = await told(world, world.player("ana"))
    assert (row["kind"], row["offerId"], row["teeTimeId"]) == ("WAITLIST_OFFER", offer["id"], world.tee_time())
    assert row["body"].startswith("2 places at 12:00 on Monday 4 May at Old came free. Accept by 07:15,")


async def test_a_released_hold_feeds_the_line(world):
    held = await hold(world, world.player("ben"), places=4)
    await join(world, world.player("ana"), size=4)
    payload = await done(world.server, "releaseHold", "hold { id }", who=world.staff, holdId=held["hold"]["id"])
    events = await club_events(world, after=held["cursor"], upto=payload["cursor"])
    wanted = ["waitlist.joined", *["slot.released"] * 4, *["slot.held"] * 4, "waitlist.offer-created"]
    assert types(events) == wanted


async def test_an_expired_hold_feeds_the_line(world):
    await hold(world, world.player("ben"), places=2)
    await hold(world, world.player("eva"), places=2)
    await join(world, world.player("ana"), size=2)
    assert types(await expire(world, 10)) == [
        *["slot.available"] * 2,
        *["slot.held"] * 2,
        "waitlist.offer-created",
        *["slot.available"] * 2,
    ]


async def test_holds_that_expired_together_may_fit_a_larger_party(world, clock):
    for name in ("ben", "eva"):
        await hold(world, world.player(name), places=2)
    await join(world, world.player("ana"), size=4)
    await join(world, world.player("ivo"), size=2)
    clock.advance(minutes=10)
    problem = await refused(
        world, "bookSlots", who=world.staff, teeTimeId=world.tee_time(), places=1, payer=PAYER
    )  # what expired goes to the line before anybody else
    assert problem["placesLeft"] == 0


async def test_one_release_feeds_as_many_as_it_fits_in_line(world):
    sizes = {"ana": 3, "ben": 2, "eva": 1, "ivo": 1}
    entries = {name: (await join(world, world.player(name), size=size))["id"] for name, size in sizes.items()}
    await freed(world)
    assert [offer["entryId"] for offer in await offers(world)] == [entries["ana"], entries["eva"]]
    assert await statuses(world) == ["HELD"] * 4


async def test_who_wants_another_time_is_passed_over(world):
    await join(world, world.player("ana"), None, latest="11:50")
    await join(world, world.player("ben"), None, earliest="12:00", latest="12:00")
    await freed(world)
    assert [offer["places"] for offer in await offers(world, world.player("ben"))] == [1]
    assert await offers(world, world.player("ana")) == []


async def test_an_offer_becomes_a_booking_of_who_waits(world):
    player = await add_player(world, "Ana", "MEMBER", "ana")
    ana, entry = world.player("ana"), await join(world, world.player("ana"), size=2)
    await freed(world)
    [offer] = await offers(world, ana)
    before = await head(world)
    payload = await accept(world, ana, offer["id"])
    events = await club_events(world, after=before, upto=payload["cursor"])
    assert types(events) == ["waitlist.offer-accepted", "booking.created", *["slot.booked"] * 2]
    assert events[0]["bookingId"] == payload["booking"]["id"]
    assert payload["booking"] == {
        "id": payload["booking"]["id"],
        "status": "CONFIRMED",
        "price": {"amountCents": 10_000},
        "payer": {"firstName": "Ana", "lastName": "Pérez"},
        "players": [
            {"firstName": "Ana", "priceClass": "MEMBER"},
            {"firstName": "", "priceClass": "GUEST"},
        ],
    }
    assert (await waitlist(world))["entries"] == []
    shown = await node(world, entry["id"])
    assert (shown["status"], shown["place"], shown["offer"], shown["playerId"]) == ("BOOKED", None, None, player)
    ended = await node(world, offer["id"], ana)
    assert (ended["offerStatus"], ended["bookingId"]) == ("ACCEPTED", payload["booking"]["id"])
    problem = await refused(world, "acceptWaitlistOffer", who=ana, offerId=offer["id"])
    assert problem.items() >= {"code": "OFFER_ENDED", "offerStatus": "ACCEPTED"}.items()


async def test_staff_accept_for_a_player_whose_booking_it_is(world):
    await add_player(world, "Ana", "MEMBER", "ana")
    await join(world, world.player("ana"))
    await freed(world)
    [offer] = await offers(world)
    payload = await accept(world, world.staff, offer["id"], paidCents=500, idempotencyKey="x")
    again = await accept(world, world.staff, offer["id"], paidCents=500, idempotencyKey="x")
    assert payload == again
    query = "query($id: ID!) { booking(id: $id) { paid { amountCents } players { firstName } } }"
    answer = await world.server.run(query, who=world.player("ana"), id=payload["booking"]["id"])
    assert answer.data["booking"] == {"paid": {"amountCents": 500}, "players": [{"firstName": "Ana"}]}


async def test_a_caller_s_offer_is_accepted_by_the_staff_by_name(world):
    await join(world, world.staff, firstName="Max", lastName="Muster")
    await freed(world)
    [offer] = await offers(world)
    payload = await accept(world, world.staff, offer["id"])
    assert payload["booking"]["payer"] == {"firstName": "Max", "lastName": "Muster"}


async def test_who_accepts_names_the_players_and_no_more_than_were_asked_for(world):
    ana = world.player("ana")
    await join(world, ana, size=2)
    await freed(world)
    [offer] = await offers(world, ana)
    three = [{"firstName": name, "lastName": "X"} for name in "abc"]
    problem = await refused(world, "acceptWaitlistOffer", who=ana, offerId=offer["id"], players=three)
    assert problem.items() >= {"code": "PLAYERS_DO_NOT_MATCH_HOLD", "places": 2}.items()
    problem = await refused(world, "acceptWaitlistOffer", who=ana, offerId=offer["id"], holes=12)
    assert problem["code"] == "NOT_ON_SALE"
    payload = await accept(world, ana, offer["id"], players=three[:2], holes=9, payer=PAYER)
    assert payload["booking"].items() >= {"price": {"amountCents": 10_000}, "payer": PAYER}.items()


async def test_what_is_offered_can_be_accepted_though_the_club_shortens_its_window(server):
    world = await found_ahead(server, 6)
    ana = world.player("ana")
    await join(world, ana)
    await freed(world)
    [offer] = await offers(world, ana)
    await done(server, "updateClub", "club { id }", who=world.admin, clubId=world.club, publicWindowDays=1)
    wish = {"teeTimeId": world.tee_time(), "places": 1, "payer": PAYER}
    assert (await refused(world, "bookSlots", who=ana, **wish))["code"] == "BOOKING_WINDOW_CLOSED"
    assert (await accept(world, ana, offer["id"]))["booking"]["status"] == "CONFIRMED"


async def test_what_is_declined_goes_to_the_next_and_is_not_offered_again(world):
    ana, ben = world.player("ana"), world.player("ben")
    first, second = await join(world, ana), await join(world, ben)
    await freed(world, places=1)
    [offer] = await offers(world, ana)
    before = await head(world)
    payload = await decline(world, ana, offer["id"])
    assert payload["waitlistOffer"] == {"id": offer["id"], "status": "DECLINED"}
    assert types(await club_events(world, after=before, upto=payload["cursor"])) == [
        "waitlist.offer-declined",
        "slot.available",
        "slot.held",
        "waitlist.offer-created",
    ]
    [to_ben] = await offers(world)
    assert to_ben["entryId"] == second["id"]
    await decline(world, ben, to_ben["id"])
    assert await offers(world) == []
    assert (await statuses(world)).count("AVAILABLE") == 1
    await freed(world, places=1)  # once more the start that both declined
    assert await offers(world) == []
    assert [row["id"] for row in (await waitlist(world))["entries"]] == [first["id"], second["id"]]
    problem = await refused(world, "declineWaitlistOffer", who=ana, offerId=offer["id"])
    assert problem.items() >= {"code": "OFFER_ENDED", "offerStatus": "DECLINED"}.items()


async def test_what_nobody_answers_goes_from_one_to_the_next_and_then_to_the_public(world):
    names = ["ana", "ben", "eva", "ivo", "max"]
    entries = [(await join(world, world.player(name), size=4))["id"] for name in names]
    await freed(world)
    for entry in entries[:2]:
        assert [offer["entryId"] for offer in await offers(world)] == [entry]
        wanted = ["waitlist.offer-expired", *["slot.available"] * 4, *["slot.held"] * 4, "waitlist.offer-created"]
        assert types(await expire(world)) == wanted
    assert [offer["entryId"] for offer in await offers(world)] == [entries[2]]
    events = await expire(world)
    assert types(events) == ["waitlist.offer-expired", *["slot.available"] * 4]
    assert events[0].items() >= {"offerStatus": "EXPIRED", "entryId": entries[2]}.items()
    assert (await waitlist(world))["entries"][0]["id"] == entries[0]
    await book(world, world.player("somebody"), places=4)  # the public's, at last


async def test_a_decline_is_an_answer(world):
    names = ["ana", "ben", "eva", "ivo", "max"]
    for name in names:
        await join(world, world.player(name))
    await freed(world, places=1)
    for name in names[:4]:
        [offer] = await offers(world)
        await decline(world, world.player(name), offer["id"])
    assert [offer["places"] for offer in await offers(world, world.player("max"))] == [1]


async def test_how_long_and_how_often_are_house_rules(server, clock):
    world = await found_world(server, waitlistOfferMinutes=5, waitlistUnansweredOffers=1)
    for name in ("ana", "ben"):
        await join(world, world.player(name), None)
    await freed(world, places=1)
    assert types(await expire(world, 5)) == ["waitlist.offer-expired", "slot.available"]
    rules = {"waitlistOfferMinutes": 30, "waitlistUnansweredOffers": 2}
    await done(server, "updateClub", "club { id }", who=world.admin, clubId=world.club, **rules)
    await freed(world, -2, places=1)
    clock.advance(minutes=29)
    async with unchanged(world):
        await tasks.sweep_holds(server.runtime)
    assert types(await expire(world, 1))[-1] == "waitlist.offer-created"
    assert types(await expire(world, 30)) == ["waitlist.offer-expired", "slot.available"]


@pytest.mark.parametrize("given", [{"waitlistOfferMinutes": 0}, {"waitlistUnansweredOffers": 0}])
async def test_house_rules_that_make_no_sense_are_refused(world, given):
    problem = await refused(world, "updateClub", who=world.admin, clubId=world.club, **given)
    assert problem["path"] == ["input", *given]
