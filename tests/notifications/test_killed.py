"""A worker's process is killed, without a word, at each step of a push and of an e-mail: nothing is told twice."""

from contextlib import asynccontextmanager

import pytest

from kit.database import connect
from kit.postgres import DATABASE
from tests.faults.r21_worker_killed import mail
from tests.faults.stage import come_about
from tests.notifications.desk import tell
from tests.notifications.killed import Errand, process
from tests.notifications.post import deliveries, post, route, statuses
from tests.notifications.push_server import SILENCE, push_server
from tests.notifications.test_email import told_by_mail
from tests.notifications.test_push import register

WAITING = """
    SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
"""
STEPS = ("claimed", "told", "answered")


@asynccontextmanager
async def held(postgres, statement, *, database=DATABASE):
    """Lock rows until the block ends; gives what tells whether somebody waits for them."""
    url = postgres.owner_url.set(database=database)
    holder, looker = await connect(url, purpose="tests"), await connect(url, purpose="tests")
    try:
        async with holder.transaction():
            await holder.fetch(statement)
            yield lambda: looker.fetchval(WAITING)
    finally:
        await holder.close()
        await looker.close()


async def has_come_to(step, world, service):
    return service.taken if step == "told" else await statuses(world) == ["SENDING"]


@pytest.mark.parametrize("step", STEPS)
async def test_a_push_is_told_again_under_the_same_topic_and_tag_so_that_it_shows_once(world, postgres, tmp_path, step):
    ana = world.player("ana")
    async with push_server(tmp_path) as service:
        carrier = await register(world, service, ana)
        await tell(world, ana)
        await route(world)
        [one] = await deliveries(world)
        service.status = SILENCE if step == "told" else 201
        more = {"port": service.port, "certificate": tmp_path / "push.pem", "stops": step == "claimed"}
        with process(world.server.runtime.settings, Errand(world.tenant_id, one.id, **more)) as worker:
            if step == "answered":
                async with held(postgres, "SELECT id FROM push_devices FOR UPDATE") as is_waited_for:
                    await come_about(is_waited_for)
                    worker.kill()
                    worker.join()
            else:
                await come_about(lambda: has_come_to(step, world, service))
                worker.kill()
                worker.join()
        assert await statuses(world) == ["SENDING"]
        told = 0 if step == "claimed" else 1
        assert len(service.taken) == told
        service.status = 201
        for _ in range(2):
            assert await post(world, carrier) == []
        assert await statuses(world) == ["SENT"]
        assert len(service.taken) == told + 1
        assert len({(one["headers"]["topic"], one["said"]["tag"]) for one in service.taken}) == 1


@pytest.mark.parametrize("step", STEPS)
async def test_an_e_mail_of_which_nobody_knows_is_not_sent_again(world, postgres, step):
    await told_by_mail(world)
    await route(world)
    [one] = await deliveries(world)
    async with mail() as server:
        server.stop_at("MAIL" if step == "claimed" else "END")
        with process(world.server.runtime.settings, Errand(world.tenant_id, one.id, server.port)) as worker:
            await server.arrived.wait()
            if step == "answered":
                async with held(postgres, "SELECT id FROM deliveries FOR UPDATE") as is_waited_for:
                    server.go_on()
                    await come_about(is_waited_for)
                    worker.kill()
                    worker.join()
            worker.kill()
            worker.join()
        server.go_on()
        assert await statuses(world) == ["SENDING"]
        for _ in range(2):
            assert await post(world, server.carrier(world.server.clock)) == []
        assert await statuses(world) == ["UNKNOWN"]
        assert len(server.taken) == (0 if step == "claimed" else 1)
