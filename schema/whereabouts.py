"""Where clubs and courses belong: facts that never change, so that nobody has to ask for them twice.

A thousand screens that subscribe at once would otherwise read the same row a thousand times.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import CourseHome, find_club, find_course, homes_of_courses, refuse_strangers
from domain.guests.invitations.opening import InvitationHome, home_of_code
from kit.database import Database
from kit.errors import NotFound

REMEMBERED = 20_000
AT_ONCE = 500
"""Courses that are looked up by one statement at the most."""

Key = tuple[UUID, UUID]


class Asker(Protocol):
    """An operation: who asks, and how it reads."""

    @property
    def viewer(self) -> Viewer:
        """Who asks."""

    def read(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Read what the viewer may."""


class Whereabouts:
    """What one process has found out. A tenant is part of every key, so that no tenant learns of another's ids."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._homes = CourseHomes(database)
        self._clubs: OrderedDict[Key, UUID] = OrderedDict()
        self._turns: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()

    async def club(self, asker: Asker, club_id: UUID) -> UUID:
        """Give the id of a club that the viewer may know of. Raises NotFound."""
        key = (asker.viewer.tenant_id, club_id)
        if key not in self._clubs:
            async with self._turn(key):
                if key not in self._clubs:
                    async with asker.read() as session:
                        club = await find_club(session, viewer=asker.viewer, club_id=club_id)
                    self._remember(key, club.id)
        refuse_strangers(asker.viewer, self._clubs[key], what="club")
        return self._clubs[key]

    async def club_of_course(self, asker: Asker, course_id: UUID) -> UUID:
        """Give the id of the club of a course that the viewer may know of. Raises NotFound."""
        key = (asker.viewer.tenant_id, course_id)
        if key not in self._clubs:
            async with self._turn(key):
                if key not in self._clubs:
                    async with asker.read() as session:
                        course = await find_course(session, viewer=asker.viewer, course_id=course_id)
                    self._remember(key, course.club_id)
        refuse_strangers(asker.viewer, self._clubs[key], what="course")
        return self._clubs[key]

    async def public_course(self, course_id: UUID) -> CourseHome:
        """Tell where a course belongs, whoever asks. Raises NotFound, in the same words for everybody."""
        home = await self._homes.find(course_id)
        if home is None:
            raise NotFound(message="There is no such course.")
        return home

    async def invitation(self, code: str) -> InvitationHome | None:
        """Tell where the invitation with a code belongs, whoever asks. It is not remembered: codes are withdrawn."""
        async with self._database.glance() as connection:
            return await home_of_code(connection, code=code)

    def _turn(self, key: Key) -> asyncio.Lock:
        """Let those who ask for the same take turns while it is not known: the first one asks, the others find it."""
        return self._turns.setdefault(key, asyncio.Lock())

    def _remember(self, key: Key, club_id: UUID) -> None:
        self._clubs[key] = club_id
        if len(self._clubs) > REMEMBERED:
            self._clubs.popitem(last=False)


class CourseHomes:
    """Where courses belong, whosever they are.

    Who shows no token may ask for anything as often as they like: so one statement at a time asks for all that is
    wanted meanwhile, by one connection, and what does not exist is not remembered.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[UUID, CourseHome] = OrderedDict()
        self._answers: dict[UUID, asyncio.Future[CourseHome | None]] = {}
        self._queue: deque[UUID] = deque()
        self._search: asyncio.Task[None] | None = None

    async def find(self, course_id: UUID) -> CourseHome | None:
        """Tell where a course belongs; None if there is no such course."""
        if course_id in self._known:
            self._known.move_to_end(course_id)
            return self._known[course_id]
        if course_id not in self._answers:
            self._answers[course_id] = asyncio.get_running_loop().create_future()
            self._queue.append(course_id)
        answer = self._answers[course_id]
        if self._search is None:
            self._search = asyncio.create_task(self._look(), name="look for courses")
        return await asyncio.shield(answer)  # others may wait for it too

    async def _look(self) -> None:
        try:
            while self._queue:
                await self._look_for([self._queue.popleft() for _ in range(min(AT_ONCE, len(self._queue)))])
        finally:
            self._search = None

    async def _look_for(self, course_ids: Sequence[UUID]) -> None:
        try:
            async with self._database.across_tenants() as session:
                found = await homes_of_courses(session, course_ids=course_ids)
        except Exception as error:
            for course_id in course_ids:
                answer = self._answers.pop(course_id)
                answer.set_exception(error)
                answer.exception()  # whoever asked may have gone, and then nobody else reads it
            return
        self._known |= found
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        for course_id in course_ids:
            self._answers.pop(course_id).set_result(found.get(course_id))
