"""E-mails: to whom, in which words, by whatever mail server, and what the links in them do."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from tests.notifications.desk import tell
from tests.notifications.mail_server import BREAK, SILENCE, mail_server
from tests.notifications.post import deliveries, post, route, send, statuses
from tests.patience import PATIENCE
from tests.tee_sheet.desk import PAYER, book, cancel

PREFERENCES = "preferences { email pendingEmail language choices { kind channel isOn } }"


def with_address(world, name="ana", address="ana@example.com"):
    return replace(world.player(name), email=address)


async def told_by_mail(world, **more):
    """Have somebody whose token proves an address be told that their booking was cancelled."""
    ana = with_address(world)
    booked = await book(world, ana, payer=PAYER)
    if more:
        await world.server.mutate("setNotificationPreferences", "cursor", who=ana, **more)
    await cancel(world, world.staff, booked["booking"]["id"])
    return ana


def link_in(message, path):
    text = message.get_body("plain").get_content()
    return next(word for word in text.split() if f"/{path}/" in word).partition("/" + path)[2]


async def test_a_cancelled_booking_is_written_to_the_address_that_a_token_has_proven(world):
    await told_by_mail(world)
    async with mail_server() as server:
        assert await post(world, server.carrier(world.server.clock)) == []
        assert await post(world, server.carrier(world.server.clock)) == []
    [message] = server.taken
    [one] = await deliveries(world)
    assert one.status == "SENT"
    assert message["To"] == "ana@example.com"
    assert message["Subject"] == "Your booking was cancelled"
    assert message["Message-ID"] == f"<{one.id}@club.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "12:00 on Monday 4 May at Old" in message.get_body("plain").get_content()
    html = message.get_body("html").get_content()
    assert "12:00 on Monday 4 May at Old" in html
    assert "<style" not in html
    assert "style=" in html


async def test_it_is_written_in_the_language_of_who_reads_it(world):
    await told_by_mail(world, language="ES")
    async with mail_server() as server:
        await post(world, server.carrier(world.server.clock))
    assert server.taken[0]["Subject"] == "Tu reserva se ha anulado"
    assert "las 12:00 del lunes 4 de mayo en Old" in server.taken[0].get_body("plain").get_content()


async def test_nobody_is_written_to_without_an_address_or_who_does_not_want_it(world):
    await tell(world, world.player("ben"))
    muted = [{"kind": "BOOKING_CANCELLED", "channel": "EMAIL", "isOn": False}]
    await told_by_mail(world, choices=muted)
    async with mail_server() as server:
        await post(world, server.carrier(world.server.clock))
    assert server.taken == []
    assert await statuses(world) == []


@pytest.mark.parametrize(
    ("answers", "status", "taken"),
    [
        ({"RCPT": "550 5.1.1 nobody"}, "FAILED", 0),
        ({"MAIL": "554 not you"}, "FAILED", 0),
        ({"END": "554 not this"}, "FAILED", 1),
        ({"RCPT": "450 greylisted"}, "QUEUED", 0),
        ({"EHLO": "421 busy", "HELO": "421 busy"}, "QUEUED", 0),
        ({"MAIL": BREAK}, "QUEUED", 0),
        ({"MAIL": SILENCE}, "QUEUED", 0),
        ({"END": "451 later"}, "QUEUED", 1),
        ({"END": BREAK}, "UNKNOWN", 1),
        ({"END": SILENCE}, "UNKNOWN", 1),
    ],
)
async def test_what_a_server_does_decides_whether_it_is_tried_again(world, answers, status, taken):
    await told_by_mail(world)
    async with mail_server(**answers) as server:
        waits = await post(world, server.carrier(world.server.clock))
        assert await statuses(world) == [status]
        assert len(server.taken) == taken
        assert (waits != []) == (status == "QUEUED")
        server.answers.clear()
        await post(world, server.carrier(world.server.clock))
    assert await statuses(world) == ["SENT" if status == "QUEUED" else status]


async def test_a_server_that_is_away_is_tried_eight_times_with_growing_waits(world):
    await told_by_mail(world)
    async with mail_server() as server:
        carrier = server.carrier(world.server.clock)
    waits = [await post(world, carrier) for _ in range(8)]
    assert waits == [[30], [60], [120], [240], [480], [960], [1920], []]
    assert await statuses(world) == ["FAILED"]


async def test_an_address_that_was_refused_for_good_is_not_written_to_again(world):
    await told_by_mail(world)
    async with mail_server(RCPT="550 5.1.1 nobody") as server:
        await post(world, server.carrier(world.server.clock))
        server.answers.clear()
        await tell(world, with_address(world))
        await post(world, server.carrier(world.server.clock))
    assert await statuses(world) == ["FAILED", "SKIPPED"]
    assert server.taken == []


async def test_a_worker_that_dies_once_it_has_handed_over_does_not_send_it_twice(world):
    await told_by_mail(world)
    await route(world)
    [one] = await deliveries(world)
    async with mail_server(END=SILENCE) as server:
        carrier = server.carrier(world.server.clock)
        sending = asyncio.create_task(send(world, carrier, one.id))
        await asyncio.wait_for(server.reached.wait(), PATIENCE)
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
        assert await statuses(world) == ["SENDING"]
        server.answers.clear()
        await post(world, carrier)
        await post(world, carrier)
        assert len(server.taken) == 1
    assert await statuses(world) == ["UNKNOWN"]


async def test_a_link_ends_e_mails_of_its_kind_and_opening_it_changes_nothing(world):
    ana = await told_by_mail(world)
    async with mail_server() as server:
        await post(world, server.carrier(world.server.clock))
        page = world.server.url + "/unsubscribe" + link_in(server.taken[0], "unsubscribe")
        http = world.server.http
        assert (await http.get(page)).status_code == 200
        assert await wants(world, ana)
        for _ in range(2):
            assert (await http.post(page, data={"List-Unsubscribe": "One-Click"})).status_code == 200
        assert not await wants(world, ana)
        wrong = await http.post(page[:-2] + "AA")
        assert wrong.status_code == 404
        await tell(world, ana)
        await post(world, server.carrier(world.server.clock))
    assert len(server.taken) == 1


async def wants(world, who):
    query = "{ notificationPreferences { choices { kind channel isOn } } }"
    choices = (await world.server.run(query, who=who)).data["notificationPreferences"]["choices"]
    [found] = [one for one in choices if (one["kind"], one["channel"]) == ("BOOKING_CANCELLED", "EMAIL")]
    return found["isOn"]


async def test_an_address_counts_once_its_link_was_opened(world):
    ben, http = world.player("ben"), world.server.http
    given = {"email": "ben@example.com"}
    for _ in range(2):
        made = await world.server.mutate("setNotificationPreferences", PREFERENCES, who=ben, **given)
        assert made["preferences"]["email"] is None
        assert made["preferences"]["pendingEmail"] == "ben@example.com"
    async with mail_server() as server:
        await post(world, server.carrier(world.server.clock))
    [message] = server.taken
    assert "List-Unsubscribe" not in message
    page = world.server.url + "/confirm" + link_in(message, "confirm")
    assert (await http.get(page)).status_code == 200
    assert (await preferences(world, ben))["email"] is None
    assert (await http.post(page)).status_code == 200
    assert await preferences(world, ben) == {"email": "ben@example.com", "pendingEmail": None}
    world.server.clock.advance(days=4)
    assert (await http.post(page)).status_code == 410


async def preferences(world, who):
    query = "{ notificationPreferences { email pendingEmail } }"
    return (await world.server.run(query, who=who)).data["notificationPreferences"]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"email": "nobody"}, ["input", "email"]),
        ({"timeZone": "Mars/Olympus"}, ["input", "timeZone"]),
        ({"quietFrom": "22:00"}, ["input", "quietUntil"]),
        ({"quietFrom": "22:00", "quietUntil": "22:00"}, ["input", "quietUntil"]),
        ({"choices": [{"kind": "SLOT_LEFT", "channel": "PUSH", "isOn": True}]}, ["input", "choices", "0"]),
    ],
)
async def test_preferences_that_make_no_sense_are_refused_and_nothing_is_kept(world, given, path):
    ana = world.player("ana")
    made = await world.server.mutate("setNotificationPreferences", "cursor", who=ana, language="ES", **given)
    assert made["problems"][0]["path"] == path
    query = "{ notificationPreferences { language } }"
    assert (await world.server.run(query, who=ana)).data["notificationPreferences"]["language"] == "EN"
