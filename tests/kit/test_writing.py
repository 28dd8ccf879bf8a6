"""What a session has made and changed, on its way to PostgreSQL: one statement, and nothing is lost on it."""

from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from sqlalchemy import ARRAY, bindparam, event, select, text
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from kit.ids import new_id
from models.base import Base, TenantOwned
from models.clubs.tables import Club, Course, Player
from models.clubs.values import Language, NamePrivacy
from models.course.values import CourseStatus
from models.tee_sheet.values import GUEST

NOW = datetime(2026, 5, 4, 5, 0, 0, 123456, tzinfo=UTC)
VALUES = {
    UUID: UUID(int=7),
    datetime: NOW,
    date: date(2026, 5, 4),
    time: time(7, 30),
    str: "Ñandú \\ \" '; --\n",
    int: 2**31 - 1,
    float: 0.1 + 0.2,
    bool: True,
    dict: {"a": [1, None, "é"]},
}
"""A value of each kind that a column may have."""

KINDS = sorted((m.class_ for m in Base.registry.mappers if issubclass(m.class_, TenantOwned)), key=lambda k: k.__name__)


def value_for(kind):
    if isinstance(kind, ARRAY):
        return [value_for(kind.item_type)]
    if isinstance(kind, SqlEnum):
        return list(kind.enum_class)[-1]
    if (scale := getattr(kind, "scale", None)) is not None:
        return round(VALUES[float], scale)
    value = VALUES[dict if isinstance(kind, JSONB) else kind.python_type]
    return value[: kind.length] if isinstance(value, str) else value


@pytest.mark.parametrize("kind", KINDS)
async def test_each_column_of_each_table_is_read_as_it_was_written(server, world, kind):
    row = {column.key: value_for(column.type) for column in kind.__table__.columns}
    as_rows = text(f"SELECT * FROM jsonb_populate_recordset(CAST(NULL AS {kind.__tablename__}), :rows)")
    query = select(kind).from_statement(as_rows.bindparams(bindparam("rows", type_=JSONB)))
    async with server.runtime.database.tenant(world.tenant_id) as session:
        found = (await session.scalars(query, {"rows": [row]})).one()
    assert {name: getattr(found, name) for name in row} == row


@pytest.fixture
def sent(server):
    """The statements that the application's role sends."""
    noted, engine = [], server.runtime.database.app.sync_engine

    def note(_connection, _cursor, statement, *_more):
        noted.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield noted
    event.remove(engine, "before_cursor_execute", note)


def player(world, user_id):
    given = {"first_name": "A", "last_name": "B", "price_class": GUEST, "created_at": NOW}
    return Player(tenant_id=world.tenant_id, club_id=world.club_id, user_id=user_id, **given)


async def test_whatever_has_changed_is_written_by_one_statement(server, world, sent):
    async with server.runtime.database.tenant(world.tenant_id) as session:
        club, course = await session.get_one(Club, world.club_id), await session.get_one(Course, world.course_id)
        sent.clear()
        club.language, club.name_privacy, course.status = Language.ES, NamePrivacy.HIDDEN, CourseStatus.CLOSED
        course.name = course.name  # is no change
        ann, ben = player(world, "ann"), player(world, "ben")
        session.add_all([ann, ben])
        await session.flush()
        assert len(sent) == 1
        assert "name_privacy" in sent[0]
        assert '"name"' not in sent[0]
        assert await session.get(Player, ann.id) is ann
        ben.user_id, ben.last_name = None, "C"
        await session.commit()
        assert len(sent) == 2
        await session.commit()
        assert len(sent) == 2
    async with server.runtime.database.tenant(world.tenant_id) as session:
        assert (await session.get_one(Club, world.club_id)).language is Language.ES
        assert (await session.get_one(Course, world.course_id)).status is CourseStatus.CLOSED
        known = await session.execute(select(Player.user_id, Player.last_name).order_by(Player.last_name))
        assert known.all() == [("ann", "B"), (None, "C")]


async def test_what_a_row_lets_go_is_another_s_at_once(server, world):
    async with server.runtime.database.tenant(world.tenant_id) as session:
        ann, again = player(world, "ann"), player(world, "ann")
        session.add(ann)
        await session.flush()
        ann.user_id = None
        session.add(again)
        await session.commit()
        again = player(world, "ann")
        session.add(again)
        with pytest.raises(DBAPIError, match="uq_players_club_id_user_id"):
            await session.flush()


async def test_what_was_left_out_is_its_default_or_nothing(server, world):
    async with server.runtime.database.tenant(world.tenant_id) as session:
        course = Course(tenant_id=world.tenant_id, club_id=world.club_id, name="Sea", holes=9, time_zone="UTC")
        course.currency, course.minutes_for_18_holes, course.minutes_for_9_holes = "EUR", 240, 120
        course.created_at = NOW
        session.add(course)
        await session.flush()
        assert (course.status, course.status_reason, course.time_par) == (CourseStatus.OPEN, "", None)
        assert isinstance(course.id, UUID)


async def test_a_row_that_is_gone_is_not_changed_in_silence(server, world):
    async with server.runtime.database.tenant(world.tenant_id) as session:
        course = await session.get_one(Course, world.course_id)
        await session.execute(text(f"SET LOCAL fairway.tenant = '{new_id()}'"))  # as if it were removed
        course.name = "Sea"
        with pytest.raises(StaleDataError, match="courses"):
            await session.flush()


async def test_a_row_of_another_tenant_is_refused(server, world):
    async with server.runtime.database.tenant(world.tenant_id) as session:
        stranger = player(world, "ann")
        stranger.tenant_id = new_id()
        session.add(stranger)
        with pytest.raises(DBAPIError, match="row-level security"):
            await session.flush()


async def test_a_savepoint_that_is_given_up_takes_its_rows_along(server, world):
    async with server.runtime.database.tenant(world.tenant_id) as session:
        ann = player(world, "ann")
        async with session.begin_nested() as savepoint:
            session.add(ann)
            await session.flush()
            await savepoint.rollback()
        assert ann not in session
        assert (await session.scalars(select(Player))).all() == []


async def test_rows_are_not_removed_one_by_one(server, world):
    async with server.runtime.database.tenant(world.tenant_id) as session:
        await session.delete(await session.get_one(Course, world.course_id))
        with pytest.raises(NotImplementedError):
            await session.flush()
