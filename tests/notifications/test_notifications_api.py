"""What people are told, through the API: their own notifications, and nobody else's."""

from asyncio import gather
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from domain.notifications.kinds import WAYS
from domain.notifications.texts import text_of
from domain.notifications.words import TEXTS
from events.cursor import Cursor
from jobs import tasks
from kit.ids import new_id, public_id
from models.clubs.values import Language
from models.notifications import NotificationKind
from tests.api.poller import poll
from tests.harness import MORNING, found_world
from tests.notifications.desk import EVENTS, Inbox, mark, read, tell, told
from tests.tee_sheet.desk import PAYER, add_player, book, cancel, forbidden, refused, unchanged

pytestmark = pytest.mark.lone  # what it runs looks at all clubs


async def test_staff_who_cancel_a_booking_tell_its_booker(world):
    ana = world.player("ana")
    [booking] = await tell(world, ana)
    [row] = await told(world, ana)
    assert row == {
        "id": row["id"],
        "kind": "BOOKING_CANCELLED",
        "title": "Your booking was cancelled",
        "body": "Your booking for 12:00 on Monday 4 May at Old was cancelled.",
        "createdAt": world.server.clock().isoformat(),
        "readAt": None,
        "clubId": world.club,
        "courseId": world.course,
        "date": "2026-05-04",
        "bookingId": booking,
        "teeTimeId": world.tee_time(),
        "offerId": None,
    }
    assert await told(world, world.staff) == []


IN_EACH = """query($first: Int! = 1) {
  notifications(first: $first) { cursor nodes { title body texts { language title body } } }
}"""
TOLD_IN_EACH = """subscription($after: String) {
  notifications(after: $after) { __typename ... on NotificationCreated { title body texts { language title body } } }
}"""


async def test_what_one_is_told_is_there_in_each_language_when_read_and_when_heard(world):
    ana = world.player("ana")
    answer = await world.server.run(IN_EACH, who=ana)
    cursor = answer.data["notifications"]["cursor"]
    await tell(world, ana)
    async with world.server.socket(ana) as socket:
        await socket.subscribe(TOLD_IN_EACH, after=cursor)
        event = await socket.event()
    [node] = (await world.server.run(IN_EACH, who=ana)).data["notifications"]["nodes"]
    assert {key: event[key] for key in node} == node
    english, spanish = node["texts"]
    assert english == {"language": "EN", "title": node["title"], "body": node["body"]}
    assert (spanish["language"], spanish["title"]) == ("ES", "Tu reserva se ha anulado")
    assert "lunes 4 de mayo" in spanish["body"]


async def test_the_players_of_a_booking_are_told_as_well_and_each_once(world):
    ana, ben = world.player("ana"), world.player("ben")
    players = [{"playerId": await add_player(world, name.user_id, "MEMBER", name.user_id)} for name in (ana, ben)]
    players.append({"playerId": await add_player(world, "Eva", "GUEST")})  # has no account, and can't be told
    booked = await book(world, world.clerk("ana"), places=3, players=players)
    await cancel(world, world.staff, booked["booking"]["id"])
    assert [len(await told(world, who)) for who in (ana, ben)] == [1, 2]


async def test_who_cancels_is_not_told_of_it(world, clock):
    ana = world.player("ana")
    world.server.clock.advance(days=-2)
    booked = await book(world, ana)
    await cancel(world, ana, booked["booking"]["id"])
    assert await told(world, ana) == []


async def test_a_user_of_the_same_name_in_another_tenant_sees_nothing(world):
    other = await found_world(world.server)
    await tell(world, world.player("ana"))
    assert (await read(other, other.player("ana")))["unread"] == 0
    assert await told(other, other.player("ana")) == []


