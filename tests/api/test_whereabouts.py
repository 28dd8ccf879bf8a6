from sqlalchemy import event

from tests.realtime.sockets import EVENTS, room_subscriptions
from tests.realtime.support import until


async def test_many_who_subscribe_to_a_club_at_once_have_it_read_once(server, world):
    await server.run("{ viewer { userId } }", who=world.staff)  # of whom nothing more has to be known from now on
    read, before = [], room_subscriptions()
    note = read.append  # the same object to remove again
    engine = server.runtime.database.app.sync_engine
    event.listen(engine, "begin", note)
    try:
        async with server.socket(world.staff) as socket:
            for _ in range(50):
                await socket.subscribe(EVENTS, club=world.club)
            await until(lambda: room_subscriptions() == before + 50)
    finally:
        event.remove(engine, "begin", note)
    assert len(read) == 1
