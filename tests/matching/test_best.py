"""What is chosen for many golfers at once, in arrays, is what the feed shows each of them."""

from datetime import timedelta
from random import Random

from sqlalchemy import select

from domain.matching.best import best_for_each
from domain.matching.feed import FeedFilter, best_matches
from domain.matching.relations import read_relations
from domain.matching.score import FAR
from kit.ids import new_id
from models.matching.golfers import Golfer, GolferBlock, GolferConnection
from models.matching.hosted import Participation
from models.matching.values import HostedStatus, PartStatus
from tests.harness import MORNING
from tests.house.statements import statements
from tests.matching.test_feed import a_golfer, a_tee_time
from tests.matching.test_suggestions import pairs_of
from tests.thorough import times

GOLFERS, TEE_TIMES, MOST = 100, times(4_000, usually=700), 5
AHEAD = timedelta(days=7)


def part(golfer, tee_time, status):
    return Participation(
        id=new_id(),
        tenant_id=golfer.tenant_id,
        tee_time_id=tee_time.id,
        golfer_id=golfer.id,
        status=status,
        slot_number=1 if status is PartStatus.JOINED else None,
        created_at=MORNING,
        updated_at=MORNING,
    )


async def test_it_is_what_the_feed_shows_each(world):
    random, tenant_id = Random(5), world.tenant_id
    golfers = [a_golfer(random, tenant_id, number) for number in range(GOLFERS)]
    for one in golfers[::17]:
        one.suspended_at = MORNING
    tee_times = [a_tee_time(random, random.choice(golfers)) for _ in range(TEE_TIMES)]
    links = pairs_of(random, golfers, 150)
    ends = {"tenant_id": tenant_id, "created_at": MORNING}
    async with world.server.runtime.database.tenant(tenant_id) as session:
        session.add_all(golfers)
        await session.flush()
        session.add_all(tee_times)
        await session.flush()
        both = links | {(b, a) for a, b in links}
        session.add_all(
            GolferConnection(id=new_id(), golfer_id=a, other_id=b, made_at=MORNING, **ends) for a, b in both
        )
        blocks = pairs_of(random, golfers, 200)
        session.add_all(GolferBlock(id=new_id(), golfer_id=a, other_id=b, **ends) for a, b in blocks)
        for tee_time in tee_times[::3]:
            if tee_time.status is HostedStatus.OPEN:
                status = random.choice([PartStatus.JOINED, PartStatus.REQUESTED])
                session.add(part(random.choice(golfers), tee_time, status))
        await session.commit()
    async with world.server.runtime.database.snapshot(tenant_id) as session:
        rows = list(await session.scalars(select(Golfer).order_by(Golfer.id)))
        ids = [one.id for one in rows]
        with statements(world.server) as said:
            best = await best_for_each(session, ids, until=MORNING + AHEAD, most=MOST, now=MORNING)
        assert len(said) <= 4, "as many for two hundred as for one"
        relations, wanted, found = await read_relations(session), FeedFilter(last=MORNING + AHEAD), 0
        for golfer in rows:
            given = {"wanted": wanted, "relations": relations, "now": MORNING}
            shown = await best_matches(session, golfer, limit=1_000, **given)
            is_far = golfer.x is not None and all(match.proximity == FAR for _, match in shown)
            expected = [] if is_far else [key for key, _ in shown[:MOST]]
            assert [one.id for one in best[golfer.id]] == expected
            found += len(expected)
    assert found > 3 * GOLFERS
    assert await best_for_each(session, [], until=MORNING, most=MOST, now=MORNING) == {}
