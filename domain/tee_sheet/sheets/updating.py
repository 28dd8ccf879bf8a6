"""Changing one sheet by hand: its prices, its group sizes, its restrictions, and starts that carry no booking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.tee_sheet.inventory.limits import MOST_TEE_TIMES_A_DAY
from domain.tee_sheet.inventory.prices import stored_prices
from domain.tee_sheet.inventory.problems import NoTeeSheet
from domain.tee_sheet.inventory.restrictions import stored_restrictions
from domain.tee_sheet.sheets.changing import carry_out, lock_sheets, lock_starts
from domain.tee_sheet.sheets.generation import turn_of
from domain.tee_sheet.sheets.plans import SheetPlan, StartState, resize
from domain.tee_sheet.sheets.problems import StartsInUse
from domain.tee_sheet.sheets.restriction_rules import check_restrictions
from domain.tee_sheet.sheets.starts import Start, instant_of
from domain.tee_sheet.sheets.template_rules import check_group_sizes, check_prices
from domain.tee_sheet.sheets.turning import refuse_turning
from kit.errors import InvalidInput
from kit.ids import new_id, public_id
from models.clubs.tables import Club, Course
from models.tee_sheet.desk import SheetChange
from models.tee_sheet.tables import TeeSheet
from models.tee_sheet.values import Price, Restriction


@dataclass(frozen=True, kw_only=True)
class SheetWish:
    """What of a sheet shall change: what is None or empty stays as it is. Starts are added by local time and tee."""

    prices: tuple[Price, ...] | None = None
    group_sizes: frozenset[int] | None = None
    restrictions: tuple[Restriction, ...] | None = None
    remove: Sequence[UUID] = ()
    add: Sequence[tuple[time, int]] = ()


@dataclass(frozen=True, kw_only=True)
class PlannedSheet:
    """A sheet, and what becomes of it, or would."""

    sheet: TeeSheet
    plan: SheetPlan


async def update_sheet(
    session: AsyncSession,
    *,
    viewer: Viewer,
    course_id: UUID,
    day: date,
    wish: SheetWish,
    even_if_turning: bool = False,
    dry_run: bool = False,
    now: datetime,
) -> PlannedSheet:
    """Change a sheet that exists; a dry run tells what would differ, and changes nothing.

    What was sold keeps its price; what is sold from now on has the new one. With other group sizes, starts that nobody
    has get as many places as the largest group; others keep theirs, and are named.
    Raises NotFound, NotAllowed, InvalidInput, NoTeeSheet, StartsInUse, TurnsInTheWay.
    """
    course, sheets = await lock_sheets(session, viewer=viewer, course_id=course_id, first=day, last=day)
    await _check(session, wish, course)
    if not sheets:
        raise NoTeeSheet(path=("input", "date"))
    [sheet] = sheets
    states = (await lock_starts(session, sheets))[sheet.id]
    plan = _plan(sheet, states, wish, now=now)
    if not even_if_turning:
        _refuse_turning(course, states, plan)
    if not dry_run and plan.differs:
        _mark(sheet, plan, wish)
        await carry_out(session, {sheet: plan}, change=SheetChange.UPDATED, by_hand=True, now=now)
    return PlannedSheet(sheet=sheet, plan=plan)


async def _check(session: AsyncSession, wish: SheetWish, course: Course) -> None:
    terms = (wish.prices, wish.group_sizes, wish.restrictions)
    if all(term is None for term in terms) and not wish.remove and not wish.add:
        message = "Say what to change: prices, group sizes, restrictions, or starts to be removed or added."
        raise InvalidInput(message=message, path=("input",))
    if wish.group_sizes is not None:
        check_group_sizes(wish.group_sizes, path=("input",))
    if wish.prices is None and wish.restrictions is None:
        return
    club = await session.get_one(Club, course.club_id)
    if wish.prices is not None:
        check_prices(wish.prices, club=club, path=("input",))
    if wish.restrictions is not None:
        check_restrictions(wish.restrictions, club=club, path=("input",))


def _plan(sheet: TeeSheet, states: Sequence[StartState], wish: SheetWish, *, now: datetime) -> SheetPlan:
    plan = SheetPlan()
    if wish.prices is not None:
        plan.prices = wish.prices if wish.prices != stored_prices(sheet.prices) else None
        plan.is_marked |= not sheet.has_own_prices
    if wish.group_sizes is not None:
        sizes = tuple(sorted(wish.group_sizes))
        plan.group_sizes = sizes if list(sizes) != sheet.group_sizes else None
        plan.is_marked |= not sheet.has_own_group_sizes
    if wish.restrictions is not None:
        plan.restrictions = wish.restrictions if wish.restrictions != stored_restrictions(sheet.restrictions) else None
        plan.is_marked |= not sheet.has_own_restrictions
    plan.removed = _removed(states, wish)
    gone = set(wish.remove)
    staying = [state for state in states if state.id not in gone]
    plan.added = [_added(sheet, staying, at, tee, n, now=now) for n, (at, tee) in enumerate(wish.add)]
    if len(set(plan.added)) < len(plan.added):
        raise InvalidInput(message="Add each start once.", path=("input", "addStarts"))
    if len(staying) + len(plan.added) > MOST_TEE_TIMES_A_DAY:
        message = f"A day has at most {MOST_TEE_TIMES_A_DAY} tee times; add fewer."
        raise InvalidInput(message=message, path=("input", "addStarts"))
    if plan.group_sizes is None:
        plan.stay = staying
    else:
        coming = [state for state in staying if state.starts_at > now]
        plan.stay = [state for state in staying if state.starts_at <= now]
        resize(plan, coming, places=max(plan.group_sizes))
    return plan


def _removed(states: Sequence[StartState], wish: SheetWish) -> list[StartState]:
    known = {state.id: state for state in states}
    missing = next((n for n, key in enumerate(wish.remove) if key not in known), None)
    if missing is not None:
        message = "This tee sheet has no such tee time; choose one of its own."
        raise InvalidInput(message=message, path=("input", "removeTeeTimeIds", str(missing)))
    wanted = [known[key] for key in dict.fromkeys(wish.remove)]
    if in_use := [state for state in wanted if state.in_use or state.sold_before]:
        ids = [public_id("tee_time", state.id) for state in in_use]
        raise StartsInUse(tee_time_ids=ids, path=("input", "removeTeeTimeIds"))
    return wanted


def _added(sheet: TeeSheet, staying: Sequence[StartState], at: time, tee: int, number: int, *, now: datetime) -> Start:
    path = ("input", "addStarts", str(number))
    if at.tzinfo is not None or at.second or at.microsecond:
        message = "Give the start as a wall-clock time in whole minutes, without an offset."
        raise InvalidInput(message=message, path=(*path, "localTime"))
    if not 1 <= tee <= sheet.holes:
        raise InvalidInput(message=f"Choose a tee from 1 to {sheet.holes}.", path=(*path, "tee"))
    starts_at = instant_of(sheet.date, at, zone=ZoneInfo(sheet.time_zone))
    if starts_at is None:
        message = "The clock jumps over this time on this day; choose another."
        raise InvalidInput(message=message, path=(*path, "localTime"))
    if starts_at <= now:
        raise InvalidInput(message="Choose a start that is still to come.", path=(*path, "localTime"))
    if any((state.starts_at, state.tee) == (starts_at, tee) for state in staying):
        raise InvalidInput(message="The sheet has this start already; choose another.", path=path)
    return Start(starts_at, at, tee)


def _refuse_turning(course: Course, states: Sequence[StartState], plan: SheetPlan) -> None:
    """Refuse to add starts where groups turn that started from the other tee. Raises TurnsInTheWay."""
    gone = {state.id for state in plan.removed}
    before = {state.id: (state.starts_at, state.tee) for state in states if state.id not in gone}
    added = {new_id(): (start.starts_at, start.tee) for start in plan.added}
    refuse_turning(before, before | added, put=added, turn=turn_of(course), path=("input", "addStarts"))


def _mark(sheet: TeeSheet, plan: SheetPlan, wish: SheetWish) -> None:
    """Note what of the sheet is the day's own by now, so that making it anew leaves that alone."""
    sheet.has_own_prices |= wish.prices is not None
    sheet.has_own_group_sizes |= wish.group_sizes is not None
    sheet.has_own_restrictions |= wish.restrictions is not None
    zone = ZoneInfo(sheet.time_zone)
    back = {(start.local_time.isoformat(), start.tee) for start in plan.added}
    planned = [(state.planned_at.astimezone(zone).time(), state.tee) for state in plan.removed if not state.is_by_hand]
    gone = [{"local_time": at.isoformat(), "tee": tee} for at, tee in planned]
    kept = [row for row in sheet.removed_starts if (row["local_time"], row["tee"]) not in back]
    if gone or len(kept) < len(sheet.removed_starts):
        sheet.removed_starts = [*kept, *gone]
