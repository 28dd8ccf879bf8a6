"""Writing to households: invitations, and reminders before the deadline, when planners like or by themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import lock_occasion, no_such
from domain.guests.facts import household_state
from domain.guests.letters import write_letters
from domain.guests.places.parts import read_parts
from domain.guests.problems import DeadlinePassed, OccasionNotOpen
from domain.guests.records import note_activity
from events.guests.households import HouseholdUpdated
from events.log import record
from kit.errors import InvalidInput
from models.guests.households import Attendance, Household, Letter
from models.guests.occasions import Occasion, Part
from models.guests.values import ActivityKind, LetterKind, OccasionStatus, RsvpStatus

WRITTEN_BY_PLANNERS = frozenset({LetterKind.INVITATION, LetterKind.RSVP_REMINDER})
REMINDED_BEFORE = timedelta(days=3)
"""How long before the deadline those who have not answered are reminded by themselves."""
HOUSEHOLDS = (
    select(Household)
    .where(Household.occasion_id == bindparam("occasion_id", type_=Uuid))
    .order_by(Household.name, Household.id)
    .with_for_update(key_share=True)
)
UNDECIDED = (
    select(Attendance.household_id)
    .where(
        Attendance.occasion_id == bindparam("occasion_id", type_=Uuid),
        Attendance.status == RsvpStatus.PENDING,
    )
    .distinct()
)
LETTERS = (
    select(Letter).where(Letter.household_id == any_(bindparam("ids", type_=ARRAY(Uuid)))).order_by(Letter.id.desc())
)


@dataclass(frozen=True, kw_only=True)
class Mailing:
    """What was written, and to whom nothing could be, as they have no e-mail address."""

    households: list[Household]
    unreachable: list[Household]


async def send_invitations(
    session: AsyncSession,
    *,
    viewer: Viewer,
    occasion_id: UUID,
    kind: LetterKind = LetterKind.INVITATION,
    household_ids: Sequence[UUID] = (),
    now: datetime,
) -> Mailing:
    """Write to the households that are named, or to all whom it concerns: to who was not invited yet, or is undecided.

    Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, DeadlinePassed for a reminder that would come too late.
    """
    if kind not in WRITTEN_BY_PLANNERS:
        raise InvalidInput(
            message="This is written by itself, when it happens; choose what planners send.", path=("input", "kind")
        )
    occasion = await lock_occasion(session, viewer=viewer, occasion_id=occasion_id)
    if occasion.status is not OccasionStatus.PUBLISHED:
        raise OccasionNotOpen(status=occasion.status)
    if kind is LetterKind.RSVP_REMINDER and now > occasion.rsvp_deadline:
        raise DeadlinePassed(message="The time to answer is over; move the deadline first.")
    found = {one.id: one for one in await session.scalars(HOUSEHOLDS, {"occasion_id": occasion.id})}
    if not found.keys() >= set(household_ids):
        raise no_such("household")
    if household_ids:
        wanted = [found[household_id] for household_id in dict.fromkeys(household_ids)]
    else:
        wanted = await _concerned(session, occasion, kind, found.values())
    mailing = await _write(session, occasion, kind, wanted, now=now)
    count = len(mailing.households)
    if count:
        note_activity(session, occasion, ActivityKind.INVITATIONS_SENT, viewer=viewer, count=count, now=now)
    return mailing


async def _concerned(
    session: AsyncSession, occasion: Occasion, kind: LetterKind, households: Iterable[Household]
) -> list[Household]:
    if kind is LetterKind.INVITATION:
        return [one for one in households if one.invited_at is None]
    undecided = set(await session.scalars(UNDECIDED, {"occasion_id": occasion.id}))
    return [one for one in households if one.id in undecided]


async def _write(
    session: AsyncSession, occasion: Occasion, kind: LetterKind, wanted: Sequence[Household], *, now: datetime
) -> Mailing:
    reached = [one for one in wanted if one.email]
    parts: list[Part] = await read_parts(session, occasion.id) if reached else []
    write_letters(session, occasion, kind, [one.id for one in reached], now=now)
    if kind is LetterKind.INVITATION:
        for household in reached:
            household.invited_at = now
    record(session, *(household_state(HouseholdUpdated, occasion, one, parts) for one in reached), now=now)
    return Mailing(households=reached, unreachable=[one for one in wanted if not one.email])


async def due_reminders(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """Find the occasions, of whatever tenants, whose undecided households are to be reminded. Across tenants."""
    due = select(Occasion.tenant_id, Occasion.id).where(
        Occasion.status == OccasionStatus.PUBLISHED,
        Occasion.rsvp_deadline > now,
        Occasion.rsvp_deadline <= now + REMINDED_BEFORE,
        Occasion.reminded_at.is_(None),
    )
    found = await session.execute(due.order_by(Occasion.id))
    return [(tenant_id, occasion_id) for tenant_id, occasion_id in found]


async def remind_undecided(session: AsyncSession, *, occasion_id: UUID, now: datetime) -> None:
    """Remind who was invited and has not answered, once, three days before the deadline; nobody behind it."""
    lock = select(Occasion).where(Occasion.id == occasion_id).with_for_update(key_share=True)
    occasion = await session.scalar(lock)
    if occasion is None or occasion.status is not OccasionStatus.PUBLISHED or occasion.reminded_at is not None:
        return
    if not occasion.rsvp_deadline - REMINDED_BEFORE <= now < occasion.rsvp_deadline:
        return
    occasion.reminded_at = now
    households = list(await session.scalars(HOUSEHOLDS, {"occasion_id": occasion.id}))
    undecided = await _concerned(session, occasion, LetterKind.RSVP_REMINDER, households)
    invited = [one for one in undecided if one.invited_at is not None]
    mailing = await _write(session, occasion, LetterKind.RSVP_REMINDER, invited, now=now)
    if mailing.households:
        kind, count = ActivityKind.INVITATIONS_SENT, len(mailing.households)
        note_activity(session, occasion, kind, viewer=None, count=count, now=now)


async def letters_of(session: AsyncSession, household_ids: Iterable[UUID]) -> dict[UUID, list[Letter]]:
    """Read what was written to households, the newest first."""
    found: dict[UUID, list[Letter]] = {household_id: [] for household_id in household_ids}
    for letter in await session.scalars(LETTERS, {"ids": list(found)}):
        found[letter.household_id].append(letter)
    return found
