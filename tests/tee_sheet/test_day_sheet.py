"""A day's sheet for the printer."""

from xml.etree import ElementTree as ET

from tests.tee_sheet.desk import book, cancel, done

PRINT = "query($c: ID!, $d: Date!, $f: DaySheetForm!) { daySheet(courseId: $c, date: $d, form: $f) }"


async def printed(world, form, **more):
    given = {"c": world.course, "d": world.day.isoformat(), "f": form} | more
    return await world.server.run(PRINT, who=world.staff, **given)


def parts(page, tag):
    """Give the texts of the elements of a kind, read as strictly as XML is."""
    body = page[page.index("<body>") : page.index("</html>")].replace("<br>", "<br/>")
    return [" ".join(part.itertext()) for part in ET.fromstring(body).iter(tag)]


async def test_the_starter_s_copy_has_all_starts_with_players_carts_and_notes(world):
    players = [{"firstName": "Eva <b>", "lastName": "Ruiz & Co"}, {}]
    booking = (await book(world, world.staff, 3, places=2, players=players))["booking"]["id"]
    gone = await book(world, world.staff, 4, players=[{"firstName": "Nobody"}])
    await cancel(world, world.staff, gone["booking"]["id"])
    cart = await done(world.server, "addCart", "cart { id }", who=world.staff, courseId=world.course, number="7")
    given = {"bookingId": booking, "cartId": cart["cart"]["id"]}
    await done(world.server, "reserveCart", "cartReservation { id }", who=world.staff, **given)
    await done(world.server, "setBookingNote", "cursor", who=world.staff, bookingId=booking, staffNote="Pays late")
    await done(world.server, "checkIn", "cursor", who=world.staff, bookingId=booking, positions=[1])
    page = (await printed(world, "STARTER")).data["daySheet"]
    rows = parts(page, "tr")[1:]
    assert len(rows) == len(world.tee_times)
    for wanted in ("08:30", "☑", "Eva <b> Ruiz & Co", "☐", "Guest", "7", "Pays late"):
        assert wanted in rows[3]
    assert "Nobody" not in page
    signs = parts((await printed(world, "CART_SIGNS")).data["daySheet"], "section")
    assert len(signs) == 1
    for wanted in ("Cart 7", "08:30", "Eva <b> Ruiz & Co", "18 holes"):
        assert wanted in signs[0]


async def test_it_speaks_the_club_s_language_and_says_when_there_is_no_sheet(world):
    await done(world.server, "updateClub", "club { id }", who=world.admin, clubId=world.club, language="ES")
    page = (await printed(world, "STARTER")).data["daySheet"]
    assert parts(page, "th") == ["Salida", "Tee", "Jugadores", "Buggies", "Notas"]
    assert (await printed(world, "STARTER", d="2030-01-01")).code == "NOT_FOUND"
