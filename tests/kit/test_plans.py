"""Statements that are asked again: a plan gives what SQLAlchemy gives, and refuses as it does."""

import asyncio
import gc

import pytest
import pytest_asyncio
from sqlalchemy import String, TextClause, and_, bindparam, event, inspect, literal, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError, NoResultFound, StatementError
from sqlalchemy.orm import aliased

from domain.idempotency import CLAIM, FIRST, NOTE
from kit.database import Database
from kit.ids import new_id
from kit.jobs import _enqueuing
from kit.plans import Plan
from kit.sessions import _anew
from models.clubs.tables import Club, Player
from models.tee_sheet.tables import Booking, TeeSheet, TeeTime
from tests.house.statements import book
from tests.kit.test_writing import KINDS, player, value_for

CLUB = select(Club).where(Club.id == bindparam("id"))
FRESH = CLUB.execution_options(populate_existing=True)
ALREADY_THERE, NOT_IN_TIME = "23505", "57014"


@pytest_asyncio.fixture
async def database(settings):
    opened = Database(settings.app_url, settings.system_url, pool_size=1)
    yield opened
    await opened.close()


def planned(session, statement):
    """Give the plan of a statement that was asked before."""
    plan = session.info["plans"].of(statement)
    assert isinstance(plan, Plan)
    return plan


async def both_ways(database, tenant_id, statement, given):
    """Ask a statement in three sessions: as SQLAlchemy does, by a plan that is new, and by one that is known."""
    answers = []
    for time in range(3):
        async with database.tenant(tenant_id) as session:
            answers.append([tuple(row) for row in await session.execute(statement, given)])
            assert time == 0 or planned(session, statement)
    return answers


@pytest.mark.parametrize("kind", KINDS)
async def test_each_column_of_each_table_is_read_alike(server, world, kind):
    columns = kind.__table__.columns
    row = {column.key: value_for(column.type) for column in columns}
    given = text(f"SELECT * FROM jsonb_populate_recordset(CAST(NULL AS {kind.__tablename__}), :rows)")
    rows = given.bindparams(bindparam("rows", type_=JSONB)).columns(*columns).subquery()
    query = select(aliased(kind, rows))
    for nullable in (False, True):
        wanted = {name: None if nullable and columns[name].nullable else value for name, value in row.items()}
        one, *others = await both_ways(server.runtime.database, world.tenant_id, query, {"rows": [wanted]})
        for found in (one, *others):
            assert {name: getattr(found[0][0], name) for name in row} == wanted
            assert {name: type(value) for name, value in vars(found[0][0]).items()} == {
                name: type(value) for name, value in vars(one[0][0]).items()
            }


async def test_objects_columns_and_what_is_not_there_stand_side_by_side(server, world):
    await book(world, -1, world.staff, payer={"firstName": "A", "lastName": "B"})
    never = select(Club).where(literal(value=False)).subquery()
    query = (
        select(TeeTime.id, TeeSheet, Booking.holes.label("round"), aliased(Club, never, name="nobody"), Booking)
        .join(TeeSheet, TeeTime.sheet_id == TeeSheet.id)
        .outerjoin(Booking, Booking.tee_time_id == TeeTime.id)
        .outerjoin(never, never.c.id == TeeTime.id)
        .where(TeeSheet.club_id == bindparam("club_id"))
        .order_by(TeeTime.starts_at)
    )
    answers = await both_ways(server.runtime.database, world.tenant_id, query, {"club_id": world.club_id})
    shown = [[(row[0], row[1].id, row[2], row[3], row[4] and row[4].id) for row in rows] for rows in answers]
    assert shown[0] == shown[1] == shown[2]
    assert shown[0][-1][2:4] == (18, None)
    assert shown[0][0][2:] == (None, None, None)
    assert len({id(row[1]) for row in answers[2] if row[1].date == world.day}) == 1
    async with server.runtime.database.tenant(world.tenant_id) as session:
        rows = (await session.execute(query, {"club_id": world.club_id})).all()
        assert (rows[-1].round, rows[-1].nobody, rows[-1].Booking) == (18, None, rows[-1][4])
        assert await session.scalar(query, {"club_id": world.club_id}) == rows[0].id
        assert inspect(rows[-1].Booking).persistent


