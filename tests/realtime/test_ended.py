"""Those who may hear no more of a room: cut off with a reason, also by what happened while they were let in."""

import pytest

from realtime.fanout import Fanout
from realtime.feed import Ended, Feed, Summary, SummaryFeed
from tests.realtime.list_hub import Client, ListHub, quiet, show
from tests.realtime.list_log import STREAM

WHY = "You are not one of them any more"


@pytest.fixture
def hub():
    return ListHub()


@pytest.fixture
def fanout(hub):
    return Fanout(hub)


def until_position(last):
    """Let everything pass before a position."""

    def passes(event):
        if event.position >= last:
            raise Ended(WHY)
        return True

    return passes


async def join(hub, fanout, kind, *, last, since, after=None):
    """Follow a room, decided as of one position, with a filter that ends at another."""

    async def read():
        return Summary(hub.cursor(hub.position), b'{"data":0}')

    given = {"stream": STREAM, "room": STREAM, "key": kind, "wanted": until_position(last)}
    given |= {"after": hub.cursor(after) if after else None, "since": hub.cursor(since)}
    client = Client()
    feed = Feed(**given, render=show) if kind is Feed else SummaryFeed(**given, types=None, read=read)
    client.member = await fanout.join(feed, client)
    return client


@pytest.mark.parametrize("kind", [Feed, SummaryFeed])
@pytest.mark.parametrize("remembered", [True, False])
async def test_what_has_ended_it_while_somebody_was_let_in_is_not_missed(hub, fanout, kind, remembered):
    hub.happen(events=300, told=remembered)
    if not remembered:
        hub.follower.start_at(hub.log.head)  # a process that begins to follow, and remembers nothing
    client = await join(hub, fanout, kind, last=290, since=2)
    assert (client.was_cut, client.cut_for, client.heard) == (True, WHY, [])
    hub.happen()
    assert client.heard == []
    fanout.leave(client.member)
    assert fanout.census() == {}


@pytest.mark.parametrize("kind", [Feed, SummaryFeed])
async def test_what_was_before_the_decision_ends_nothing_and_what_comes_does(hub, fanout, kind):
    hub.happen(events=4)
    client = await join(hub, fanout, kind, last=6, since=5)
    assert not client.was_cut
    hub.happen()
    await quiet(fanout) if kind is Feed else None
    assert (client.was_cut, client.cut_for) == (True, WHY)
    fanout.leave(client.member)


async def test_a_cursor_from_ahead_of_the_decision_passes_over_nothing(hub, fanout):
    hub.happen(events=4)
    client = await join(hub, fanout, Feed, last=4, since=2, after=5)
    assert (client.was_cut, client.heard) == (True, [])
    fanout.leave(client.member)
