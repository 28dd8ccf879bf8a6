"""What is kept for a while: here, or by a Redis that processes share and can do without."""

from datetime import timedelta

from realtime.kept import KeptHere, KeptInRedis
from tests.harness import HeldClock

KEPT = timedelta(minutes=5)


async def test_what_is_kept_here_is_kept_as_long_as_it_may_be():
    clock = HeldClock()
    keeper = KeptHere(clock)
    await keeper.put("one", b"1", within=KEPT)
    clock.advance(minutes=4, seconds=59)
    assert await keeper.get("one") == b"1"
    clock.advance(seconds=1)
    assert await keeper.get("one") is await keeper.get("two") is None


async def test_processes_that_share_a_redis_share_what_is_kept_and_go_on_without_it(redis_server):
    one, other = KeptInRedis(redis_server.url), KeptInRedis(redis_server.url)
    await one.put("name", b"\x00value", within=KEPT)
    assert (await other.get("name"), await other.get("nothing")) == (b"\x00value", None)
    redis_server.kill()
    assert await one.get("name") is None
    await one.put("name", b"new", within=KEPT)
    for keeper in (one, other):
        await keeper.close()
