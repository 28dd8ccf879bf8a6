"""A screen that was read once and then fed by events shows what a fresh one shows.

Left out is what clients read again: the problems of a seating, letters, who voted for music, and who of other
households sits at a household's table. Codes are read again too, when an event says so, as none tells them.
"""

from datetime import timedelta

from tests.guests.followed import evening, first
from tests.guests.seating.floor import Floor


async def test_planners_follow_the_occasion_and_its_parts(desk):
    party = desk.party
    soon = (party.server.clock() + timedelta(days=5)).isoformat()
    await desk.follow("updateOccasion", occasionId=party.id, name="Dinner", language="ES", rsvpDeadline=soon)
    await desk.follow("updateOccasion", occasionId=party.id, revealSeatingAt=soon)
    drinks = {"name": "Drinks", "capacity": 40, "place": "Terrace", "meals": [{"name": "Tapas"}], **evening(party)}
    part = (await desk.follow("addPart", "part { id }", occasionId=party.id, part=drinks))["part"]["id"]
    await desk.follow("updatePart", partId=part, name="Aperitif", capacity=None, place="Bar", meals=[])
    await desk.follow("deletePart", partId=part)
    await desk.follow("closeOccasion", occasionId=party.id)
    await party.done("closeOccasion", "cursor", occasionId=party.id)
    await desk.follow("publishOccasion", occasionId=party.id)


async def test_planners_follow_households(desk):
    party = desk.party
    part = {"name": "Drinks", **evening(party)}
    drinks = (await party.done("addPart", "part { id }", occasionId=party.id, part=part))["part"]["id"]
    home = party.households["Vado"]["id"]
    async with desk.change():
        await party.invite("Prado", "Ana", email="prado@example.com", partIds=[drinks])
    await desk.follow("updateHousehold", householdId=home, language="ES", phone="+34 611 222 333", plusOnes=3)
    await desk.follow("updateHousehold", householdId=home, plusOnes=0)
    await desk.follow("updateHousehold", householdId=home, partIds=[drinks])
    await desk.follow("updateHousehold", householdId=home, partIds=None)
    await desk.follow("deletePart", partId=drinks)
    async with desk.change():
        await party.done("deleteHousehold", "cursor", householdId=party.households.pop("Prado")["id"])
    async with desk.change():
        gone = party.households.pop("Lindero")["id"]
        await party.done("mergeHouseholds", "cursor", householdId=home, otherId=gone)


async def test_planners_follow_guests(desk):
    party = desk.party
    await party.answer("Vado", only=1)
    isla, sol = first(party, "Vado"), first(party, "Lindero")
    async with desk.change():
        new = {"firstName": "Luz", "lastName": "Prado", "householdName": "Prado", "ageGroup": "INFANT"}
        chosen = "guests { id householdId }"
        made = await party.done("addGuests", chosen, occasionId=party.id, guests=[new])
        party.households["Prado"] = {"id": made["guests"][0]["householdId"], "guests": made["guests"]}
    details = {"dietNote": "No celery", "diets": ["VEGAN"], "email": "isla@example.com", "isVip": True}
    await desk.follow("updateGuests", guests=[{"guestId": isla, "groupName": "Bride", **details}])
    await desk.follow("updateGuests", guests=[{"guestId": first(party, "Prado"), "takesPlace": True}])
    await desk.follow("updateGuests", guests=[{"guestId": isla, "householdId": party.households["Lindero"]["id"]}])
    await desk.follow("deleteGuests", guestIds=[isla, first(party, "Prado")])
    await desk.follow("eraseGuest", guestId=sol)


async def test_planners_follow_answers_and_who_moves_up(desk):
    party = desk.party
    fish = (await party.read())["parts"][0]["meals"][0]["mealId"]
    async with desk.change():
        await party.answer("Vado")
    await desk.follow(
        "submitRsvp",
        who=party.guest("Vado"),
        guests=[{"guestId": first(party, "Vado"), "mealId": fish, "needs": ["OTHER"]}],
    )
    await party.invite("Prado", "Ana", "Leo")
    async with desk.change():
        await party.answer("Lindero")
    async with desk.change():
        await party.answer("Prado")
    assert await party.statuses("Prado") == ["WAITLISTED"] * 2
    async with desk.change():
        await party.answer("Vado", "DECLINED", only=1)
    assert await party.statuses("Prado") == ["ACCEPTED"] * 2
    await desk.follow("updatePart", partId=party.main, meals=[{"name": "Risotto"}])
    on_behalf = [{"guestId": first(party, "Vado"), "status": "ACCEPTED"}]
    await desk.follow("setRsvpOnBehalf", householdId=party.households["Vado"]["id"], guests=on_behalf)
    await desk.follow("updatePart", partId=party.main, capacity=20)
    listed = {"guestId": first(party, "Vado", 1), "isListed": True}
    await desk.follow("setGuestListing", who=party.guest("Vado"), **listed)
    await desk.follow("updateGuests", guests=[{"guestId": first(party, "Vado", 1), "firstName": "Theo"}])
    async with desk.change():
        await party.answer("Vado", "DECLINED")


