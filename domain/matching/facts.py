"""Facts about hosted tee times, made from their rows, and what people are told of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from domain.notifications.notifications import notify
from events.matching.hosted import HostedState, PlaceFact, RequestFact
from kit.ids import public_id
from models.matching.golfers import Golfer
from models.matching.hosted import HostedTeeTime
from models.matching.values import Industry
from models.notifications import NotificationKind

INDUSTRIES = tuple(Industry)


def mask_of(industries: Iterable[Industry]) -> int:
    """Write lines of work as a bit mask; 0 is open to all."""
    return sum(1 << INDUSTRIES.index(one) for one in set(industries))


def industries_of(mask: int) -> tuple[Industry, ...]:
    """Read a bit mask of lines of work."""
    return tuple(one for number, one in enumerate(INDUSTRIES) if mask >> number & 1)


def hosted_id(row: HostedTeeTime) -> str:
    """Give the public id of a hosted tee time."""
    return public_id("hosted_tee_time", row.id)


def state_of(row: HostedTeeTime) -> dict[str, Any]:
    """Give what each fact of a tee time's state says."""
    names = ("place_name", "starts_at", "places", "open_places", "skill_level", "needs_approval", "notes", "status")
    shown = {name: getattr(row, name) for name in names}
    return {"tee_time_id": hosted_id(row), "industries": industries_of(row.industry_mask), **shown}


def state_fact(kind: type[HostedState], row: HostedTeeTime, **more: Any) -> HostedState:
    """State how a tee time is by now."""
    return kind(**state_of(row), **more)


def named(golfer: Golfer) -> dict[str, Any]:
    """Give what facts about a golfer say of who that is."""
    return {
        "golfer_id": public_id("golfer", golfer.id),
        "golfer_name": golfer.name,
        "golfer_picture_id": picture_id_of(golfer),
    }


def picture_id_of(golfer: Golfer) -> str | None:
    """Give the public id of a golfer's photo, if there is one."""
    return public_id("picture", golfer.picture_id) if golfer.picture_id else None


def place_fact(kind: type[PlaceFact], row: HostedTeeTime, golfer: Golfer, slot_number: int) -> PlaceFact:
    """State that a place was taken or came free."""
    return kind(
        tee_time_id=hosted_id(row),
        slot_number=slot_number,
        open_places=row.open_places,
        status=row.status,
        **named(golfer),
    )


def request_fact(kind: type[RequestFact], row: HostedTeeTime, golfer: Golfer, **more: Any) -> RequestFact:
    """State something of a question to join."""
    return kind(tee_time_id=hosted_id(row), **named(golfer), **more)


async def tell(
    session: AsyncSession,
    kind: NotificationKind,
    row: HostedTeeTime,
    to: Iterable[Golfer],
    *,
    about: Golfer | None = None,
    now: datetime,
    **more: Any,
) -> None:
    """Tell golfers of something about a tee time, or `about` what another golfer did there, after its facts."""
    users = [golfer.user_id for golfer in to]
    if not users:
        return
    local = row.starts_at.astimezone(ZoneInfo(row.time_zone))
    data = {
        "tee_time_id": hosted_id(row),
        "course": row.place_name,
        "date": local.date().isoformat(),
        "time": f"{local:%H:%M}",
        **(_who(about) if about else {}),
        **more,
    }
    await notify(session, tenant_id=row.tenant_id, kind=kind, data=data, users=users, now=now)


def _who(golfer: Golfer) -> dict[str, Any]:
    """Say who did something, as a lock screen may: an employer that is hidden is not even kept."""
    first, _, last = golfer.name.partition(" ")
    short = f"{first} {last[0]}." if last else first
    employer = golfer.employer if golfer.employer and not golfer.hides_employer else None
    return {"golfer_id": public_id("golfer", golfer.id), "golfer": short, "employer": employer}
