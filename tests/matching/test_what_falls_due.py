"""What the clock does: rounds are over, rooms are cleared, reminders and digests go out, each once, and in time."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select, text

from domain.matching.digest import sunday_of
from jobs import golfers as jobs
from jobs import tasks
from kit.sending import Outcome, Verdict
from models.deliveries import Contact
from models.matching.golfers import Golfer
from models.notifications import Notification, NotificationKind
from tests.harness import MORNING
from tests.matching.golf import do, golfer, problem_of
from tests.matching.test_bookings_behind import behind, book
from tests.matching.test_hosted import EVENTS, act, host, room
from tests.matching.test_messages import say, texts
from tests.notifications.post import post, route, statuses

pytestmark = pytest.mark.lone  # what it runs looks at all clubs

ZONES = ["Europe/Madrid", "America/New_York", "America/Santiago", "Australia/Sydney", "Asia/Kolkata"]
WEEKS = [
    date(2026, 3, 1),
    date(2026, 3, 22),
    date(2026, 3, 29),
    date(2026, 9, 6),
    date(2026, 10, 25),
    date(2026, 11, 1),
]
"""Weeks at whose Sundays, or in which, clocks are changed in some of these zones."""


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("week", WEEKS, ids=str)
def test_an_hourly_look_finds_each_sunday_once_though_clocks_are_changed_or_hours_are_missed(zone, week):
    looks = [datetime(week.year, week.month, week.day, tzinfo=UTC) + timedelta(minutes=2, hours=n) for n in range(192)]
    found = [(at, sunday) for at in looks if (sunday := sunday_of(zone, now=at))]
    for at, sunday in found:
        local = at.astimezone(ZoneInfo(zone))
        assert (local.date(), local.hour >= 18) == (sunday, True) or (
            (local.date(), local.hour < 6) == (sunday + timedelta(days=1), True)
        )
    of_week = [at for at, sunday in found if sunday == week]
    assert len(of_week) >= 11  # whichever is missed, another one finds it


NO_WELCOME = ["EMAIL:WELCOME"]


class Mail:
    """Takes whatever it is given, and keeps it."""

    def __init__(self):
        self.sent = []

    async def carry(self, parcel):
        self.sent.append(parcel)
        return Outcome(verdict=Verdict.TAKEN, said="")


async def reachable(world, *names):
    """Give users addresses, as their tokens would prove them."""
    async with world.server.runtime.work.change(world.tenant_id) as change:
        for name in names:
            contact = await change.session.scalar(select(Contact).where(Contact.user_id == name))
            contact = contact or Contact(tenant_id=world.tenant_id, user_id=name)
            contact.email, contact.muted, contact.updated_at = f"{name}@example.com", NO_WELCOME, world.server.clock()
            change.session.add(contact)


async def kinds(world, *wanted):
    """Give whom this world has told of some kinds."""
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        rows = select(Notification.user_id, Notification.kind).where(Notification.kind.in_(wanted))
        return Counter((user, kind.value) for user, kind in await session.execute(rows))


async def remind(world, workers=3):
    await asyncio.gather(*(tasks.remind_players(world.server.runtime) for _ in range(workers)))


REMINDERS = (NotificationKind.REMINDER_24H, NotificationKind.REMINDER_2H)


async def test_who_takes_part_is_reminded_once_and_who_has_just_joined_of_the_second_only(world, clock):
    (ana, _), (ben, _), (eva, _) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    made = await host(world, ana, startsAt=(MORNING + timedelta(hours=26)).isoformat())
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    clock.advance(hours=2)
    await act(world, "joinTeeTime", who=eva, teeTimeId=made["id"])
    for _ in range(2):
        await remind(world)
    assert await kinds(world, *REMINDERS) == {("ana", "REMINDER_24H"): 1, ("ben", "REMINDER_24H"): 1}
    clock.advance(hours=22)
    await act(world, "leaveTeeTime", who=ben, teeTimeId=made["id"])
    await remind(world)
    second = {("ana", "REMINDER_2H"): 1, ("eva", "REMINDER_2H"): 1}
    assert await kinds(world, NotificationKind.REMINDER_2H) == second


async def test_a_moved_tee_time_is_reminded_of_again_and_the_first_reminder_is_not_sent(world, clock):
    ana, _ = await golfer(world, "ana")
    await reachable(world, "ana")
    made = await host(world, ana, startsAt=(MORNING + timedelta(hours=24)).isoformat())
    clock.advance(hours=1)
    await remind(world)
    later = (MORNING + timedelta(hours=25)).isoformat()
    await act(world, "updateHostedTeeTime", who=ana, teeTimeId=made["id"], startsAt=later)
    await remind(world)
    mail = Mail()
    await post(world, mail)
    assert [one.subject for one in mail.sent] == ["Reminder: tee time tomorrow at 08:00"]
    assert Counter(await statuses(world)) == {"SKIPPED": 1, "SENT": 1}


async def test_who_left_between_the_queue_and_the_sending_is_not_reminded(world, clock):
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    await reachable(world, "ben")
    made = await host(world, ana, startsAt=(MORNING + timedelta(hours=24)).isoformat())
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    clock.advance(hours=1, seconds=1)
    await remind(world)
    await act(world, "leaveTeeTime", who=ben, teeTimeId=made["id"])
    mail = Mail()
    await post(world, mail)
    assert (mail.sent, await statuses(world)) == ([], ["SKIPPED"])


async def test_who_is_of_the_party_of_a_booking_is_reminded_of_that_alone(world, clock):
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    made = await behind(world, ana, await book(world, ana))
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    clock.advance(hours=3)
    await remind(world)
    found = await kinds(world, *REMINDERS)
    assert Counter(user for user, _ in found.elements()) == {"ana": 1, "ben": 1}


async def has_phone(world, who):
    """Register a device of somebody's."""
    given = {"name": "A phone", "endpoint": f"https://updates.push.services.mozilla.com/wpush/v2/{who.user_id}"}
    keys = {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    }
    await world.server.mutate("registerPushDevice", "device { id }", who=who, **given, **keys)