async def test_pages_go_from_the_newest_to_the_oldest(world):
    ana = world.player("ana")
    wanted = list(reversed(await tell(world, ana, 5)))
    found, after = [], None
    for more in (True, True, False):
        page = await read(world, ana, first=2, after=after)
        assert page["pageInfo"]["hasNextPage"] is more
        found += [edge["node"]["bookingId"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        assert after == page["edges"][-1]["cursor"]
    assert found == wanted
    assert (await read(world, ana, after=after))["pageInfo"] == {"hasNextPage": False, "endCursor": None}


@pytest.mark.parametrize("given", [{"first": 0}, {"first": 101}, {"after": "x"}, {"after": "cDE"}, {"after": "ä"}])
async def test_a_page_that_cannot_be_given_is_refused(world, given):
    query = "query($first: Int! = 1, $after: String) { notifications(first: $first, after: $after) { cursor } }"
    answer = await world.server.run(query, who=world.staff, **given)
    assert answer.code == "INVALID_INPUT"


async def test_nobody_is_told_anything_without_a_token(world):
    assert (await world.server.run("{ unreadNotifications }")).code == "UNAUTHENTICATED"


async def test_reading_is_noted_once_and_keeps_its_time(world, clock):
    ana = world.player("ana")
    await tell(world, ana, 3)
    rows = await told(world, ana)
    assert (await mark(world, ana, rows[0]["id"]))["unread"] == 2
    first = clock().isoformat()
    clock.advance(minutes=1)
    async with unchanged(world):
        again = await mark(world, ana, rows[0]["id"])
    assert (again["unread"], again["cursor"]) == (2, None)
    assert [row["id"] for row in await told(world, ana, unreadOnly=True)] == [rows[1]["id"], rows[2]["id"]]
    assert (await mark(world, ana))["unread"] == 0
    second = clock().isoformat()
    assert [row["readAt"] for row in await told(world, ana)] == [first, second, second]


async def test_screens_that_mark_all_at_once_note_it_once(world):
    ana = world.player("ana")
    await tell(world, ana, 3)
    before = await read(world, ana)
    payloads = await gather(*(mark(world, ana) for _ in range(5)))
    assert [payload["unread"] for payload in payloads] == [0] * 5
    assert sum(payload["cursor"] is not None for payload in payloads) == 1
    assert before["unread"] == 3


async def test_another_user_s_notification_is_nobody_s(world):
    ana, ben = world.player("ana"), world.player("ben")
    await tell(world, ana)
    [row] = await told(world, ana)
    nowhere = public_id("notification", new_id())
    for who in (ben, world.staff, world.admin):
        ask = partial(forbidden, world, "markNotificationsRead", who=who)
        answers = [await ask(notificationIds=[one]) for one in (row["id"], nowhere)]
        assert answers[0] == answers[1]
        assert answers[0].code == "NOT_FOUND"
        node = await world.server.run("query($id: ID!) { node(id: $id) { id } }", who=who, id=row["id"])
        assert node.code == "NOT_FOUND"


async def test_too_many_at_once_are_refused(world):
    ids = [public_id("notification", new_id()) for _ in range(101)]
    problem = await refused(world, "markNotificationsRead", who=world.staff, notificationIds=ids)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "notificationIds"])


async def test_a_screen_follows_without_a_gap_and_shows_what_a_fresh_one_shows(world, clock):
    ana = world.player("ana")
    await tell(world, ana, 2)
    before = await read(world, ana)
    await tell(world, ana, 2)
    rows = await told(world, ana)
    await mark(world, ana, rows[0]["id"], rows[3]["id"])
    clock.advance(days=89)
    await mark(world, ana)
    clock.advance(days=1, seconds=1)
    await tasks.remove_old_notifications(world.server.runtime)
    await tasks.remove_old_notifications(world.server.runtime)
    after, inbox, kinds = await read(world, ana), Inbox(before), []
    async with world.server.socket(ana) as socket:
        await socket.subscribe(EVENTS, after=before["cursor"])
        for event in await socket.events(5):
            kinds.append(event["type"])
            inbox.apply(event)
    assert kinds == ["notification.created"] * 2 + ["notification.read"] * 2 + ["notification.removed"]
    assert event["cursor"] == after["cursor"]
    assert inbox.shown() == [edge["node"] for edge in after["edges"]] == []


async def test_a_screen_shows_what_it_was_told_and_what_was_read_elsewhere(world):
    ana = world.player("ana")
    await tell(world, ana, 2)
    before = await read(world, ana)
    await tell(world, ana)
    last = await mark(world, ana, before["edges"][0]["node"]["id"])
    inbox = Inbox(before)
    async with world.server.socket(ana) as socket:
        await socket.subscribe(EVENTS, after=before["cursor"])
        for _ in range(2):
            event = await socket.event()
            inbox.apply(event)
    assert event["cursor"] == last["cursor"]
    assert inbox.shown() == await told(world, ana)


async def test_what_is_not_old_stays(world, clock):
    ana = world.player("ana")
    await tell(world, ana)
    clock.advance(days=90)
    async with unchanged(world):
        await tasks.remove_old_notifications(world.server.runtime)
    assert len(await told(world, ana)) == 1


