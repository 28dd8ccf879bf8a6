"""One thing of each kind that has an id, made through the API, for tests that walk over all kinds."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from domain.matching.telling import tell_of_new
from domain.notifications.contacts import suppress
from jobs import tasks
from jobs.payments import step_deposit
from kit.ids import new_id, parse_id
from models.matching.ratings import GolferRating
from models.matching.values import Industry
from providers.payments.choice import twin_of
from tests.harness import TEMPLATE, Who, World
from tests.providers.picture_files import telling

SUBSCRIPTION = {
    "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/a-device",
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
"""A subscription as a browser gives it: the keys of the example in RFC 8291."""


async def one_of_each(world: World) -> dict[str, str]:
    """Give the public id of one thing of each kind in a world, by kind."""
    mutate, staff = world.server.mutate, world.staff
    query = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { id } sheetTemplate(courseId: $c) { id } }"
    read = (await world.server.run(query, who=staff, c=world.course, d=world.day.isoformat())).data
    known = {"firstName": "Ada", "lastName": "Byron", "priceClass": "MEMBER"}
    player = await mutate("addPlayer", "player { id }", who=world.admin, clubId=world.club, **known)
    befriended = await someone_asks(world)
    file = {"csv": "first name,last name,class\nTeo,Fresno,GUEST\n", "apply": True}
    taken_in = await mutate("importPlayers", "playerImport { id }", who=staff, clubId=world.club, **file)
    held = await mutate("holdSlots", "hold { id }", who=staff, teeTimeId=world.tee_time(-1), places=2)
    players = [{"playerId": player["player"]["id"]}]
    wish = {"teeTimeId": world.tee_time(-2), "players": players, "idempotencyKey": world.club, "paidCents": 900}
    booked = await mutate("bookSlots", "booking { id }", who=staff, **wish)
    await play(world)
    told, waiting = await someone_is_told(world), await someone_waits(world)
    device = await someone_is_reached(world)
    caddies = {"clubId": world.club, "csv": "name,list\nSol Lindero,2\n"}
    imported = await mutate("importCaddies", "caddieImport { id }", who=world.admin, **caddies)
    caddie = {"clubId": world.club, "name": "Noa Ribera", "listNumber": 1}
    added = await mutate("addCaddie", "caddie { id }", who=staff, **caddie)
    drawn = await mutate("drawCaddieWeek", "caddieDraw { id }", who=staff, clubId=world.club, listNumber=1)
    await mutate("setCaddieSettings", "settings { listCount }", who=world.admin, clubId=world.club, listCount=4)
    started = await mutate("startTurn", "turn { id }", who=staff, clubId=world.club, listNumber=1)
    place = {"slotIds": [world.tee_times[-3]["slots"][0]["id"]], "kind": "OTHER"}
    where = {"courseId": world.course, "date": world.day.isoformat()}
    blocked = await mutate("addBlock", "block { id }", who=staff, **where, **place)
    check = {"bookingId": booked["booking"]["id"], "holesPlayed": 9}
    issued = await mutate("issueRainCheck", "rainCheck { id }", who=staff, **check)
    carts = await someone_rides(world)
    await mutate("revokeTokens", "revocation { subject }", who=world.admin, owner="DEVICE", subject="a lost tablet")
    await weather_passes(world)
    guests = await someone_celebrates(world)
    season = {"courseId": world.course, "name": "Winter", "lastDate": "2026-02-28", **TEMPLATE}
    set_for = await mutate("setSheetSeason", "season { id }", who=staff, **season)
    owed = {"bookingId": booked["booking"]["id"], "kind": "FEE", "amountCents": 500, "reason": "Late"}
    noted = await mutate("addLedgerEntry", "ledgerEntry { id }", who=staff, **owed)
    starts = [{"teeTimeId": world.tee_time(-7), "places": 1}]
    group = {"name": "An outing", "organiser": {"firstName": "Ada", "lastName": "Byron"}, "starts": starts}
    outing = await mutate("bookGroup", "bookingGroup { id }", who=staff, idempotencyKey=f"{world.club} group", **group)
    standing = await someone_comes_every_week(world)
    drawn_for = await someone_enters(world)
    paid = await someone_pays(world)
    return {
        **standing,
        **drawn_for,
        **paid,
        "booking_group": outing["bookingGroup"]["id"],
        "ledger_entry": noted["ledgerEntry"]["id"],
        "sheet_season": set_for["season"]["id"],
        **carts,
        **guests,
        **await someone_meets(world),
        "caddie": added["caddie"]["id"],
        "caddie_draw": drawn["caddieDraw"]["id"],
        "caddie_import": imported["caddieImport"]["id"],
        "turn": started["turn"]["id"],
        "club": world.club,
        "course": world.course,
        "buddy": befriended,
        "player_import": taken_in["playerImport"]["id"],
        "player": player["player"]["id"],
        "sheet_template": read["sheetTemplate"]["id"],
        "tee_sheet": read["teeSheet"]["id"],
        "tee_time": world.tee_time(-1),
        "slot": world.tee_times[-1]["slots"][0]["id"],
        "hold": held["hold"]["id"],
        "booking": booked["booking"]["id"],
        "notification": told,
        "push_device": device,
        **waiting,
        "block": blocked["block"]["id"],
        "rain_check": issued["rainCheck"]["id"],
    }


async def someone_comes_every_week(world: World) -> dict[str, str]:
    """Set a standing booking, and have it made for the first date: a row that has no id of its own."""
    given: dict[str, Any] = {"courseId": world.course, "weekday": f"{world.day:%A}".upper(), "localTime": "10:10"}
    given |= {"until": world.day.isoformat(), "payer": {"firstName": "Ada", "lastName": "Byron"}}
    made = await world.server.mutate("setStandingBooking", "standingBooking { id }", who=world.staff, **given)
    await tasks.make_standing_bookings(world.server.runtime)
    return {"standing_booking": made["standingBooking"]["id"]}


async def someone_pays(world: World) -> dict[str, str]:
    """Have a deposit asked, paid, told of and given back in part: rows that have no id of their own."""
    wish = {"teeTimeId": world.tee_time(-8), "payer": {"firstName": "Ada", "lastName": "Byron"}, "places": 1}
    booked = await world.server.mutate("bookSlots", "booking { id }", who=world.staff, **wish)
    asked = {"bookingId": booked["booking"]["id"], "amountCents": 900}
    made = await world.server.mutate("askDeposit", "deposit { id }", who=world.staff, **asked)
    runtime, deposit = world.server.runtime, str(made["deposit"]["id"])
    twin = twin_of(runtime.settings, clock=runtime.clock)
    await step_deposit(runtime, tenant_id=world.tenant_id, id=str(parse_id("deposit", deposit)))
    query = "query($id: ID!) { node(id: $id) { ... on Deposit { payUrl } } }"
    url = (await world.server.run(query, who=world.staff, id=deposit)).data["node"]["payUrl"]
    payment = twin.agree(url.rpartition("/")[2])
    assert payment is not None
    body, headers = twin.event(payment)
    await world.server.http.post(f"{world.server.url}/payments/webhook/twin", content=body, headers=headers)
    for _ in range(2):
        await step_deposit(runtime, tenant_id=world.tenant_id, id=str(parse_id("deposit", deposit)))
    back = {"depositId": deposit, "amountCents": 300, "reason": "Goodwill"}
    assert not (await world.server.mutate("refundDeposit", "deposit { id }", who=world.staff, **back))["problems"]
    return {"deposit": deposit}


async def someone_enters(world: World) -> dict[str, str]:
    """Sell one of the first starts by draw, and enter; give both."""
    at, now = world.tee_times[3]["localTime"], world.server.clock()
    given = {"courseId": world.course, "date": world.day.isoformat(), "firstStart": at, "lastStart": at}
    given |= {"closesAt": (now + timedelta(minutes=10)).isoformat(), "name": "Saturday"}
    given |= {"releasesAt": (now + timedelta(minutes=20)).isoformat()}
    made = await world.server.mutate("announceBallot", "ballot { id }", who=world.staff, **given)
    wish: dict[str, Any] = {"ballotId": made["ballot"]["id"], "teeTimeIds": [world.tee_time(3)]}
    wish["players"] = [{"firstName": "Ada", "lastName": "Byron"}]
    entry = await world.server.mutate("enterBallot", "ballotEntry { id }", who=world.staff, **wish)
    return {"ballot": made["ballot"]["id"], "ballot_entry": entry["ballotEntry"]["id"]}


async def someone_asks(world: World) -> str:
    """Have a player ask another, who is of the staff, to be their buddy; give what was asked."""
    mutate = world.server.mutate
    for name in ("staff", "sol"):
        known = {"firstName": name, "lastName": "Vega", "priceClass": "MEMBER", "userId": name, "memberNumber": name}
        await mutate("addPlayer", "player { id }", who=world.admin, clubId=world.club, **known)
    given = {"clubId": world.club, "memberNumber": "staff", "lastName": "Vega"}
    return str((await mutate("askBuddy", "buddy { id }", who=world.player("sol"), **given))["buddy"]["id"])


async def play(world: World) -> None:
    """Send a group off, have it complete a hole, and suspend play for a moment: rows that have no id of their own."""
    wish = {"teeTimeId": world.tee_time(-5), "payer": {"firstName": "Ada", "lastName": "Byron"}, "places": 1}
    booked = await world.server.mutate("bookSlots", "booking { id }", who=world.staff, **wish)
    given: dict[str, Any] = {"who": world.staff, "bookingId": booked["booking"]["id"]}
    for operation in ("checkIn", "teeOff"):
        await world.server.mutate(operation, "booking { id }", **given)
    await world.server.mutate("recordHole", "booking { id }", hole=1, **given)
    for operation in ("suspendPlay", "resumePlay"):
        await world.server.mutate(operation, "course { id }", who=world.staff, courseId=world.course)


async def someone_rides(world: World) -> dict[str, str]:
    """Add a cart and reserve it for a booking; give both."""
    cart = await world.server.mutate("addCart", "cart { id }", who=world.staff, courseId=world.course, number="1")
    wish = {"teeTimeId": world.tee_time(-6), "payer": {"firstName": "Ada", "lastName": "Byron"}, "places": 1}
    booked = await world.server.mutate("bookSlots", "booking { id }", who=world.staff, **wish)
    given = {"bookingId": booked["booking"]["id"], "cartId": cart["cart"]["id"]}
    made = await world.server.mutate("reserveCart", "cartReservation { id }", who=world.staff, **given)
    return {"cart": cart["cart"]["id"], "cart_reservation": made["cartReservation"]["id"]}


async def someone_is_told(world: World) -> str:
    """Have an admin cancel what the staff booked; give the notification of it."""
    wish = {"teeTimeId": world.tee_time(-3), "payer": {"firstName": "Ada", "lastName": "Byron"}, "places": 1}
    booked = await world.server.mutate("bookSlots", "booking { id }", who=world.staff, **wish)
    await world.server.mutate("cancelBooking", "booking { id }", who=world.admin, bookingId=booked["booking"]["id"])
    read = (await world.server.run("{ notifications { edges { node { id } } } }", who=world.staff)).data
    return str(read["notifications"]["edges"][0]["node"]["id"])


async def someone_is_reached(world: World) -> str:
    """Register a device, choose a language, and have an address refused; give the device."""
    given = {"name": "A phone", **SUBSCRIPTION}
    made = await world.server.mutate("registerPushDevice", "device { id }", who=world.staff, **given)
    await world.server.mutate("setNotificationPreferences", "cursor", who=world.staff, language="ES")
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        address = "nobody@example.com"
        await suppress(session, tenant_id=world.tenant_id, address=address, now=world.server.clock())
        await session.commit()
    return str(made["device"]["id"])


async def someone_waits(world: World) -> dict[str, str]:
    """Have somebody wait for a start that is full, and cancel a booking there; give the entry and its offer."""
    start, payer = world.tee_times[-4], {"firstName": "Ada", "lastName": "Byron"}
    wish = {"teeTimeId": start["id"], "payer": payer, "places": 4}
    booked = await world.server.mutate("bookSlots", "booking { id }", who=world.staff, **wish)
    window = {"earliest": start["localTime"], "latest": start["localTime"], "partySize": 2}
    given = {"courseId": world.course, "date": world.day.isoformat(), **window, **payer}
    joined = await world.server.mutate("joinWaitlist", "waitlistEntry { id }", who=world.staff, **given)
    await world.server.mutate("cancelBooking", "booking { id }", who=world.staff, bookingId=booked["booking"]["id"])
    entry = joined["waitlistEntry"]["id"]
    query = "query($id: ID!) { node(id: $id) { ... on WaitlistEntry { offer { id } } } }"
    offer = (await world.server.run(query, who=world.staff, id=entry)).data["node"]["offer"]["id"]
    return {"waitlist_entry": entry, "waitlist_offer": offer}


async def weather_passes(world: World) -> None:
    """Set thresholds, and close the course for a minute without a start: rows that have no id of their own."""
    given: dict[str, Any] = {"who": world.staff, "courseId": world.course}
    until = (world.server.clock() + timedelta(minutes=1)).isoformat()
    await world.server.mutate("setCourseThresholds", "thresholds { windWarningKmh }", windWarningKmh=35, **given)
    await world.server.mutate("setCourseStatus", "course { id }", status="CLOSED", reason="Fog", until=until, **given)
    await world.server.mutate("clearCourseStatusOverride", "course { id }", **given)


async def someone_meets(world: World) -> dict[str, str]:
    """Have the staff and two others meet as golfers: one asks to be connected, the other is blocked."""
    given: dict[str, Any] = {"industry": "FINANCE", "timeZone": "Europe/Madrid"}
    mutate = world.server.mutate
    await mutate("updateGolfer", "golfer { id }", who=world.staff, name="Sol Lindero", **given)
    other = await mutate(
        "updateGolfer", "golfer { id }", who=world.player(f"golfer of {world.club}"), name="Noa Ribera", **given
    )
    third = await mutate(
        "updateGolfer", "golfer { id }", who=world.player(f"third of {world.club}"), name="Luz Prado", **given
    )
    wanted, blocked = other["golfer"]["id"], third["golfer"]["id"]
    await mutate("connectGolfers", "golfer { id }", who=world.staff, golferId=wanted)
    await mutate("blockGolfer", "golfer { id }", who=world.player(f"golfer of {world.club}"), golferId=blocked)
    reported = await mutate(
        "reportGolfer",
        "report { id }",
        who=world.staff,
        golferId=wanted,
        reason="Rude",
        idempotencyKey=f"{world.club} rude",
    )
    starts = (world.server.clock() + timedelta(days=9)).isoformat()
    wish: dict[str, Any] = {"courseId": world.course, "startsAt": starts, "places": 2, "needsApproval": True}
    hosted = await mutate("hostTeeTime", "hostedTeeTime { id }", who=world.staff, **wish)
    tee_time = hosted["hostedTeeTime"]["id"]
    await mutate("joinTeeTime", "hostedTeeTime { id }", who=world.player(f"golfer of {world.club}"), teeTimeId=tee_time)
    related: dict[str, Any] = {"industry": "FINANCE", "otherIndustry": "LEGAL", "strength": "HIGH"}
    await mutate("setIndustryRelation", "relations { strength }", who=world.admin, **related)
    async with world.server.runtime.work.change(world.tenant_id) as change:
        await tell_of_new(
            change.session,
            golfer_ids=[parse_id("golfer", blocked)],
            tee_time_id=parse_id("hosted_tee_time", tee_time),
            industry=Industry.FINANCE,
            within=timedelta(minutes=15),
            now=world.server.clock(),
        )
    luz = world.player(f"third of {world.club}")
    await mutate("joinTeeTime", "hostedTeeTime { id }", who=luz, teeTimeId=tee_time)
    answer = {"teeTimeId": tee_time, "golferId": blocked, "accept": True}
    await mutate("answerJoinRequest", "hostedTeeTime { id }", who=world.staff, **answer)
    said = await mutate("sendMessage", "message { id }", who=world.staff, teeTimeId=tee_time, text="Hello")
    golfers = [parse_id("golfer", one) for one in (blocked, wanted)]
    await someone_is_rated(world, parse_id("hosted_tee_time", tee_time), *golfers)
    await mutate("reportMessage", "report { id }", who=luz, messageId=said["message"]["id"], reason="Rude")
    return {
        "photo": await somebody_sends(world, world.staff),
        "golfer": wanted,
        "golfer_report": reported["report"]["id"],
        "hosted_tee_time": tee_time,
        "message": said["message"]["id"],
    }


async def someone_is_rated(world: World, tee_time_id: UUID, golfer_id: UUID, rated_by: UUID) -> None:
    """Note stars that wait to be shown: a row that has no id of its own, and needs a round that is over."""
    now = world.server.clock()
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        given = {"tee_time_id": tee_time_id, "golfer_id": golfer_id, "rated_by": rated_by, "stars": 5}
        when = {"created_at": now, "show_at": now + timedelta(days=14)}
        session.add(GolferRating(id=new_id(), tenant_id=world.tenant_id, **given, **when))
        await session.commit()


async def someone_celebrates(world: World) -> dict[str, str]:
    """Make an occasion that the staff plans, with a second part, and invite a household to it."""
    begins = world.server.clock() + timedelta(days=30)
    span: dict[str, Any] = {"startsAt": begins.isoformat(), "endsAt": (begins + timedelta(hours=5)).isoformat()}
    given: dict[str, Any] = {
        "clubId": world.club,
        "name": "Summer Wedding",
        "kind": "WEDDING",
        "rsvpDeadline": begins.isoformat(),
    }
    dinner = {"name": "Dinner", "capacity": 1, "isSeated": True, "meals": [{"name": "Trout"}], **span}
    given |= {"part": dinner, "planners": [world.staff.user_id]}
    made = await world.server.mutate("createOccasion", "occasion { id }", who=world.admin, **given)
    where: dict[str, Any] = {"who": world.staff, "occasionId": made["occasion"]["id"]}
    part = await world.server.mutate("addPart", "part { id }", part={"name": "Brunch", **span}, **where)
    wish: dict[str, Any] = {"name": "Vado", "guests": [{"firstName": "Isla", "lastName": "Vado"}]}
    household = await world.server.mutate("addHousehold", "household { id guests { id } }", **where, **wish)
    await world.server.mutate("publishOccasion", "occasion { id }", **where)
    await somebody_moves_up(world, where)
    csv = "household,first name\nRibera,Noa\n"
    imported = await world.server.mutate("importGuests", "guestImport { id }", csv=csv, apply=True, **where)
    posted = await somebody_posts(world, where, guest=household["household"]["guests"][0]["id"])
    seated = await somebody_sits(world, where, household["household"])
    return {
        **posted,
        **seated,
        "guest_import": imported["guestImport"]["id"],
        "occasion": made["occasion"]["id"],
        "part": part["part"]["id"],
        "household": household["household"]["id"],
        "guest": household["household"]["guests"][0]["id"],
    }


async def somebody_posts(world: World, where: dict[str, Any], *, guest: str) -> dict[str, str]:
    """Have music wished for and voted for, a picture shown, and something asked for."""
    mutate = world.server.mutate
    post = await mutate("addPost", "post { id }", **where, kind="MUSIC", title="Blue Danube")
    who, voted = where["who"], post["post"]["id"]
    await mutate("voteForMusic", "post { votes }", who=who, postId=voted, guestId=guest)
    picture = await somebody_sends(world, who, occasionId=where["occasionId"])
    await mutate("addPost", "post { id }", **where, kind="GALLERY", pictureId=picture)
    asked = await mutate("createGuestRequest", "guestRequest { id }", **where, guestId=guest, text="A chair")
    return {
        "post": post["post"]["id"],
        "picture": picture,
        "guest_request": asked["guestRequest"]["id"],
    }


async def somebody_sends(world: World, who: Who, **where: str) -> str:
    """Send a picture, which is not shown yet; give its id."""
    expected = await world.server.mutate("uploadPicture", "pictureId url", who=who, **where)
    sent = await world.server.http.put(world.server.url + urlsplit(expected["url"]).path, content=telling())
    assert sent.status_code == 201, sent.text
    return str(expected["pictureId"])


async def somebody_sits(world: World, where: dict[str, Any], household: dict[str, Any]) -> dict[str, str]:
    """Set a table, keep two households apart, and seat who can be; give the table and the rule."""
    table = await world.server.mutate("addTable", "table { id }", name="North", **where)
    others: dict[str, Any] = {"name": "Prado", "guests": [{"firstName": "Luz", "lastName": "Prado"}]}
    other = await world.server.mutate("addHousehold", "household { id }", **where, **others)
    sides: dict[str, Any] = {"firstHouseholdId": household["id"], "secondHouseholdId": other["household"]["id"]}
    rule = await world.server.mutate("setSeatingRule", "seatingRule { id }", kind="APART", **sides, **where)
    await world.server.mutate("autoSeat", "plan { cost }", apply=True, **where)
    return {"table": table["table"]["id"], "seating_rule": rule["seatingRule"]["id"]}


MAR = {"firstName": "Mar", "diets": ["VEGAN"], "needs": ["WHEELCHAIR"]}


async def somebody_moves_up(world: World, where: dict[str, Any]) -> None:
    """Have a household wait for the one place, and get it: rows that have no id of their own."""
    waiting: dict[str, Any] = {"name": "Lindero", "email": "lindero@example.com"}
    waiting["guests"] = [{"firstName": "Sol"}, MAR]
    made = await world.server.mutate("addHousehold", "household { id guests { id } }", **where, **waiting)
    household, guests = made["household"]["id"], [one["id"] for one in made["household"]["guests"]]
    for status, wanted in (("ACCEPTED", guests), ("DECLINED", guests[:1])):
        answers = [{"guestId": one, "status": status} for one in wanted]
        given: dict[str, Any] = {"who": world.staff, "householdId": household, "guests": answers}
        await world.server.mutate("setRsvpOnBehalf", "household { id }", **given)
