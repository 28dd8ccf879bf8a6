"""What the hub tells those who poll: where a stream stands as far as it has heard, and only while it is sure."""

import asyncio

from events.log import Head
from tests.patience import PATIENCE
from tests.realtime.support import Numbered, running_hub, silence, until


async def stands(hub, stream):
    """Wait until the hub follows a stream; give where that stands."""
    await until(lambda: hub.head(stream) is not None)
    return hub.head(stream)


async def test_a_stream_is_followed_from_the_first_question_on(database):
    async with running_hub(database, degraded_sweep_seconds=60) as hub:
        numbered = Numbered(database, hub.publish)
        [first] = await numbered.happen(1)
        assert hub.head(numbered.stream) is None
        assert await stands(hub, numbered.stream) == Head(first.epoch, 1)
        await numbered.happen(2, 3)
        assert hub.head(numbered.stream) == Head(first.epoch, 3)


async def test_a_stream_that_nothing_has_happened_in_can_be_asked_for(database):
    async with running_hub(database, degraded_sweep_seconds=60) as hub:
        numbered = Numbered(database, hub.publish)
        assert await stands(hub, numbered.stream) == Head("", 0)
        [first] = await numbered.happen(1)
        assert hub.head(numbered.stream) == Head(first.epoch, 1)


async def test_while_an_event_is_missing_nothing_is_said(database):
    async with running_hub(database, degraded_sweep_seconds=60) as hub:
        numbered = Numbered(database, hub.publish)
        await numbered.happen(1)
        await stands(hub, numbered.stream)
        [untold] = await numbered.told_by(database, silence).happen(2)
        await numbered.happen(3)
        assert hub.head(numbered.stream) is None
        assert await stands(hub, numbered.stream) == Head(untold.epoch, 3)


async def test_what_another_process_did_is_known_after_the_next_sweep(database):
    async with running_hub(database) as hub:
        numbered = Numbered(database, hub.publish)
        [first] = await numbered.happen(1)
        await stands(hub, numbered.stream)
        await numbered.told_by(database, silence).happen(2)
        await until(lambda: hub.head(numbered.stream) == Head(first.epoch, 2))


async def test_a_stream_is_followed_longer_after_a_question_than_after_a_subscription(database):
    async with running_hub(database, linger_seconds=0.0) as hub:
        polled, left = Numbered(database, hub.publish), Numbered(database, hub.publish)
        for numbered in (polled, left):
            async with asyncio.timeout(PATIENCE), hub.subscribe(numbered.stream, room=numbered.stream, after=None):
                await numbered.happen(1)
        await stands(hub, polled.stream)
        await until(lambda: left.stream not in hub._followers)
        assert polled.stream in hub._followers
        hub._followers[polled.stream].kept_until = 0.0
        await until(lambda: polled.stream not in hub._followers)
        assert hub.head(polled.stream) is None
