"""Screens that poll the carts: 304 while nothing happens, and the whole answer as soon as something does."""

from tests.api.poller import poll
from tests.carts.garage import BOOKING, CARTS, book, close, done, fleet, reopen
from tests.carts.test_fleet import ids


async def test_after_each_act_a_poll_shows_what_a_new_query_does(garage, server):
    ana, carts = garage.player("ana"), await ids(garage)
    booking = await book(garage, who=ana)

    async def reserve():
        return await done(garage, "reserveCart", bookingId=booking)

    async def check_out():
        return await done(garage, "checkOutCart", bookingId=booking, cartId=carts["1"])

    async def take_back():
        return await done(garage, "returnCart", cartId=carts["1"])

    async def retire():
        return await done(garage, "retireCart", cartId=carts["10"])

    async def repair():
        return await done(garage, "setCartStatus", cartId=carts["2"], inService=False)

    of_desk = await poll(server, garage.staff, CARTS, c=garage.course)
    of_party = await poll(server, ana, BOOKING, id=booking)
    acts = [reserve, check_out, lambda: close(garage), take_back, lambda: reopen(garage), reserve, repair, retire]
    for act in (*acts, lambda: close(garage)):
        tags = [of_desk.headers["etag"], of_party.headers["etag"]]
        assert (await poll(server, garage.staff, CARTS, tag=tags[0], c=garage.course)).status_code == 304
        assert (await poll(server, ana, BOOKING, tag=tags[1], id=booking)).status_code == 304
        await act()
        of_desk = await poll(server, garage.staff, CARTS, tag=tags[0], c=garage.course)
        assert of_desk.json()["data"]["carts"] == await fleet(garage)
        answer = await poll(server, ana, BOOKING, tag=tags[1], id=booking)
        of_party = of_party if answer.status_code == 304 else answer
        assert of_party.json() == await server.run(BOOKING, who=ana, id=booking)
