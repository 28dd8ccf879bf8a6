"""Whatever happens in a conflated room, and whoever comes and stalls: each ends with the state as it is."""

import asyncio

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from events.cursor import Cursor
from realtime.fanout import Fanout
from tests.realtime.list_hub import ListHub, leave
from tests.realtime.list_log import STREAM
from tests.realtime.number import State, join, settled
from tests.realtime.support import until

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("happen"), st.integers(1, 4)),
        st.tuples(st.just("happen untold"), st.integers(1, 2)),
        st.tuples(st.just("stall"), st.integers(0, 3)),
        st.tuples(st.just("go on"), st.integers(0, 3)),
        st.tuples(st.just("join"), st.integers(0, 8)),
        st.tuples(st.just("hold back"), st.just(0)),
        st.tuples(st.just("let go"), st.just(0)),
        st.tuples(st.just("breathe"), st.integers(1, 6)),
    ),
    max_size=60,
)


@given(steps=STEPS)
@hypothesis_settings(max_examples=150)
async def test_whatever_clients_take_each_ends_with_the_state_as_it_is(steps):
    hub = ListHub()
    fanout, state = Fanout(hub), State(hub)
    clients = [(await join(fanout, state, pause=0.001), 0) for _ in range(4)]
    do = {
        "happen": lambda number: hub.happen(events=number),
        "happen untold": lambda number: hub.happen(events=number, told=False),
        "stall": lambda number: clients[number][0].open.clear(),
        "go on": lambda number: clients[number][0].open.set(),
        "hold back": lambda _: state.open.clear(),
        "let go": lambda _: state.open.set(),
    }
    for step, number in steps:
        if step == "join":
            known = max(len(hub.log.committed) - number, 0) if number else 0
            after = Cursor(STREAM, "e", known) if number else None
            clients.append((await join(fanout, state, after=after, pause=0.001), known))
        elif step == "breathe":
            for _ in range(number):
                await asyncio.sleep(0)
        else:
            do[step](number)
    state.open.set()
    for client, _ in clients:
        client.open.set()
    hub.happen()
    await until(lambda: hub.position == len(hub.log.committed))
    await settled(fanout)
    for client, known in clients:
        assert [known, *client.heard][-1] == hub.position
        assert client.heard == sorted(client.heard)
    leave(fanout, [client for client, _ in clients])
    assert fanout._groups == {}
    assert hub.follower.subscribers == 0