async def test_everybody_hears_their_own_stream_alone(world):
    other = await found_world(world.server)
    people = [(world, world.player("ana")), (world, world.player("ben")), (other, other.player("ana"))]
    cursors = [(await read(at, who))["cursor"] for at, who in people]
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(world.server.socket(who)) for _, who in people]
        for socket, cursor in zip(sockets, cursors, strict=True):
            await socket.subscribe(EVENTS, after=cursor)
        told_of = [booking for at, who in people for booking in await tell(at, who)]
        assert [(await socket.event())["bookingId"] for socket in sockets] == told_of


async def test_a_cursor_of_another_user_is_refused(world):
    ana, ben = world.player("ana"), world.player("ben")
    await tell(world, ana)
    cursor = (await read(world, ana))["cursor"]
    for wrong in (cursor, str(Cursor(f"club:{world.club}", "", 0)), "nonsense"):
        async with world.server.socket(ben) as socket:
            await socket.subscribe(EVENTS, after=wrong)
            message = await socket.receive()
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_any_sub_can_be_told(world):
    who = replace(world.staff, user_id="auth|" + "ü" * 190)
    await tell(world, who)
    before = await read(world, who)
    assert before["unread"] == 1
    await cancel(world, world.admin, (await book(world, who, payer=PAYER))["booking"]["id"])
    async with world.server.socket(who) as socket:
        await socket.subscribe(EVENTS, after=before["cursor"], types=["NOTIFICATION_CREATED"])
        assert (await socket.event())["kind"] == "BOOKING_CANCELLED"


DATA = {
    "course": "Old",
    "date": "2026-05-04",
    "time": "08:10",
    "places": 1,
    "until": "08:00",
    "minutes_behind": 15,
    "name": "Ana Ruiz",
    "reason": "storm",
    "previous_status": "open",
    "status": "closed",
    "email": "a@example.com",
    "industry": "FINANCE",
    "golfer": "Noa V.",
    "answer": "accepted",
    "time_zone": "Europe/Madrid",
}
OF_COURSES = {NotificationKind.COURSE_STATUS_CHANGED, NotificationKind.WEATHER_STALE, NotificationKind.NEW_TEE_TIMES}
OF_PEOPLE = {NotificationKind.BUDDY_ASKED, NotificationKind.BUDDY_AGREED}
OF_ONESELF = {NotificationKind.WEEKLY_DIGEST, NotificationKind.WELCOME, NotificationKind.EMAIL_CONFIRMATION}
OF_DAYS = {kind for kind in NotificationKind if kind.name.startswith("BALLOT_")} - {NotificationKind.BALLOT_DRAWN}
DAYS = {Language.EN: "Monday 4 May at Old", Language.ES: "lunes 4 de mayo en Old"}
STARTS = {Language.EN: "08:10 on Monday 4 May at Old", Language.ES: "8:10 del lunes 4 de mayo en Old"}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", NotificationKind)
def test_every_kind_has_a_text_in_every_language(kind, language):
    title, body = text_of(kind, DATA, language, now=MORNING)
    assert title
    assert body.endswith((".", ":"))
    if kind not in OF_ONESELF:
        about = DAYS if kind in OF_DAYS else STARTS
        names = "Old" if kind in OF_COURSES else "Ana Ruiz" if kind in OF_PEOPLE else about[language]
        assert names in body
    assert set(TEXTS[language]) == set(NotificationKind) == set(WAYS)


@pytest.mark.parametrize(("days", "said"), [(0, "today"), (-1, "tomorrow"), (-2, "Monday 4 May")])
def test_a_reminder_says_today_or_tomorrow_by_the_clock_of_the_course(days, said):
    title, _ = text_of(NotificationKind.REMINDER_24H, DATA, now=MORNING + timedelta(days=days))
    assert title == f"Reminder: tee time {said} at 08:10"


async def test_who_polls_is_told_anew_only_when_there_is_news(world):
    ana, query = world.player("ana"), "{ unreadNotifications notifications { cursor edges { node { readAt } } } }"
    first = await poll(world.server, ana, query)
    assert first.json()["data"]["unreadNotifications"] == 0
    await book(world, ana)  # no news for her: it was her own doing
    assert (await poll(world.server, ana, query, tag=first.headers["etag"])).status_code == 304
    await tell(world, ana)
    told_of = await poll(world.server, ana, query, tag=first.headers["etag"])
    assert (told_of.status_code, told_of.json()["data"]["unreadNotifications"]) == (200, 1)
    await mark(world, ana)
    read_by = await poll(world.server, ana, query, tag=told_of.headers["etag"])
    assert (read_by.status_code, read_by.json()["data"]["unreadNotifications"]) == (200, 0)
