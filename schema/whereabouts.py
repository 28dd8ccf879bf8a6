"""Where clubs and courses belong: facts that never change, so that nobody has to ask for them twice.

A thousand screens that subscribe at once would otherwise read the same row a thousand times.
"""

import asyncio
from collections import OrderedDict
from uuid import UUID
from weakref import WeakValueDictionary

from domain.clubs.access import find_club, find_course, refuse_strangers
from schema.context import Context

REMEMBERED = 20_000

Key = tuple[UUID, UUID]


class Whereabouts:
    """What one process has found out. A tenant is part of every key, so that no tenant learns of another's ids."""

    def __init__(self) -> None:
        self._clubs: OrderedDict[Key, UUID] = OrderedDict()
        self._turns: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()

    async def club(self, context: Context, club_id: UUID) -> UUID:
        """Give the id of a club that the viewer may know of. Raises NotFound."""
        key = (context.viewer.tenant_id, club_id)
        if key not in self._clubs:
            async with self._turn(key):
                if key not in self._clubs:
                    async with context.read() as session:
                        club = await find_club(session, viewer=context.viewer, club_id=club_id)
                    self._remember(key, club.id)
        refuse_strangers(context.viewer, self._clubs[key], what="club")
        return self._clubs[key]

    async def club_of_course(self, context: Context, course_id: UUID) -> UUID:
        """Give the id of the club of a course that the viewer may know of. Raises NotFound."""
        key = (context.viewer.tenant_id, course_id)
        if key not in self._clubs:
            async with self._turn(key):
                if key not in self._clubs:
                    async with context.read() as session:
                        course = await find_course(session, viewer=context.viewer, course_id=course_id)
                    self._remember(key, course.club_id)
        refuse_strangers(context.viewer, self._clubs[key], what="course")
        return self._clubs[key]

    def _turn(self, key: Key) -> asyncio.Lock:
        """Let those who ask for the same take turns while it is not known: the first one asks, the others find it."""
        return self._turns.setdefault(key, asyncio.Lock())

    def _remember(self, key: Key, club_id: UUID) -> None:
        self._clubs[key] = club_id
        if len(self._clubs) > REMEMBERED:
            self._clubs.popitem(last=False)
