"""Letters to households on their way: made ready by what the household is by now, and what became of them."""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from sqlalchemy import Uuid, any_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.mail_links import HOUSEHOLD, MailLinks, Unsubscription
from domain.guests.facts import is_revealed, of_occasion
from domain.guests.mailing.words import BUTTON, DECLINE, WORDS
from domain.notifications.contacts import is_suppressed
from domain.notifications.parcels import SKIPPED, Parcel
from domain.notifications.texts import DATES, LOCALES
from events.guests.households import HouseholdLetterUpdated
from events.log import record
from kit.ids import public_id
from kit.sending import Mail
from models.clubs.tables import Club
from models.clubs.values import Language
from models.deliveries import DeliveryStatus
from models.guests.households import Attendance, Household, Letter
from models.guests.occasions import Occasion, Part
from models.guests.values import LetterKind, OccasionStatus, RsvpStatus

CODE_GROUPS = (0, 5, 9, 13)
"""Where a code is divided, so that people can read it."""
ABOUT = (
    select(Household, Occasion, Part, Club)
    .join(Occasion, Occasion.id == Household.occasion_id)
    .join(Part, Part.occasion_id == Occasion.id)
    .join(Club, Club.id == Occasion.club_id)
    .where(Household.id == bindparam("household_id", type_=Uuid))
)
ABOUT_PART = ABOUT.where(Part.id == bindparam("part_id", type_=Uuid))
ABOUT_ALL = ABOUT.where(or_(Household.part_ids.is_(None), Part.id == any_(Household.part_ids)))
ABOUT_ALL = ABOUT_ALL.order_by(Part.position).limit(1)
"""Of an occasion as a whole, a household is told by the first part that it is invited to."""
ANSWERS = (
    select(Attendance.part_id, Attendance.status, Attendance.decline_until)
    .where(Attendance.household_id == bindparam("household_id", type_=Uuid))
    .distinct()
)
FAILED: Mapping[DeliveryStatus, bool] = MappingProxyType({DeliveryStatus.FAILED: True, DeliveryStatus.SKIPPED: True})


async def pack_letter(
    session: AsyncSession,
    delivery_id: UUID,
    letter: Letter,
    *,
    links: MailLinks | None,
    invitation_url: str,
    now: datetime,
) -> Parcel:
    """Make a letter ready; not one whose household cannot or will not be written to, or that has lost its sense."""
    about = ABOUT_PART if letter.part_id else ABOUT_ALL
    asked = {"household_id": letter.household_id} | ({"part_id": letter.part_id} if letter.part_id else {})
    found = (await session.execute(about, asked)).one_or_none()
    if found is None:  # it is invited to nothing any more
        return SKIPPED
    household, occasion, part, club = found
    rows = list(await session.execute(ANSWERS, {"household_id": household.id}))
    answers = {row.status for row in rows if letter.part_id in {None, row.part_id}}
    if links is None or household.email is None or household.unsubscribed_at is not None:
        return SKIPPED
    if not makes_sense(letter.kind, occasion, part, answers, now=now) or await is_suppressed(session, household.email):
        return SKIPPED
    late = max((row.decline_until for row in rows if row.part_id == part.id and row.decline_until), default=None)
    until = max(late or occasion.rsvp_deadline, occasion.rsvp_deadline)
    declining = until if until > now else None
    subject, *paragraphs = _written(letter.kind, household, occasion, part, ZoneInfo(club.time_zone), declining)
    url = invitation_url.replace("{code}", household.code)
    said = Unsubscription(tenant_id=letter.tenant_id, recipient_id=household.id, what=HOUSEHOLD)
    return Mail(
        id=delivery_id,
        to=household.email,
        language=household.language.value.lower(),
        subject=subject,
        paragraphs=tuple(paragraphs),
        label=BUTTON[household.language] if url else "",
        url=url,
        unsubscribe=links.to_unsubscribe(said),
    )


def makes_sense(kind: LetterKind, occasion: Occasion, part: Part, answers: set[RsvpStatus], *, now: datetime) -> bool:
    """Tell whether a letter is still to be sent: what is over, answered, hidden again or withdrawn is not told."""
    if occasion.status is not OccasionStatus.PUBLISHED or part.ends_at <= now:
        return False
    match kind:
        case LetterKind.RSVP_REMINDER:
            return RsvpStatus.PENDING in answers and now < occasion.rsvp_deadline
        case LetterKind.RSVP_ACCEPTED:
            return RsvpStatus.ACCEPTED in answers
        case LetterKind.SEATING_REVEALED:
            return is_revealed(occasion, now)
        case LetterKind.INVITATION:
            return True


def _written(
    kind: LetterKind,
    household: Household,
    occasion: Occasion,
    part: Part,
    zone: ZoneInfo,
    declining: datetime | None,
) -> list[str]:
    """Write the subject and the paragraphs, in the household's language and by the clock of the club.

    `declining` is until when it may decline, if it may.
    """
    language = household.language
    decline = DECLINE[language].format(until=_moment(declining, language, zone)) if declining else ""
    values = {
        "household": household.name,
        "occasion": occasion.name,
        "place": part.place,
        "starts": _moment(part.starts_at, language, zone),
        "deadline": _moment(occasion.rsvp_deadline, language, zone),
        "code": spaced(household.code),
        "decline": decline,
    }
    lines = (line.format_map(values) for line in WORDS[language][kind])
    return [line for line in lines if line]


def spaced(code: str) -> str:
    """Write a code in three groups."""
    return "-".join(code[begin:end] for begin, end in pairwise(CODE_GROUPS))


def _moment(at: datetime, language: Language, zone: ZoneInfo) -> str:
    local, locale = at.astimezone(zone), LOCALES[language]
    day = format_date(local.date(), DATES[language], locale)
    return f"{day}, {format_time(local, 'short', tzinfo=zone, locale=locale)}"


async def note_letter(session: AsyncSession, *, letter_id: UUID, status: DeliveryStatus, now: datetime) -> None:
    """Note what became of a letter, and tell its planners."""
    letter = await session.get_one(Letter, letter_id)
    occasion = await session.get_one(Occasion, letter.occasion_id)
    letter.status = status
    if status is DeliveryStatus.SENT:
        letter.sent_at = now
    elif FAILED.get(status):
        letter.failed_at = now
    told = HouseholdLetterUpdated(
        **of_occasion(occasion),
        household_id=public_id("household", letter.household_id),
        kind=letter.kind,
        status=status,
        written_at=letter.created_at,
        sent_at=letter.sent_at,
        failed_at=letter.failed_at,
    )
    record(session, told, now=now)