async def test_what_is_queued_about_somebody_whom_one_has_blocked_since_is_not_sent(world):
    (ana, _), (ben, ben_id) = await golfer(world, "ana"), await golfer(world, "ben")
    await has_phone(world, ana)
    made = await host(world, ana)
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    await do(world, "blockGolfer", who=ana, golferId=ben_id)
    phone, before = Mail(), pushes_skipped()
    await post(world, phone)
    assert (phone.sent, await statuses(world)) == ([], ["SKIPPED"])
    assert pushes_skipped() == before + 1


def pushes_skipped():
    labels = {"channel": "push", "status": "skipped"}
    return REGISTRY.get_sample_value("fairway_deliveries_sent_total", labels) or 0


async def test_what_has_lost_its_sense_before_it_is_pushed_is_not(world, clock):
    (ana, _), (ben, ben_id), (eva, _) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    for who in (ana, ben, eva):
        await has_phone(world, who)
    phone = Mail()

    async def pushed():
        phone.sent.clear()
        await post(world, phone)
        return Counter(one.kind for one in phone.sent)

    asked = {"teeTimeId": (await host(world, ana, needsApproval=True))["id"]}
    await act(world, "joinTeeTime", who=ben, **asked)
    await act(world, "answerJoinRequest", who=ana, golferId=ben_id, accept=True, **asked)
    await act(world, "cancelHostedTeeTime", who=ana, **asked)
    assert await pushed() == {"TEE_TIME_CANCELLED": 1}, "neither the question nor the answer says anything by now"
    open_ = {"teeTimeId": (await host(world, ana))["id"]}
    await act(world, "joinTeeTime", who=ben, **open_)
    assert await pushed() == {"SLOT_JOINED": 1}
    await act(world, "joinTeeTime", who=eva, **open_)
    await act(world, "leaveTeeTime", who=ben, **open_)
    assert await pushed() == {"SLOT_JOINED": 1}, "to the host, and not to who has left"
    await act(world, "joinTeeTime", who=ben, **open_)
    await act(world, "cancelHostedTeeTime", who=ana, **open_)
    clock.advance(days=30)
    assert await pushed() == {}, "it is over"


