"""Making occasions, changing them, publishing and closing them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import find_club_to_plan_for, lock_occasion, refuse_closed
from domain.guests.facts import is_revealed, occasion_state
from domain.guests.occasions.checks import MOST_PLANNERS, QuestionWish, clean_questions
from domain.guests.occasions.parts import PartWish, new_part
from domain.guests.places.parts import lock_parts, read_parts
from domain.guests.places.queue import move_up
from domain.guests.places.seats import seats_of, tell_seat
from domain.guests.places.telling import tell_updated
from domain.guests.problems import OccasionNotOpen
from domain.guests.records import note_activity
from events.guests.occasions import OccasionCreated
from events.log import record
from kit.errors import InvalidInput
from kit.ids import new_id
from kit.text import camel, check_key, clean_name
from models.clubs.values import Language
from models.guests.occasions import Occasion, OccasionPlanner
from models.guests.values import ActivityKind, OccasionKind, OccasionStatus


class OccasionData(TypedDict, total=False):
    """The data of an occasion: what is left out, or None, stays; a moment of the reveal that is None is unset."""

    name: str | None
    kind: OccasionKind | None
    language: Language | None
    rsvp_deadline: datetime | None
    questions: Sequence[QuestionWish] | None
    planners: Sequence[str] | None
    reveal_seating_at: datetime | None


async def create_occasion(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club_id: UUID,
    name: str,
    kind: OccasionKind,
    rsvp_deadline: datetime,
    part: PartWish,
    language: Language | None = None,
    questions: Sequence[QuestionWish] = (),
    planners: Sequence[str] = (),
    occasion_id: UUID | None = None,
    now: datetime,
) -> Occasion:
    """Make an occasion with its first part, which is the main one; whoever makes it plans it.

    The id is a new one unless given.

    Raises NotFound, NotAllowed, InvalidInput.
    """
    club = await find_club_to_plan_for(session, viewer=viewer, club_id=club_id)
    occasion = Occasion(
        id=occasion_id or new_id(),
        tenant_id=club.tenant_id,
        club_id=club.id,
        name=clean_name(name, path=("input", "name"), longest=200),
        kind=kind,
        language=language or club.language,
        status=OccasionStatus.DRAFT,
        rsvp_deadline=rsvp_deadline,
        questions=clean_questions(questions, [], ("input", "questions")),
        check_in_key=token_hex(32),
        guest_count=0,
        table_count=0,
        next_check_in_number=1,
        created_by=viewer.user_id,
        created_at=now,
        updated_at=now,
    )
    session.add(occasion)
    first = new_part(occasion, part, position=1, path=("input", "part"), now=now)
    session.add(first)
    people = {*_checked(planners), viewer.user_id}
    _add_planners(session, occasion, people, now=now)
    told = occasion_state(OccasionCreated, occasion, [first], now=now, planners=tuple(sorted(people)))
    record(session, told, now=now)
    note_activity(session, occasion, ActivityKind.OCCASION_CREATED, viewer=viewer, count=1, now=now)
    return occasion


def _checked(planners: Sequence[str]) -> list[str]:
    path = ("input", "planners")
    if len(set(planners)) > MOST_PLANNERS:
        raise InvalidInput(message=f"Name {MOST_PLANNERS} people at the most who plan the occasion.", path=path)
    return [check_key(user, path=(*path, str(number))) for number, user in enumerate(planners)]


def _add_planners(session: AsyncSession, occasion: Occasion, users: Collection[str], *, now: datetime) -> None:
    session.add_all(
        OccasionPlanner(
            id=new_id(), tenant_id=occasion.tenant_id, occasion_id=occasion.id, user_id=user, created_at=now
        )
        for user in sorted(users)
    )


async def update_occasion(
    session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, now: datetime, **values: Unpack[OccasionData]
) -> Occasion:
    """Change what is set of an occasion. A planner who is left out of `planners` hears no more of it.

    Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen for a closed one.
    """
    occasion = await lock_occasion(session, viewer=viewer, occasion_id=occasion_id)
    refuse_closed(occasion)
    clean = _cleaned(occasion, values)
    wanted = clean.pop("planners", None)
    gone = await _set_planners(session, occasion, wanted, now=now) if wanted is not None else None
    changed = [name for name, value in clean.items() if getattr(occasion, name) != value]
    parts = await read_parts(session, occasion.id)
    seated = await seats_of(session, occasion) if "reveal_seating_at" in changed else []
    was_revealed = is_revealed(occasion, now)
    for name in changed:
        setattr(occasion, name, clean[name])
    if "rsvp_deadline" in changed:
        occasion.reminded_at = None  # whoever has not answered is reminded of the new one
    people = None if gone is None else tuple(sorted(set(wanted or ())))
    changed += [] if gone is None else ["planners"]
    if changed:
        occasion.updated_at = now
        news = list(map(camel, changed))
        await tell_updated(session, occasion, parts, news, planners=people, planners_gone=gone or (), now=now)
        if is_revealed(occasion, now) and not was_revealed:  # the moment that was set is over already
            for place in seated:
                tell_seat(session, occasion, place, now=now)
        note_activity(session, occasion, ActivityKind.OCCASION_UPDATED, viewer=viewer, count=1, now=now)
    return occasion


def _cleaned(occasion: Occasion, values: OccasionData) -> dict[str, Any]:
    clean: dict[str, Any] = {
        name: value for name, value in values.items() if value is not None or name == "reveal_seating_at"
    }
    if "name" in clean:
        clean["name"] = clean_name(clean["name"], path=("input", "name"), longest=200)
    if "questions" in clean:
        clean["questions"] = clean_questions(clean["questions"], occasion.questions, ("input", "questions"))
    if "planners" in clean:
        clean["planners"] = _checked(clean["planners"])
    return clean


async def _set_planners(
    session: AsyncSession, occasion: Occasion, wanted: Collection[str], *, now: datetime
) -> tuple[str, ...] | None:
    """Make these the planners; gives those who are it no more, and None where nothing changes."""
    mine = OccasionPlanner.occasion_id == occasion.id
    present = set(await session.scalars(select(OccasionPlanner.user_id).where(mine)))
    gone = present.difference(wanted)
    if present == set(wanted):
        return None
    if gone:
        await session.execute(delete(OccasionPlanner).where(mine, OccasionPlanner.user_id.in_(gone)))
    _add_planners(session, occasion, set(wanted) - present, now=now)
    return tuple(sorted(gone))


async def publish_occasion(session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, now: datetime) -> Occasion:
    """Let guests open their invitations and answer, for the first time or again. Does nothing where they may already.

    Raises NotFound, NotAllowed.
    """
    occasion = await lock_occasion(session, viewer=viewer, occasion_id=occasion_id)
    was_closed = occasion.status is OccasionStatus.CLOSED
    await _set_status(session, occasion, OccasionStatus.PUBLISHED, ActivityKind.OCCASION_PUBLISHED, viewer, now=now)
    if was_closed:  # places may have come free meanwhile
        for part in (await lock_parts(session, occasion_id=occasion.id)).values():
            await move_up(session, occasion, part, now=now)
    return occasion


async def close_occasion(session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, now: datetime) -> Occasion:
    """Close an occasion, which can be read from then on, and not changed; publishing it again takes that back.

    Raises NotFound, NotAllowed, OccasionNotOpen for a draft.
    """
    occasion = await lock_occasion(session, viewer=viewer, occasion_id=occasion_id)
    if occasion.status is OccasionStatus.DRAFT:
        raise OccasionNotOpen(
            message="A draft is not open yet; leave it as it is, or publish it first.", status=occasion.status
        )
    await _set_status(session, occasion, OccasionStatus.CLOSED, ActivityKind.OCCASION_CLOSED, viewer, now=now)
    return occasion


async def _set_status(
    session: AsyncSession,
    occasion: Occasion,
    status: OccasionStatus,
    kind: ActivityKind,
    viewer: Viewer,
    *,
    now: datetime,
) -> None:
    if occasion.status is status:
        return
    parts = await read_parts(session, occasion.id)
    occasion.status, occasion.updated_at = status, now
    await tell_updated(session, occasion, parts, ["status"], now=now)
    note_activity(session, occasion, kind, viewer=viewer, count=1, now=now)
