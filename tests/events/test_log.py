import asyncio
import dataclasses
import importlib
import pkgutil
import random
import types
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import events
from events.base import catalogue
from events.log import oldest_position, read_cursor, read_heads, read_log, record
from events.work import UnitOfWork
from kit.ids import new_id, public_id
from models.tee_sheet.values import PriceClass
from realtime.wire import decode, encode
from tests.harness import MORNING
from tests.patience import PATIENCE
from tests.realtime.support import Numbered, silence
from tests.thorough import times

for module in pkgutil.walk_packages(events.__path__, "events."):
    importlib.import_module(module.name)

EVERYTHING = 10**9


class Regret(Exception):
    pass


async def read_all(database, stream, *, after=0, room=None):
    async with database.across_tenants() as session:
        return await read_log(session, stream, epoch="", after=after, upto=EVERYTHING, room=room, limit=10_000)


async def test_positions_have_no_holes_and_nobody_sees_one_before_its_predecessor(database):
    numbered = Numbered(database, silence)
    work, dice = UnitOfWork(database, silence), random.Random(5)
    done = asyncio.Event()

    async def write(number):
        facts = [numbered.fact(number)] * dice.randint(1, 3)
        async with work.change(numbered.tenant_id) as change:
            record(change.session, *facts, now=MORNING)
            if number % 4 == 0:
                await change.write()  # the positions are taken, and given back
                raise Regret
        return len(facts)

    async def watch():
        seen = 0
        while True:
            finished = done.is_set()
            positions = [item.position for item in await read_all(database, numbered.stream, after=seen)]
            assert positions == list(range(seen + 1, seen + 1 + len(positions)))
            seen += len(positions)
            if finished:
                return seen

    watchers = [asyncio.create_task(watch()) for _ in range(2)]
    outcomes = await asyncio.gather(*(write(number) for number in range(100)), return_exceptions=True)
    done.set()
    written = [outcome for outcome in outcomes if not isinstance(outcome, Regret)]
    assert len(written) == 75
    assert await asyncio.gather(*watchers) == [sum(written)] * 2


async def test_transactions_that_name_streams_in_crossed_order_do_not_wait_for_each_other(database):
    streams, dice = [Numbered(database, silence) for _ in range(4)], random.Random(3)
    work, tenant_id = UnitOfWork(database, silence), new_id()

    async def write(number):
        async with work.change(tenant_id) as change:
            facts = [one.fact(number) for one in dice.sample(streams, len(streams))]
            record(change.session, *facts, now=MORNING)

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(write(number) for number in range(60)))
    orders = [[item.data["name"] for item in await read_all(database, s.stream)] for s in streams]
    assert orders == [orders[0]] * 4
    assert sorted(map(int, orders[0])) == list(range(60))


async def test_each_event_of_a_transaction_has_its_own_place_in_its_own_stream(database):
    one, other = Numbered(database, silence), Numbered(database, silence)
    await other.happen(0)
    async with UnitOfWork(database, silence).change(one.tenant_id) as change:
        other.tenant_id = one.tenant_id
        record(change.session, one.fact(1), one.fact(2), now=MORNING)
        await change.write()
        record(change.session, one.fact(3), now=MORNING)
    assert [(item.position, item.data["name"]) for item in change.logged] == [(1, "1"), (2, "2"), (3, "3")]
    assert await read_all(database, one.stream) == [replace(item, epoch="") for item in change.logged]
    assert [item.position for item in await read_all(database, other.stream)] == [1]


async def test_what_is_recorded_without_a_commit_is_neither_logged_nor_told(database):
    told = []

    async def publish(news):
        told.extend(news)

    numbered, work = Numbered(database, publish), UnitOfWork(database, publish)
    async with database.tenant(numbered.tenant_id) as session:
        record(session, numbered.fact(1), now=MORNING)

    async def regret():
        async with work.change(numbered.tenant_id) as change:
            record(change.session, numbered.fact(2), now=MORNING)
            raise Regret

    with pytest.raises(Regret):
        await regret()
    assert told == await read_all(database, numbered.stream) == []
    kept = await numbered.happen(3)
    assert [item.position for item in kept] == [1]
    assert told == list(kept)


async def test_what_is_about_to_be_committed_can_be_prepared_for_and_a_failure_in_that_changes_nothing(database):
    steps = []

    def before_commit(logged):
        steps.append(("prepared", [item.position for item in logged]))
        raise Regret

    async def publish(logged):
        steps.append(("told", [item.position for item in logged]))

    numbered = Numbered(database, silence)
    work = UnitOfWork(database, publish, before_commit)
    async with work.change(numbered.tenant_id) as change:
        record(change.session, numbered.fact(1), now=MORNING)
    assert steps == [("prepared", [1]), ("told", [1])]
    assert len(await read_all(database, numbered.stream)) == 1
    async with work.change(numbered.tenant_id):
        pass
    assert len(steps) == 2


