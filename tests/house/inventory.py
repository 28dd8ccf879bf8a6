"""One thing of each kind that has an id, made through the API, for tests that walk over all kinds."""

from tests.harness import World


async def one_of_each(world: World) -> dict[str, str]:
    """Give the public id of one thing of each kind in a world, by kind."""
    mutate, staff = world.server.mutate, world.staff
    query = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { id } sheetTemplate(courseId: $c) { id } }"
    read = (await world.server.run(query, who=staff, c=world.course, d=world.day.isoformat())).data
    known = {"firstName": "Ada", "lastName": "Byron", "priceClass": "MEMBER"}
    player = await mutate("addPlayer", "player { id }", who=world.admin, clubId=world.club, **known)
    held = await mutate("holdSlots", "hold { id }", who=staff, teeTimeId=world.tee_time(-1), places=2)
    players = [{"playerId": player["player"]["id"]}]
    wish = {"teeTimeId": world.tee_time(-2), "players": players, "idempotencyKey": world.club, "paidCents": 900}
    booked = await mutate("bookSlots", "booking { id }", who=staff, **wish)
    place = {"slotIds": [world.tee_times[-3]["slots"][0]["id"]], "kind": "OTHER"}
    where = {"courseId": world.course, "date": world.day.isoformat()}
    blocked = await mutate("addBlock", "block { id }", who=staff, **where, **place)
    check = {"bookingId": booked["booking"]["id"], "holesPlayed": 9}
    issued = await mutate("issueRainCheck", "rainCheck { id }", who=staff, **check)
    return {
        "club": world.club,
        "course": world.course,
        "player": player["player"]["id"],
        "sheet_template": read["sheetTemplate"]["id"],
        "tee_sheet": read["teeSheet"]["id"],
        "tee_time": world.tee_time(-1),
        "slot": world.tee_times[-1]["slots"][0]["id"],
        "hold": held["hold"]["id"],
        "booking": booked["booking"]["id"],
        "block": blocked["block"]["id"],
        "rain_check": issued["rainCheck"]["id"],
    }
