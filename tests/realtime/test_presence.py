import asyncio

import pytest

from kit.ids import new_id
from realtime.presence import Census, Elsewhere, SocketLimits, TooManyConnections
from tests.patience import PATIENCE

CLUB, OTHER = new_id(), new_id()
ANA = (CLUB, "ana")


def elsewhere(addresses=None, **users):
    return Elsewhere(addresses=addresses or {}, users={str(CLUB): users})


def test_what_is_counted_elsewhere_counts_for_an_address():
    census = Census(SocketLimits(per_address=5))
    census.elsewhere = [elsewhere({"a": 2}), elsewhere({"a": 1, "b": 9})]
    census.enter("a")
    census.enter("a")
    with pytest.raises(TooManyConnections, match="5 connections from an address; close one, or try again later"):
        census.enter("a")
    census.enter("c")
    assert census.counted == 3
    census.elsewhere = ()
    census.enter("a")


def test_what_is_counted_elsewhere_counts_for_a_user_of_the_same_tenant():
    census = Census(SocketLimits(per_user=3))
    census.elsewhere = [elsewhere(ana=1), elsewhere(ana=1, ben=3)]
    census.identify(ANA)
    with pytest.raises(TooManyConnections, match="3 connections of a user; close one, or try again later"):
        census.identify(ANA)
    for _ in range(3):
        census.identify((OTHER, "ana"))
    census.identify((CLUB, "cleo"))


def test_the_limit_in_all_is_the_process_own():
    census = Census(SocketLimits(in_all=1))
    census.elsewhere = [elsewhere({"a": 400})]
    census.enter("b")


async def test_who_is_refused_for_others_counts_makes_them_be_asked_for_again():
    census = Census(SocketLimits(per_address=1, per_user=1))
    census.enter("a")
    census.identify(ANA)
    for refused in (lambda: census.enter("a"), lambda: census.identify(ANA)):
        with pytest.raises(TooManyConnections):
            refused()
    assert not census.doubt.is_set()  # those are this process' own: nothing that is asked again will change that
    census.elsewhere = [elsewhere({"b": 1}, ben=1)]
    for refused in (lambda: census.enter("b"), lambda: census.identify((CLUB, "ben"))):
        census.doubt.clear()
        with pytest.raises(TooManyConnections):
            refused()
        async with asyncio.timeout(PATIENCE):
            await census.doubt.wait()


def test_a_connection_is_counted_by_transport_and_user_while_it_lasts():
    census = Census(SocketLimits(per_user=2))
    with census.counting("a", ANA, by="sse"), census.counting("a", None, by="multipart"):
        census.enter("a")
        census.identify(ANA)
        assert census.transports == {CLUB: {"sse": 1, "websocket": 1}}
        assert census.users == {CLUB: {"ana": 2}}
        assert census.addresses == {"a": 3}
        with pytest.raises(TooManyConnections), census.counting("a", ANA, by="sse"):
            pytest.fail("one too many was let in")
        assert census.addresses == {"a": 3}
        census.leave("a", ANA)
    assert (census.counted, dict(census.addresses), census.users, census.transports) == (0, {}, {}, {})


def test_a_connection_that_fails_is_counted_no_more():
    census = Census(SocketLimits())
    with pytest.raises(RuntimeError), census.counting("a", ANA, by="sse"):
        raise RuntimeError
    assert (census.counted, dict(census.addresses), census.users, census.transports) == (0, {}, {}, {})
