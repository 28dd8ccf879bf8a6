from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest_asyncio
from sqlalchemy import event

from events.cursor import Cursor
from kit.database import connect
from realtime.fanout import Fanout
from realtime.feed import Feed
from realtime.subscription import Reset
from tests.realtime.support import Numbered, running_hub, silence, take, until


@pytest_asyncio.fixture
async def owner(postgres):
    """The database as its owner, who may do what the program never does."""
    connection = await connect(postgres.owner_url, purpose="tests")
    yield connection
    await connection.close()


@asynccontextmanager
async def counted(database):
    """Count the statements about events that the role for work across tenants sends."""
    count = SimpleNamespace(reads=0)

    def note(_connection, _cursor, statement, *_more):
        count.reads += "FROM events e" in statement

    event.listen(database.system.sync_engine, "before_cursor_execute", note)
    yield count
    event.remove(database.system.sync_engine, "before_cursor_execute", note)


async def test_one_who_comes_back_is_served_from_memory(hub, database):
    numbered = Numbered(database, hub.publish)
    async with hub.subscribe(numbered.stream, room=numbered.stream, after=None):
        (first, *_) = await numbered.happen(*range(30))
    async with counted(database) as count:
        async with hub.subscribe(numbered.stream, room=numbered.stream, after=first.cursor) as subscription:
            await numbered.happen(30)
            assert await take(subscription, 30) == list(range(1, 31))
        assert count.reads == 0


async def test_one_who_comes_to_another_process_is_served_from_the_log(hub, database):
    numbered = Numbered(database, silence)
    (first, *_) = await numbered.happen(*range(700))
    async with counted(database) as count:
        async with hub.subscribe(numbered.stream, room=numbered.stream, after=first.cursor) as subscription:
            assert await take(subscription, 699) == list(range(1, 700))
        assert count.reads == 3
    async with hub.subscribe(numbered.stream, room=numbered.stream, after=first.cursor) as subscription:
        await numbered.told_by(database, hub.publish).happen(700)
        assert await take(subscription, 700) == list(range(1, 701))


async def test_the_cursor_of_a_stream_without_events_gives_all_that_come(hub, database):
    numbered = Numbered(database, hub.publish)
    start = Cursor(numbered.stream, "", 0)
    async with hub.subscribe(numbered.stream, room=numbered.stream, after=start) as subscription:
        await numbered.happen(1, 2)
        assert await take(subscription, 2) == [1, 2]
    async with hub.subscribe(numbered.stream, room=numbered.stream, after=start) as subscription:
        assert await take(subscription, 2) == [1, 2]


async def test_a_cursor_that_is_too_old_gives_a_reset_and_then_live_events(hub, database, owner):
    numbered = Numbered(database, silence)
    logged = await numbered.happen(*range(1, 11))
    old = "DELETE FROM events WHERE position <= 5 AND stream_id = (SELECT id FROM streams WHERE name = $1)"
    await owner.execute(old, numbered.stream)
    async with hub.subscribe(numbered.stream, room=numbered.stream, after=logged[3].cursor) as subscription:
        await numbered.happen(11)
        assert await take(subscription, 2) == [Reset("TOO_OLD", logged[9].cursor), 11]
    async with hub.subscribe(numbered.stream, room=numbered.stream, after=logged[4].cursor) as subscription:
        assert await take(subscription, 6) == [6, 7, 8, 9, 10, 11]


async def test_nothing_left_of_the_log_is_too_old_as_well(hub, database, owner):
    numbered = Numbered(database, silence)
    logged = await numbered.happen(1, 2, 3)
    await owner.execute(
        "DELETE FROM events WHERE stream_id = (SELECT id FROM streams WHERE name = $1)", numbered.stream
    )
    async with hub.subscribe(numbered.stream, room=numbered.stream, after=logged[0].cursor) as subscription:
        await numbered.happen(4)
        assert await take(subscription, 2) == [Reset("TOO_OLD", logged[2].cursor), 4]
    async with hub.subscribe(numbered.stream, room=numbered.stream, after=logged[2].cursor) as subscription:
        assert await take(subscription, 1) == [4]


async def test_a_cursor_of_another_epoch_or_ahead_of_the_log_gives_a_reset(hub, database):
    numbered = Numbered(database, hub.publish)
    (last,) = await numbered.happen(1)
    strange = Cursor(numbered.stream, "another", 1)
    ahead = Cursor(numbered.stream, last.epoch, 7)
    for cursor, reason in ((strange, "EPOCH_CHANGED"), (ahead, "AHEAD_OF_LOG")):
        async with hub.subscribe(numbered.stream, room=numbered.stream, after=cursor) as subscription:
            (news,) = await numbered.happen(2)
            assert await take(subscription, 2) == [Reset(reason, last.cursor), 2]
            last = news


async def test_a_cursor_that_this_process_has_not_heard_of_yet_is_not_ahead(database):
    async with running_hub(database, degraded_sweep_seconds=60) as hub:
        numbered = Numbered(database, silence)
        async with hub.subscribe(numbered.stream, room=numbered.stream, after=None) as waiting:
            for after, expected in ((0, 3), (3, 4)):
                news = await numbered.happen(*range(after + 1, expected + 1))
                async with hub.subscribe(numbered.stream, room=numbered.stream, after=news[-1].cursor):
                    assert await take(waiting, expected - after) == list(range(after + 1, expected + 1))


class Heard:
    """A client that takes everything at once."""

    prefix = exit = None
    ready = True

    def __init__(self):
        self.positions = []

    def send(self, answers):
        self.positions += [answer.position for answer in answers]

    def whose(self):
        return {}

    async def drained(self):
        pass


async def test_a_client_ahead_of_this_process_hears_nothing_twice(database):
    async with running_hub(database, degraded_sweep_seconds=60) as hub:
        fanout, client, numbered = Fanout(hub), Heard(), Numbered(database, silence)
        await numbered.happen(1)
        async with hub.subscribe(numbered.stream, room=numbered.stream, after=None):
            last = (await numbered.happen(2, 3))[-1]  # told to nobody here; the client has heard it elsewhere
            feed = Feed(
                stream=numbered.stream,
                room=numbered.stream,
                after=last.cursor,
                key="anything",
                wanted=None,
                render=lambda item: b"{}",
            )
            member = await fanout.join(feed, client)
            await numbered.told_by(database, hub.publish).happen(4)
            await until(lambda: 4 in client.positions)
            fanout.leave(member)
        assert client.positions == [4]


async def test_a_log_that_went_back_resets_those_who_listen(hub, database, owner):
    numbered = Numbered(database, hub.publish)
    async with hub.subscribe(numbered.stream, room=numbered.stream, after=None) as subscription:
        await numbered.happen(1, 2, 3)
        assert await take(subscription, 3) == [1, 2, 3]
        await owner.execute(
            "DELETE FROM events USING streams s WHERE s.id = stream_id AND s.name = $1 AND events.position > 1",
            numbered.stream,
        )
        await owner.execute("UPDATE streams SET position = 1 WHERE name = $1", numbered.stream)
        (first,) = await numbered.happen(4)
        assert await take(subscription, 1) == [Reset("AHEAD_OF_LOG", first.cursor)]
        await numbered.happen(5)
        assert await take(subscription, 1) == [5]