async def test_an_employer_that_is_hidden_before_it_is_pushed_is_not_shown_on_a_lock_screen(world):
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben", employer="Lindero")
    (eva, _) = await golfer(world, "eva", employer="Tomillar")
    await has_phone(world, ana)
    one = {"teeTimeId": (await host(world, ana))["id"]}
    for who in (ben, eva):
        await act(world, "joinTeeTime", who=who, **one)
    await do(world, "updateGolfer", who=ben, hidesEmployer=True)
    phone = Mail()
    await post(world, phone)
    said = sorted(one.body.partition(" joined")[0] for one in phone.sent)
    assert said == ["Ben", "Eva from Tomillar"]


async def complete(world, workers=3):
    await asyncio.gather(*(jobs.complete_rounds(world.server.runtime) for _ in range(workers)))


async def rounds(world, user):
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        return await session.scalar(select(Golfer.hosted_rounds).where(Golfer.user_id == user))


async def test_a_round_is_over_six_hours_after_its_start_and_counts_where_somebody_joined(world, clock):
    (ana, _), (ben, _), (eva, _) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    made, alone = await host(world, ana, needsApproval=True), await host(world, eva)
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    await act(world, "updateHostedTeeTime", who=ana, teeTimeId=made["id"], needsApproval=False)
    last = await act(world, "joinTeeTime", who=eva, teeTimeId=made["id"])
    clock.advance(days=3, hours=6, seconds=-1)
    await complete(world)
    assert (await room(world, eva, made))["status"] == "OPEN"
    clock.advance(seconds=1)
    for _ in range(2):
        await complete(world)
    assert [(await room(world, eva, one))["status"] for one in (made, alone)] == ["COMPLETED"] * 2
    assert [await rounds(world, user) for user in ("ana", "eva")] == [1, 0]
    assert (await room(world, ana, made))["requests"] == []
    async with world.server.socket(eva) as socket:
        await socket.subscribe(EVENTS, id=made["id"], after=last["cursor"])
        event = await socket.event()
    assert (event["type"], event["changes"], event["status"]) == ("tee-time:updated", ["status"], "COMPLETED")
    assert await say(world, eva, made, "Thank you all")


async def test_a_room_is_cleared_after_ninety_days(world, clock):
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    made = await host(world, ana)
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    await say(world, ben, made, "Hello")
    clock.advance(days=93, seconds=-1)
    await complete(world)
    assert await texts(world, ben, made) == ["Hello"]
    clock.advance(seconds=1)
    await complete(world)
    assert await texts(world, ben, made) == []
    assert (await problem_of(world, "sendMessage", who=ben, teeTimeId=made["id"], text="Hi"))["code"] == "TEE_TIME_OVER"


async def digest(world, workers=3):
    """Do what the hour asks, by several workers at once, with the jobs that it leaves."""
    runtime = world.server.runtime
    await asyncio.gather(*(jobs.send_digests(runtime) for _ in range(workers)))
    async with runtime.database.across_tenants() as session:
        which = {"mine": str(world.tenant_id)}
        mine = "entrypoint = 'write_digests' AND headers ->> 'tenant' = :mine"
        done = f"DELETE FROM pgqueuer WHERE {mine} RETURNING payload"
        given = [row.payload for row in await session.execute(text(done), which)]
        await session.commit()
    read = [orjson.loads(one) for one in given]
    await asyncio.gather(*(jobs.write_digests(runtime, tenant_id=world.tenant_id, **one) for one in read))
    return len(read)