async def test_planners_follow_the_seating(desk):
    party, floor = desk.party, Floor(desk.party)
    async with desk.change():
        await floor.set_table("One", 4)
    async with desk.change():
        await floor.set_table("Two", 3, isVip=True, shape="SQUARE")
    await desk.follow("updateTable", tableId=floor.tables["One"], name="Uno", capacity=6, x=1.5, isAccessible=False)
    async with desk.change():
        await floor.seat("One", "Isla", "Teo")
    async with desk.change():
        await floor.party.done("seatGuests", "cursor", tableId=floor.tables["Two"], guests=floor.wishes({"Sol": 2}))
    async with desk.change():
        await floor.seat("Two", "Teo")
    for operation, names in (("lockSeat", ["Sol"]), ("unlockSeat", ["Sol"])):
        await desk.follow(operation, guestIds=list(map(floor.guest, names)))
    await desk.follow("swapSeats", guestId=floor.guest("Isla"), otherGuestId=floor.guest("Sol"))
    async with desk.change():
        rule = await floor.rule("APART", firstGuestId=floor.guest("Isla"), secondGuestId=floor.guest("Mar"))
    async with desk.change():
        await floor.rule("TOGETHER", firstGuestId=floor.guest("Isla"), secondGuestId=floor.guest("Mar"))
    await desk.follow("unseatGuests", guestIds=[floor.guest("Isla")])
    await desk.follow("autoSeat", "plan { isApplied }", occasionId=party.id, apply=True)
    await desk.follow("undoAutoSeat", occasionId=party.id)
    seats = [
        {"guestId": floor.guest("Isla"), "tableId": floor.tables["One"], "seat": 3},
        {"guestId": floor.guest("Sol")},
    ]
    await desk.follow("arrangeSeats", occasionId=party.id, seats=seats)
    await desk.follow("revealSeating", occasionId=party.id)
    async with desk.change():
        await party.answer("Vado", "DECLINED", only=1)
    await desk.follow("revealSeating", occasionId=party.id, reveal=False)
    await desk.follow("removeSeatingRule", seatingRuleId=rule)
    await desk.follow("deleteTable", tableId=floor.tables["Two"])
    await desk.follow("deleteGuests", guestIds=[floor.guest("Mar")])


async def test_planners_follow_arrivals(desk, clock):
    party = desk.party
    await party.answer("Vado", only=2)
    isla = first(party, "Vado")
    clock.advance(days=30)
    scanned = clock()
    clock.advance(minutes=20)
    given = {"occasionId": party.id, "guestId": isla}
    await desk.follow("checkInGuest", **given)
    await desk.follow("checkInGuest", **given, scannedAt=scanned.isoformat())
    await desk.follow("undoGuestCheckIn", guestId=isla)
    await desk.follow("checkInGuest", **given, wholeHousehold=True)
    await desk.follow("checkInGuest", occasionId=party.id, guestId=first(party, "Lindero"), accept=True)


async def test_planners_follow_what_guests_ask_for_and_post(desk):
    party, vado = desk.party, desk.party.guest("Vado")
    asks = {"occasionId": party.id, "text": "A high chair", "guestId": first(party, "Vado")}
    made = await desk.follow("createGuestRequest", "guestRequest { id }", who=vado, **asks)
    request = made["guestRequest"]["id"]
    await desk.follow("updateGuestRequest", requestId=request, status="IN_PROGRESS", reply="It will be there.")
    for post in ({"kind": "GUESTBOOK", "text": "Thank you!"}, {"kind": "TRIBUTE", "text": "To you both"}):
        await desk.follow("addPost", who=vado, occasionId=party.id, guestId=first(party, "Vado"), **post)
    song = {"occasionId": party.id, "kind": "MUSIC", "title": "Volare", "artist": "Anyone"}
    post = (await desk.follow("addPost", "post { id }", who=vado, **song))["post"]["id"]
    await desk.follow("moderatePost", postId=post, status="APPROVED")
    await desk.follow("voteForMusic", who=vado, postId=post, guestId=first(party, "Vado"))
    await desk.follow("unvoteForMusic", who=vado, postId=post, guestId=first(party, "Vado"))
    await desk.follow("moderatePost", postId=post, status="HIDDEN")
    await desk.follow("deletePost", postId=post)
    await desk.follow("eraseGuest", guestId=first(party, "Vado"))