async def test_what_the_session_knows_stays_unless_it_is_to_be_read_anew(server, world):
    database, given = server.runtime.database, {"id": world.club_id}
    for statement in (CLUB, FRESH):
        await both_ways(database, world.tenant_id, statement, given)
    async with database.tenant(world.tenant_id) as session, database.tenant(world.tenant_id) as other:
        club = await session.scalar(CLUB, given)
        before = club.name
        (await other.scalar(CLUB, given)).name = "Another"
        await other.commit()
        assert await session.scalar(CLUB, given) is club
        assert club.name == before
        club.language = "no language"
        with session.no_autoflush:
            assert await session.scalar(FRESH, given) is club
        assert (club.name, list(session.dirty)) == ("Another", [])
        assert club.language != "no language"


async def test_a_row_that_is_refreshed_is_read_anew_by_a_plan(server, world):
    database = server.runtime.database
    for again in range(3):
        async with database.tenant(world.tenant_id) as session:
            club = await session.get_one(Club, world.club_id)
            async with database.tenant(world.tenant_id) as other:
                (await other.get_one(Club, world.club_id)).name = f"Renamed {again}"
                await other.commit()
            club.language = "ES"
            await session.refresh(club)
            assert (club.name, club.language) == (f"Renamed {again}", "ES")
            assert club not in session.dirty
            assert again == 0 or planned(session, _anew(Club))
            await session.execute(text("SET LOCAL fairway.tenant = ''"))
            with pytest.raises(InvalidRequestError):
                await session.refresh(club)
    async with database.tenant(world.tenant_id) as session:
        with pytest.raises(InvalidRequestError):
            await session.refresh(club)


async def test_what_postgresql_has_filled_in_is_read_with_the_row(server, world):
    statement = select(Player).where(Player.id == bindparam("id"))
    async with server.runtime.database.tenant(world.tenant_id) as session:
        for _ in range(2):
            await session.scalar(statement, {"id": world.club_id})
        planned(session, statement)
        ann = player(world, "ann")
        session.add(ann)
        await session.flush()
        ann.last_name = "Newer"
        for name in ("first_name", "created_at"):
            del vars(ann)[name]
        with session.no_autoflush:
            assert await session.scalar(statement, {"id": ann.id}) is ann
        assert (ann.first_name, ann.last_name, list(session.dirty)) == ("A", "Newer", [ann])


async def test_what_is_pending_is_written_before_a_plan_asks(server, world):
    statement = select(Player.user_id).where(Player.club_id == bindparam("club_id"), Player.user_id == "ann")
    async with server.runtime.database.tenant(world.tenant_id) as session:
        for _ in range(2):
            assert await session.scalar(statement, {"club_id": world.club_id}) is None
        session.add(player(world, "ann"))
        with session.no_autoflush:
            assert await session.scalar(statement, {"club_id": world.club_id}) is None
        assert await session.scalar(statement, {"club_id": world.club_id}) == "ann"


async def test_each_savepoint_and_each_transaction_has_its_own(server, world):
    async with server.runtime.database.tenant(world.tenant_id) as session:
        for _ in range(2):
            club = await session.scalar(CLUB, {"id": world.club_id})
        async with session.begin_nested() as savepoint:
            club.name = "Never"
            await session.flush()
            await savepoint.rollback()
        assert (await session.scalar(FRESH, {"id": world.club_id})).name != "Never"
        await session.rollback()
        assert await session.scalar(FRESH, {"id": world.club_id})
        await session.commit()
        assert (await session.get_one(Club, world.club_id)).id == world.club_id
        with pytest.raises(NoResultFound):
            await session.get_one(Club, new_id())


async def test_what_is_refused_is_told_as_ever(server, world):
    again = text("WITH made AS (INSERT INTO clubs SELECT * FROM clubs RETURNING name) SELECT name, :secret FROM made")
    again = again.bindparams(bindparam("secret", type_=String))
    for _ in range(3):
        async with server.runtime.database.tenant(world.tenant_id) as session:
            with pytest.raises(IntegrityError) as refused:
                await session.execute(again, {"secret": "not for the log"})
            assert refused.value.orig.sqlstate == ALREADY_THERE
            assert "not for the log" not in str(refused.value)
            assert not refused.value.connection_invalidated
            with pytest.raises(DBAPIError, match="aborted"):
                await session.scalar(CLUB, {"id": world.club_id})
            await session.rollback()
            assert await session.scalar(CLUB, {"id": world.club_id})
            with pytest.raises(StatementError, match="value is required"):
                await session.execute(again)