async def test_the_digest_is_written_once_on_sunday_evening_where_each_lives(world, clock):
    (_ana, _), (_ben, _), (_noa, _) = [
        await golfer(world, "ana"),
        await golfer(world, "ben", timeZone="America/New_York"),
        await golfer(world, "noa"),
    ]
    eva, _ = await golfer(world, "eva")
    await reachable(world, "ana", "ben", "eva", "noa")
    sunday = datetime(2026, 5, 10, 16, 2, tzinfo=UTC)  # 18:02 in Madrid
    for days in (1, 2, 3, 4, 5, 6, 8):
        await host(world, eva, startsAt=(sunday + timedelta(days=days)).isoformat())
    clock.advance(seconds=(sunday - clock()).total_seconds() - 180)
    assert await digest(world) == 0  # it is not yet Sunday evening
    clock.advance(seconds=180)
    for _ in range(2):
        await digest(world)
    written = {("ana", "WEEKLY_DIGEST"): 1, ("noa", "WEEKLY_DIGEST"): 1}
    assert await kinds(world, NotificationKind.WEEKLY_DIGEST) == written  # Eva hosts all of them herself
    clock.advance(hours=6)  # of which the first hours were missed in New York
    await digest(world)
    assert await kinds(world, NotificationKind.WEEKLY_DIGEST) == written | {("ben", "WEEKLY_DIGEST"): 1}
    mail = Mail()
    await post(world, mail)
    assert {len(one.paragraphs) for one in mail.sent} == {1 + 5}
    assert len(mail.sent) == 3
    clock.advance(days=7)
    await digest(world)
    twice = dict.fromkeys(("ana", "ben", "noa"), 2)
    assert {user: n for (user, _), n in (await kinds(world, NotificationKind.WEEKLY_DIGEST)).items()} == twice
    clock.advance(days=7)
    assert await digest(world) > 0  # but nothing is hosted in that week
    assert {user: n for (user, _), n in (await kinds(world, NotificationKind.WEEKLY_DIGEST)).items()} == twice


async def test_a_weekend_in_five_zones_while_clocks_are_changed_tells_each_once(world, clock):
    """By three workers each hour, of which one is missed in every zone's evening, and one is worked off twice."""
    clock.advance(seconds=(datetime(2026, 10, 24, 12, 2, tzinfo=UTC) - clock()).total_seconds())
    living = {f"golfer {number}": zone for number, zone in enumerate(ZONES)}
    people = {name: (await golfer(world, name, timeZone=zone))[0] for name, zone in living.items()}
    eva, _ = await golfer(world, "eva")
    await reachable(world, *people, "eva")
    monday = datetime(2026, 10, 26, 10, tzinfo=UTC)
    soon = await host(world, eva, startsAt=monday.isoformat(), places=2)
    await host(world, eva, startsAt=(monday + timedelta(days=3)).isoformat())
    plays = [*people][:2]
    for name in plays:
        await act(world, "joinTeeTime", who=people[name], teeTimeId=soon["id"])
    missed = {datetime(2026, 10, 25, hour, 2, tzinfo=UTC) for hour in (7, 12, 17, 21, 22)}
    missed |= {datetime(2026, 10, 25, 10, 2, tzinfo=UTC), datetime(2026, 10, 26, 8, 2, tzinfo=UTC)}
    while clock() < monday + timedelta(hours=8):
        for _ in range(clock() not in missed and 1 + (clock().hour == 18)):
            await remind(world)
            await digest(world)
            await complete(world)
        clock.advance(hours=1)
    assert await kinds(world, NotificationKind.WEEKLY_DIGEST) == {(name, "WEEKLY_DIGEST"): 1 for name in people}
    for kind in (NotificationKind.REMINDER_24H, NotificationKind.REMINDER_2H):
        assert await kinds(world, kind) == {(name, kind.value): 1 for name in (*plays, "eva")}
    assert (await room(world, eva, soon))["status"] == "COMPLETED"