async def test_a_household_follows_the_occasion_and_itself(home):
    party, vado = home.party, home.party.households["Vado"]["id"]
    soon = (party.server.clock() + timedelta(days=5)).isoformat()
    await home.follow("updateOccasion", occasionId=party.id, name="Dinner", language="ES", rsvpDeadline=soon)
    drinks = {"name": "Drinks", "place": "Terrace", "meals": [{"name": "Tapas"}], **evening(party)}
    part = (await home.follow("addPart", "part { id }", occasionId=party.id, part=drinks))["part"]["id"]
    await home.follow("updatePart", partId=part, name="Aperitif", place="Bar")
    await home.follow("updateHousehold", householdId=vado, partIds=[party.main], phone="+34 611 222 333", plusOnes=3)
    await home.follow("updateHousehold", householdId=vado, partIds=None, plusOnes=0)
    await home.follow("deletePart", partId=part)
    guest = {"firstName": "Luz", "lastName": "Vado", "householdId": vado}
    made = await home.follow("addGuests", "guests { id }", occasionId=party.id, guests=[guest])
    luz = made["guests"][0]["id"]
    await home.follow("updateGuests", guests=[{"guestId": luz, "dietNote": "No celery", "isVip": True}])
    await home.follow("deleteGuests", guestIds=[luz])
    await home.follow("eraseGuest", guestId=first(party, "Vado", 1))
    lindero = party.households["Lindero"]["id"]
    await party.done("addGuests", "cursor", occasionId=party.id, guests=[guest])
    await home.follow("updateGuests", guests=[{"guestId": first(party, "Vado"), "householdId": lindero}])
    await home.follow("closeOccasion", occasionId=party.id)
    await party.done("closeOccasion", "cursor", occasionId=party.id)
    await home.follow("publishOccasion", occasionId=party.id)


async def test_a_household_follows_its_answers_and_moves_up(home):
    party, vado, part = home.party, home.who, {"name": "Drinks", **evening(home.party)}
    drinks = (await party.done("addPart", "part { id }", occasionId=party.id, part=part))["part"]["id"]
    await party.invite("Prado", "Ana", "Leo", "Eva")
    await party.answer("Prado")
    await party.answer("Lindero", only=1)
    async with home.change():
        await party.answer("Vado")
    assert await party.statuses("Vado") == ["WAITLISTED"] * 3
    async with home.change():
        await party.answer("Prado", "DECLINED", only=1)
    assert await party.statuses("Vado") == ["ACCEPTED"] * 3
    comes = {"guestId": first(party, "Vado"), "parts": [{"partId": drinks, "status": "ACCEPTED"}], "needs": ["OTHER"]}
    await home.follow("submitRsvp", who=vado, guests=[comes])
    async with home.change():
        await party.answer("Vado", "DECLINED", only=1, who=vado)


async def test_a_household_follows_the_directory(home):
    party, isla = home.party, first(home.party, "Vado")
    part = {"name": "Drinks", **evening(party)}
    drinks = (await party.done("addPart", "part { id }", occasionId=party.id, part=part))["part"]["id"]
    for name, guest in (("Vado", isla), ("Lindero", first(party, "Lindero"))):
        who = party.guest(name)
        await party.answer(name, only=1)
        await home.follow("setGuestListing", who=who, guestId=guest, isListed=True)
        await home.follow("updateGuests", guests=[{"guestId": guest, "firstName": "Ines", "groupName": "Bride"}])
        answer = {"guestId": guest, "status": "DECLINED"}
        await home.follow("submitRsvp", who=who, guests=[answer])
        await home.follow("submitRsvp", who=who, guests=[answer | {"status": "ACCEPTED"}])
    both = {"guestId": isla, "parts": [{"partId": drinks, "status": "ACCEPTED"}]}
    await home.follow("submitRsvp", who=home.who, guests=[both])
    lindero = party.households["Lindero"]["id"]
    await home.follow("updateHousehold", householdId=lindero, partIds=[drinks])
    await home.follow("updateHousehold", householdId=party.households["Vado"]["id"], partIds=[drinks])
    await party.done("updateHousehold", "cursor", householdId=lindero, partIds=None)
    await party.answer("Lindero", only=1)
    await home.follow("setGuestListing", who=party.guest("Lindero"), guestId=first(party, "Lindero"), isListed=False)
    await home.follow("setGuestListing", who=party.guest("Lindero"), guestId=first(party, "Lindero"), isListed=True)
    await home.follow("deleteGuests", guestIds=[first(party, "Lindero")])
    await party.invite("Prado", "Ana")
    await party.answer("Prado")
    await home.follow("setGuestListing", who=party.guest("Prado"), guestId=first(party, "Prado"), isListed=True)
    await home.follow("deleteHousehold", householdId=party.households["Prado"]["id"])


async def test_a_household_follows_its_seats_and_arrivals(home, clock):
    party, floor, isla = home.party, Floor(home.party), first(home.party, "Vado")
    await party.answer("Vado", only=2)
    for name in ("One", "Two"):
        await floor.set_table(name)
    await party.done("revealSeating", "cursor", occasionId=party.id)
    for table in ("One", "Two"):
        async with home.change():
            await floor.seat(table, "Isla")
    await home.follow("lockSeat", guestIds=[isla])
    await home.follow("unlockSeat", guestIds=[isla])
    await floor.seat("One", "Teo")
    await home.follow("swapSeats", guestId=isla, otherGuestId=floor.guest("Teo"))
    await home.follow("unseatGuests", guestIds=[isla])
    await home.follow("deleteTable", tableId=floor.tables["Two"])
    clock.advance(days=30)
    given = {"occasionId": party.id, "guestId": isla}
    await home.follow("checkInGuest", **given)
    await home.follow("undoGuestCheckIn", guestId=isla)
