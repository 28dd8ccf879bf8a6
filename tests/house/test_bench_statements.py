"""What the bench has the driver do alone is as much as Fairway says to the database for the same."""

from bench.statements import STATEMENTS
from tests.house.statements import listed, statements


async def counted(server, operation, shows, **given):
    with statements(server) as sent:
        payload = await server.mutate(operation, shows, **given)
    assert payload["problems"] == []
    return payload, sent


async def test_the_driver_alone_says_as_much_as_the_changes_of_the_bench(server, world):
    await server.mutate("updateClub", "club { id }", who=world.admin, clubId=world.club, cancellationNoticeHours=0)
    golfer, start = world.player("golfer"), {"teeTimeId": world.tee_time(-1)}
    _, held = await counted(server, "holdSlots", "hold { id }", who=golfer, places=1, teeTimeId=world.tee_time(-2))
    players = [{"firstName": "Ann", "lastName": "Archer"}]
    made, booked = await counted(server, "bookSlots", "booking { id }", who=golfer, players=players, **start)
    booking = {"bookingId": made["booking"]["id"]}
    _, arrived = await counted(server, "checkIn", "booking { id }", who=world.staff, **booking)
    await server.mutate("undoCheckIn", "booking { id }", who=world.staff, **booking)
    _, cancelled = await counted(server, "cancelBooking", "booking { id }", who=golfer, **booking)
    given = {"clubId": world.club, "csv": "name,list\nBen,1\n"}
    await server.mutate("importCaddies", "caddieImport { added }", who=world.admin, **given)
    shown = "query($c: ID!) { caddies(clubId: $c) { caddies { id } } }"
    [caddie] = (await server.run(shown, who=world.staff, c=world.club)).data["caddies"]["caddies"]
    wanted = {"caddieId": caddie["id"], "status": "IN_PREP"}
    _, marked = await counted(server, "setCaddieStatus", "caddie { id }", who=world.staff, **wanted)
    said = {"hold": held, "book": booked, "check in": arrived, "cancel": cancelled, "mark a caddie": marked}
    assert {kind: len(sent) for kind, sent in said.items()} == STATEMENTS, "\n\n".join(map(listed, said.values()))
