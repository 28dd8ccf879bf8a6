"""Taking a golfer who was erased out of what was told before: behind the change, a stream at a time."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.matching.erasing import FORMER
from domain.notifications.erasing import rename_golfer, texts_by_id
from events.base import Event
from events.log import record
from events.matching.golfers import GolferErased, GolferFact, GolferForgotten, RatingShown
from events.matching.hosted import HostedFact, hosted_room
from events.matching.messages import TeeTimeGolferErased
from events.notifications import NotificationCreated, NotificationText, UserEvent, user_stream
from events.rewriting import rewrite_log, without_texts
from kit.ids import parse_id, public_id
from kit.jobs import gather
from models.matching.hosted import HostedTeeTime

FORGET_IN = "forget_golfer_in_stream"
"""Taking a golfer out of one stream, whose name is the job's `id`."""
SAYS: Mapping[str, Mapping[str, str | None]] = MappingProxyType(
    {
        "golfer_id": {"golfer_name": FORMER, "golfer_picture_id": None, "text": ""},
        "host_id": {"host_name": FORMER, "host_picture_id": None, "notes": ""},
    }
)
"""What facts say of whom they name by these ids, and what they say instead."""
BY_HOST: Mapping[str, str] = MappingProxyType({"notes": "", "reason": ""})
"""What facts of a hosted tee time say in its host's words, and what they say instead."""
MENTIONING = text("""
    SELECT name FROM streams s
    WHERE (name LIKE 'user:%' OR name LIKE 'tee-time:%' OR name LIKE 'network:%')
        AND EXISTS (SELECT FROM events e WHERE e.stream_id = s.id AND strpos(e.data::text, :golfer) > 0)
""").bindparams(bindparam("golfer", type_=Text))
HOSTED = select(HostedTeeTime.id).where(HostedTeeTime.host_id == bindparam("golfer_id", type_=Uuid))


async def find_what_was_told(session: AsyncSession, *, golfer_id: UUID, stream_id: str) -> None:
    """Find the streams that say something of a golfer, and have each rewritten; `stream_id` names the golfer's own."""
    public = public_id("golfer", golfer_id)
    told = {
        user_stream(user): ids for user, ids in (await rename_golfer(session, golfer_id=public, name=FORMER)).items()
    }
    hosted = {
        hosted_room(public_id("hosted_tee_time", one))
        for one in await session.scalars(HOSTED, {"golfer_id": golfer_id})
    }
    own = user_stream(stream_id)
    streams = {own, *told, *hosted, *await session.scalars(MENTIONING, {"golfer": public})}
    for stream in sorted(streams):
        about = {"golfer_id": str(golfer_id), "told": told.get(stream, []), "is_theirs": stream in {own, *hosted}}
        gather(session, FORGET_IN, [stream], each=True, **about)


async def forget_in(
    session: AsyncSession, *, stream: str, golfer_id: UUID, told: Collection[str], is_theirs: bool, now: datetime
) -> None:
    """Let a stream say nothing of a golfer any more. Done twice, it says so once.

    `told` are notifications of the stream that speak of the golfer; `is_theirs` is for the golfer's own stream, and for
    those of the tee times that they hosted.
    """
    public = public_id("golfer", golfer_id)
    texts = await texts_by_id(session, [parse_id("notification", one) for one in told], now=now)
    forgetting = Forgetting(public, {one: texts.get(one, ()) for one in told}, is_theirs=is_theirs)
    ids = [""] if is_theirs else [public, *told]
    if await rewrite_log(session, stream, ids, forgetting):
        record(session, _marker(stream, public), now=now)


def _marker(stream: str, public: str) -> Event:
    """Say by the stream's own fact that it says less now."""
    kind, _, about = stream.partition(":")
    if kind == "user":
        return GolferErased(user_id=about, golfer_id=public)
    if kind == "tee-time":
        return TeeTimeGolferErased(tee_time_id=about, golfer_id=public)
    return GolferForgotten(tenant_id=about, golfer_id=public)


class Forgetting:
    """Says what facts say from now on: nothing of who is gone."""

    def __init__(self, golfer_id: str, told: Mapping[str, tuple[NotificationText, ...]], *, is_theirs: bool) -> None:
        """Take the golfer, what notifications of others say instead, and whether all of the stream is the golfer's."""
        self._golfer_id, self._told, self._is_theirs = golfer_id, told, is_theirs

    def __call__(self, fact: Event) -> Event:
        """Give what a fact says from now on."""
        if self._is_theirs and isinstance(fact, UserEvent):
            is_of_golf = isinstance(fact, GolferFact | RatingShown | NotificationCreated)
            return without_texts(fact) if is_of_golf else fact
        if isinstance(fact, NotificationCreated) and fact.notification_id in self._told:
            said = self._told[fact.notification_id]
            title, body = (said[0].title, said[0].body) if said else ("", "")
            return replace(fact, title=title, body=body, texts=said)
        says: dict[str, Any] = {}
        for name, texts in SAYS.items():
            if getattr(fact, name, None) == self._golfer_id:
                says |= texts
        if self._is_theirs and isinstance(fact, HostedFact):
            says |= BY_HOST
        left = {name: text for name, text in says.items() if getattr(fact, name, None)}
        return replace(fact, **left)