async def test_a_digest_goes_to_those_who_want_it_and_were_here_lately(world, clock):
    for name in ("eva", "ana", "ben", "noa"):
        await golfer(world, name)
    eva = world.player("eva")
    await reachable(world, "ana", "ben")
    choice = [{"kind": "WEEKLY_DIGEST", "channel": "EMAIL", "isOn": False}]
    await world.server.mutate("setNotificationPreferences", "cursor", who=world.player("ben"), choices=choice)
    sunday = datetime(2026, 5, 10, 17, tzinfo=UTC)
    await host(world, eva, startsAt=(sunday + timedelta(days=35)).isoformat())
    clock.advance(seconds=(sunday - clock()).total_seconds())
    await host(world, eva, startsAt=(sunday + timedelta(days=1)).isoformat())
    await digest(world)
    only = {("ana", "WEEKLY_DIGEST"): 1}  # Ben does not want it, Noa has no address
    assert await kinds(world, NotificationKind.WEEKLY_DIGEST) == only
    clock.advance(days=28)
    await host(world, eva, startsAt=(clock() + timedelta(days=1)).isoformat())
    await digest(world)
    assert await kinds(world, NotificationKind.WEEKLY_DIGEST) == only  # Ana was not here for more than a month


async def test_a_delivery_whose_job_is_lost_is_sent_after_all_and_not_for_ever(world, clock):
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    await reachable(world, "ben")
    made = await host(world, ana)
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    await act(world, "cancelHostedTeeTime", who=ana, teeTimeId=made["id"])
    runtime = world.server.runtime

    async def waiting(*, lose):
        async with runtime.database.across_tenants() as session:
            mine = {"tenant": str(world.tenant_id)}
            which = "entrypoint = 'notifications:email' AND headers ->> 'tenant' = :tenant"
            count = await session.scalar(text(f"SELECT count(*) FROM pgqueuer WHERE {which}"), mine)
            if lose:
                await session.execute(text(f"DELETE FROM pgqueuer WHERE {which}"), mine)
                await session.commit()
            return count

    await route(world)
    assert await waiting(lose=False) == 1
    clock.advance(hours=2)
    await jobs.requeue_deliveries(runtime)
    assert await waiting(lose=True) == 1  # its job waits still
    for _ in range(7):
        await asyncio.gather(*(jobs.requeue_deliveries(runtime) for _ in range(3)))
        assert await waiting(lose=True) == 1
        clock.advance(hours=2)
    await jobs.requeue_deliveries(runtime)
    assert (await waiting(lose=True), await statuses(world)) == (0, ["FAILED"])


async def test_notifications_go_thirty_days_after_they_were_read_and_what_was_sent_alone_too(world, clock):
    ana, _ = await golfer(world, "ana")
    ben, _ = await golfer(world, "ben")
    made = await host(world, ana, startsAt=(MORNING + timedelta(hours=3)).isoformat())
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    clock.advance(hours=1)
    await remind(world)
    read = "{ notifications { nodes { kind } } }"

    async def left(who):
        return [one["kind"] for one in (await world.server.run(read, who=who)).data["notifications"]["nodes"]]

    await world.server.mutate("markNotificationsRead", "unread", who=ana)
    await act(world, "leaveTeeTime", who=ben, teeTimeId=made["id"])
    clock.advance(days=30)
    await tasks.remove_old_notifications(world.server.runtime)
    assert await left(ana) == ["SLOT_LEFT", "SLOT_JOINED"]
    assert sum((await kinds(world, *REMINDERS)).values()) == 2
    clock.advance(seconds=1)
    await tasks.remove_old_notifications(world.server.runtime)
    assert await left(ana) == ["SLOT_LEFT"]
    assert sum((await kinds(world, *REMINDERS)).values()) == 0