@pytest.mark.parametrize("ends", ["cancelled", "too late"])
async def test_a_connection_that_was_left_in_the_middle_is_given_up(database, world, ends):
    asleep, backend = text("SELECT pg_sleep(:seconds)"), text("SELECT pg_backend_pid()")
    async with database.tenant(world.tenant_id) as session:
        for _ in range(2):
            await session.execute(asleep, {"seconds": 0})
            before = await session.scalar(backend)
        planned(session, asleep), planned(session, backend)
        waiting = asyncio.ensure_future(session.execute(asleep, {"seconds": 60}))
        if ends == "cancelled":
            await asyncio.sleep(0.05)
            waiting.cancel()
        with pytest.raises(asyncio.CancelledError if ends == "cancelled" else TimeoutError):
            await waiting
    async with database.tenant(world.tenant_id) as session:
        assert await session.scalar(backend) != before


async def test_a_table_that_has_changed_its_shape_is_asked_anew(database, world):
    everything = text("SELECT * FROM shapes")
    async with database.tenant(world.tenant_id) as session:
        await session.execute(text("CREATE TEMPORARY TABLE shapes AS SELECT 1 AS one"))
        for _ in range(3):
            assert (await session.execute(everything)).all() == [(1,)]
        await session.commit()
    async with database.tenant(world.tenant_id) as session:
        await session.execute(text("ALTER TABLE shapes ADD two integer DEFAULT 2"))
        await session.commit()
    async with database.tenant(world.tenant_id) as session:
        with pytest.raises(DBAPIError, match="cached statement plan is invalid"):
            await session.execute(everything)
    async with database.tenant(world.tenant_id) as session:
        assert (await session.execute(everything)).one().two == 2


async def test_without_names_for_statements_a_plan_has_none(settings, world):
    opened, names = Database(settings.app_url, settings.system_url, pool_size=1, pooled=True), []
    prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE name <> ''")
    try:
        for _ in range(3):
            async with opened.tenant(world.tenant_id) as session:
                assert await session.scalar(CLUB, {"id": world.club_id})
                names.append(await session.scalar(prepared))
    finally:
        await opened.close()
    assert names == [0, 0, 0]


async def test_who_counts_statements_hears_of_each(database, world):
    heard = []
    event.listen(database.app.sync_engine, "before_cursor_execute", lambda *how: heard.append(how[2]))
    async with database.tenant(world.tenant_id) as session:
        for _ in range(3):
            await session.scalar(CLUB, {"id": world.club_id})
    assert len(heard) == 3
    assert len(set(heard)) == 1  # to the letter what SQLAlchemy sends


async def test_a_statement_made_of_a_planned_one_is_another(server, world):
    async with server.runtime.database.tenant(world.tenant_id) as session:
        for _ in range(3):
            assert await session.scalar(CLUB, {"id": world.club_id})
        nobody = CLUB.where(and_(Club.name == "Nobody's", Club.language == bindparam("language")))
        for _ in range(3):
            assert await session.scalar(nobody, {"id": world.club_id, "language": "EN"}) is None


def test_what_has_no_plan():
    several = select(Club).where(Club.id.in_(bindparam("ids", expanding=True)))
    plans = Database("postgresql+asyncpg://a@/a", "postgresql+asyncpg://a@/a")._plans.popitem()[1]
    for statement in (several, text("DELETE FROM clubs"), Club.__table__.delete()):
        assert [plans.of(statement) for _ in range(3)] == [None] * 3


def test_what_goes_with_many_changes_has_a_plan():
    plans = Database("postgresql+asyncpg://a@/a", "postgresql+asyncpg://a@/a")._plans.popitem()[1]
    for statement in (CLAIM, FIRST, NOTE, _enqueuing()):
        assert [plans.of(statement) for _ in range(2)][1] is not None


def test_plans_go_with_their_statements():
    plans = Database("postgresql+asyncpg://a@/a", "postgresql+asyncpg://a@/a")._plans.popitem()[1]
    for _ in range(10):
        for statement in (select(Club).where(Club.id == bindparam("id")), text("SELECT 1")):
            assert plans.at_once(statement)
    assert isinstance(statement, TextClause)
    del statement
    gc.collect()
    assert len(plans._known) == 0
