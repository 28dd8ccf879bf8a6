"""What the bench makes for itself still fits the program: it is run by hand, and seldom."""

from httpx import ASGITransport, AsyncClient

from bench.matching import Size, fill
from bench.peers.fairway_engine import Board
from kit.database import connect
from kit.ids import new_id
from kit.settings import Settings

SMALL = Size(golfers=20, tee_times=5, followers=0, repeats=0, events=0)


async def test_the_golfers_of_the_bench_fit_the_tables(postgres):
    connection = await connect(postgres.owner_url, purpose="a test of the bench")
    made_up = connection.transaction()
    await made_up.start()
    try:
        await fill(connection, new_id(), SMALL)
        assert await connection.fetchval("SELECT count(*) FROM hosted_tee_times WHERE place_name = 'Dunes'") >= 5
    finally:
        await made_up.rollback()
        await connection.close()


async def test_the_engine_alone_answers():
    settings = Settings(_env_file=None, redis_url="redis://127.0.0.1:1", jwt_secret="no token is shown to this server")
    async with AsyncClient(transport=ASGITransport(Board(settings)), base_url="http://bench") as client:
        answer = (await client.post("/graphql", json={"query": "{ caddies(list: 1) { id name } }"})).json()
    assert len(answer["data"]["caddies"]) == 30