async def test_a_change_knows_the_place_of_its_last_event_in_its_first_ones_stream(database):
    one, other = Numbered(database, silence), Numbered(database, silence)
    async with UnitOfWork(database, silence).change(one.tenant_id) as change:
        record(change.session, one.fact(1), other.fact(2), one.fact(3), now=MORNING)
        cursor = await change.write()
    assert (cursor.stream, cursor.position) == (one.stream, 2)


async def test_a_stream_tells_its_head_its_oldest_event_and_its_rooms(database):
    numbered = Numbered(database, silence)
    async with database.across_tenants() as session:
        assert await read_heads(session, [numbered.stream]) == {}
        assert await oldest_position(session, numbered.stream) is None
        assert (await read_cursor(session, numbered.stream)).position == 0
    logged = await numbered.happen(1, 2, 3)
    async with database.across_tenants() as session:
        head = (await read_heads(session, [numbered.stream, "club:unknown"]))[numbered.stream]
        assert (head.epoch, head.position) == (logged[0].epoch, 3)
        assert await oldest_position(session, numbered.stream) == 1
        assert await read_cursor(session, numbered.stream) == logged[-1].cursor
    assert await read_all(database, numbered.stream, room="another room") == []
    assert len(await read_all(database, numbered.stream, room=numbered.stream)) == 3


def values(kind: Any, name: str) -> st.SearchStrategy[Any]:
    """Values of a field, by its type; of those called `…_id`, ids."""
    arguments = get_args(kind)
    if get_origin(kind) in {Union, types.UnionType}:
        return st.one_of(*(values(argument, name) for argument in arguments))
    if get_origin(kind) is tuple:
        return st.lists(values(arguments[0], name.removesuffix("s")), max_size=4).map(tuple)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    if dataclasses.is_dataclass(kind):
        return facts(kind)
    if kind is str and (name.endswith("_id") or name == "of_tenant"):
        return st.builds(lambda: public_id(name.removesuffix("_id").removeprefix("of_"), uuid4()))
    return SIMPLE[kind]


SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    int: st.integers(-(2**62), 2**62),
    bool: st.booleans(),
    float: st.floats(-180, 180),
    type(None): st.none(),
    PriceClass: st.sampled_from([*map(PriceClass, ("MEMBER", "JUNIOR", "SENIOR_2"))]),
    date: st.dates(),
    time: st.times().map(lambda at: at.replace(second=0, microsecond=0)),  # starts are on whole minutes
    datetime: st.datetimes(timezones=st.just(UTC)),
}


def batched(kinds: Iterable[Any], size: int) -> list[list[Any]]:
    """Give kinds so many at a time: what is made of all at once is more than Hypothesis makes."""
    them = list(kinds)
    return [them[start : start + size] for start in range(0, len(them), size)]


@cache
def facts(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{f.name: values(hints[f.name], f.name) for f in dataclasses.fields(kind)})


@pytest.mark.parametrize("kinds", batched(catalogue.values(), 20), ids=lambda kinds: kinds[0].type)
@given(data=st.data())
@settings(
    max_examples=times(15, usually=4),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
async def test_every_fact_is_the_same_after_its_way_through_the_log_and_over_the_wire(database, kinds, data):
    happened = [data.draw(facts(kind)) for kind in kinds]
    async with UnitOfWork(database, silence).change(new_id()) as change:
        record(change.session, *happened, now=MORNING)
    assert {item.event for item in change.logged} == set(happened)
    for item in change.logged:
        (read,) = await read_all(database, item.stream, after=item.position - 1, room=item.rooms[-1])
        assert dataclasses.replace(read, epoch=item.epoch) == item
        assert decode(encode("me", item.stream, [item])) == [item]
        assert read.event == item.event
        assert (item.type, item.rooms) == (item.event.type, item.event.rooms)


def test_every_fact_has_a_wire_name_of_its_own_and_says_what_it_is():
    assert len(set(catalogue.values())) == len(catalogue) > 10
    for name, kind in catalogue.items():
        assert kind.type == name
        assert kind.__doc__
        assert kind.__dataclass_params__.frozen


@pytest.mark.parametrize(("given_up", "tries"), [(0, 1), (3, 4), (9, 4)])
@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_a_change_that_is_given_up_for_anothers_sake_is_begun_anew_and_logged_once(
    database, given_up, tries, state
):
    heard, began = [], []

    async def publish(messages):
        heard.extend(messages)

    numbered = Numbered(database, publish)

    async def decide(change):
        began.append(change)
        record(change.session, numbered.fact(1), now=MORNING)
        if len(began) <= given_up:
            await change.session.execute(text(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$"))
        return len(began)

    doing = UnitOfWork(database, publish).run(numbered.tenant_id, decide)
    if given_up < tries:
        assert await doing == tries
    else:
        with pytest.raises(DBAPIError):
            await doing
    assert (len(began), len(heard)) == (tries, int(given_up < tries))
