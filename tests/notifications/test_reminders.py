"""Reminders: a day and two hours before a start, each once, whatever the clocks do and however many look."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from domain.journeys.reminders import DAY, HOURS, Start, kind_due
from domain.notifications.notifications import tell_many
from domain.notifications.parcels import end_of_quiet
from jobs import deliveries, tasks
from kit.jobs import AT_ONCE
from models.clubs.values import Language
from models.deliveries import Contact
from models.notifications import Notification, NotificationKind
from tests.harness import MORNING, found_world
from tests.notifications.desk import told
from tests.tee_sheet.desk import PAYER, book, cancel

pytestmark = pytest.mark.lone  # what it runs looks at all clubs

ZONES = ["Europe/Madrid", "America/New_York", "America/Santiago", "Australia/Sydney", "Asia/Kolkata"]
CHANGES = [datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 4, tzinfo=UTC)]


def start_at(at, since=timedelta(days=9)):
    return Start(subject="one", starts_at=at, known_since=at - since, users=("ana",), data={})


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_an_hourly_look_finds_each_reminder_though_clocks_are_changed_or_an_hour_is_missed(zone, change):
    for day in range(-1, 3):
        local = datetime.combine(change.date() + timedelta(days=day), time(8), ZoneInfo(zone))
        start = start_at(local.astimezone(UTC))
        looks = [start.starts_at - timedelta(hours=30) + timedelta(minutes=13, hours=hour) for hour in range(40)]
        for missed in (None, *range(40)):
            found = [kind_due(start, now=at) for hour, at in enumerate(looks) if hour != missed]
            assert set(found) - {None} == {NotificationKind.REMINDER_24H, NotificationKind.REMINDER_2H}


@pytest.mark.parametrize(
    ("left", "kind"),
    [
        (DAY + timedelta(seconds=1), None),
        (DAY, "REMINDER_24H"),
        (HOURS + timedelta(seconds=1), "REMINDER_24H"),
        (HOURS, "REMINDER_2H"),
        (timedelta(seconds=1), "REMINDER_2H"),
        (timedelta(), None),
    ],
)
def test_what_is_due_follows_from_the_time_that_is_left(left, kind):
    assert kind_due(start_at(MORNING + left), now=MORNING) == kind


def test_who_has_just_booked_is_not_reminded_a_day_before():
    start = start_at(MORNING + timedelta(hours=20), since=timedelta(hours=20))
    assert kind_due(start, now=MORNING + timedelta(minutes=59)) is None
    assert kind_due(start, now=MORNING + timedelta(minutes=60)) == "REMINDER_24H"


async def reminded(world):
    """Give whom this world has reminded, and of what."""
    kinds = (NotificationKind.REMINDER_24H, NotificationKind.REMINDER_2H)
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        wanted = select(Notification.user_id, Notification.kind).where(Notification.kind.in_(kinds))
        rows = await session.execute(wanted.order_by(Notification.id))
        return [(user, kind.value) for user, kind in rows]


async def look(world, times=3):
    await asyncio.gather(*(tasks.remind_players(world.server.runtime) for _ in range(times)))


async def test_players_are_reminded_once_by_however_many_workers_and_see_it_nowhere_else(server, clock):
    world = await found_world(server, days=(0, 1))
    ana, ben = world.player("ana"), world.player("ben")
    await book(world, ana, payer=PAYER)
    gone = await book(world, ben, -2, payer=PAYER)
    await cancel(world, world.staff, gone["booking"]["id"])
    clock.advance(hours=2)
    for _ in range(2):
        await look(world)
    assert await reminded(world) == [("ana", "REMINDER_24H")]
    clock.advance(hours=2)
    await look(world)
    assert await reminded(world) == [("ana", "REMINDER_24H"), ("ana", "REMINDER_2H")]
    assert await told(world, ana) == [], "they are sent, and not shown"


async def test_a_start_that_was_moved_is_reminded_of_again(server, clock):
    world = await found_world(server)
    ana = world.player("ana")
    booked = await book(world, ana, payer=PAYER)
    clock.advance(hours=2)
    await look(world)
    given = {"bookingId": booked["booking"]["id"], "teeTimeId": world.tee_time(-2)}
    await world.server.mutate("moveBooking", "cursor", who=world.staff, **given)
    await look(world)
    assert await reminded(world) == [("ana", "REMINDER_24H")] * 2


async def test_many_are_told_in_jobs_of_two_hundred_and_nobody_twice(world):
    users, runtime = [f"golfer {number:04}" for number in range(450)], world.server.runtime
    given = {"kind": NotificationKind.WEATHER_STALE, "data": {"course": "Old"}, "subject": "today"}
    async with runtime.work.change(world.tenant_id) as change:
        await tell_many(change.session, users=users, **given)
        [(_, size, _)] = change.session.info["gathered"]
        assert size == AT_ONCE == 200
    for part in (users[:200], users[200:400], users[400:], users[:200]):
        more = {**given, "kind": given["kind"].value}
        await deliveries.tell_many(runtime, tenant_id=world.tenant_id, ids=part, **more)
    async with runtime.database.tenant(world.tenant_id) as session:
        rows = list(await session.scalars(select(Notification.user_id).where(Notification.subject == "today")))
    assert sorted(rows) == users


@pytest.mark.parametrize(
    ("zone", "now", "ends"),
    [
        ("Europe/Madrid", "2026-05-04T05:00+00:00", "2026-05-04T05:30+00:00"),
        ("Europe/Madrid", "2026-05-04T05:30+00:00", None),
        ("Europe/Madrid", "2026-05-04T20:00+00:00", "2026-05-05T05:30+00:00"),
        ("Europe/Madrid", "2026-03-28T22:00+00:00", "2026-03-29T05:30+00:00"),
        ("Europe/Madrid", "2026-10-24T21:00+00:00", "2026-10-25T06:30+00:00"),
        ("America/New_York", "2026-03-08T04:00+00:00", "2026-03-08T11:30+00:00"),
        ("Asia/Kolkata", "2026-05-04T01:00+00:00", "2026-05-04T02:00+00:00"),
    ],
)
def test_hours_of_quiet_end_by_the_clock_of_the_user_whenever_clocks_are_changed(zone, now, ends):
    contact = Contact(time_zone=zone, quiet_from=time(22), quiet_until=time(7, 30), language=Language.EN)
    found = end_of_quiet(contact, datetime.fromisoformat(now))
    assert found == (datetime.fromisoformat(ends) if ends else None)
