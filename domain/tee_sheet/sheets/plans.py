"""What becomes of the starts of a sheet that is changed: which come, which go, and which are left as they are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from domain.tee_sheet.sheets.starts import Start
from models.tee_sheet.desk import StartKept
from models.tee_sheet.values import Price, Restriction

Key = tuple[datetime, int]
"""The moment that a start was planned for, and its tee."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartState:
    """A start as it is, with what stands against its going."""

    id: UUID
    starts_at: datetime
    local_time: time
    tee: int
    places: int
    is_by_hand: bool = False
    """Whether it was squeezed in or added, and no template planned it."""
    delayed_minutes: int = 0
    booked: bool = False
    held: bool = False
    blocked: bool = False
    sold_before: bool = False
    """Whether a booking that was cancelled, or an offer, tells of it still."""
    noted: bool = False
    """Whether the staff have noted something on it."""

    @property
    def in_use(self) -> StartKept | None:
        """Why its places are not to be touched."""
        if self.booked:
            return StartKept.BOOKED
        if self.held:
            return StartKept.HELD
        return StartKept.BLOCKED if self.blocked else None

    @property
    def planned_at(self) -> datetime:
        """The moment that it was planned for, in UTC."""
        return self.starts_at - timedelta(minutes=self.delayed_minutes)

    @property
    def is_off_plan(self) -> bool:
        """Whether it was added by hand, or starts at another moment than it was planned for."""
        return self.is_by_hand or self.delayed_minutes > 0


@dataclass(kw_only=True)
class SheetPlan:
    """What becomes of one sheet. What is None of it stays as it is."""

    added: list[Start] = field(default_factory=list)
    removed: list[StartState] = field(default_factory=list)
    resized: list[StartState] = field(default_factory=list)
    stay: list[StartState] = field(default_factory=list)
    kept: list[tuple[StartState, StartKept]] = field(default_factory=list)
    """What should have gone, or have other places, and stays as it is for a reason."""
    left_out: list[Start] = field(default_factory=list)
    """Starts of the template that are not made: they lie closer to one that stays than the template's interval."""
    prices: tuple[Price, ...] | None = None
    group_sizes: tuple[int, ...] | None = None
    restrictions: tuple[Restriction, ...] | None = None
    keeps_own_prices: bool = False
    keeps_own_group_sizes: bool = False
    keeps_own_restrictions: bool = False
    is_marked: bool = False
    """Whether it changes what of the sheet is the day's own."""

    @property
    def differs(self) -> bool:
        """Whether anything is to be done."""
        anything = (self.added, self.removed, self.resized, self.is_marked)
        terms = (self.prices, self.group_sizes, self.restrictions)
        return any(anything) or any(term is not None for term in terms)


def resize(plan: SheetPlan, states: Iterable[StartState], *, places: int) -> None:
    """Plan other numbers of places for the starts that stay; those in use are left as they are."""
    for state in states:
        if state.places == places:
            plan.stay.append(state)
        elif state.in_use:
            plan.kept.append((state, state.in_use))
        else:
            plan.resized.append(state)


def regenerate(
    plan: SheetPlan,
    states: Sequence[StartState],
    wanted: Iterable[Start],
    *,
    places: int,
    interval: timedelta,
    removed: Collection[tuple[time, int]],
    even_by_hand: bool,
    now: datetime,
) -> None:
    """Plan the starts of a sheet anew: those to come that the template has, and those that cannot go.

    `removed` are starts that were taken off by hand, by local time and tee. Starts that have come are left alone.
    """
    coming = {(start.starts_at, start.tee): start for start in wanted if start.starts_at > now}
    old: dict[Key, StartState] = {}
    for state in sorted(states, key=lambda state: state.is_by_hand):
        old.setdefault((state.planned_at, state.tee), state)
    matched = [state for key, state in old.items() if key in coming]
    there = {state.id for state in matched}
    for state in (state for state in states if state.id not in there):
        _end(plan, state, even_by_hand=even_by_hand, now=now)
    resize(plan, matched, places=places)
    off_plan = [state for state, _ in plan.kept] + [state for state in matched if state.is_off_plan]
    taken = _by_tee(off_plan)
    for key, start in coming.items():
        if key in old or ((start.local_time, start.tee) in removed and not even_by_hand):
            continue
        close = any(abs(at - start.starts_at) < interval for at in taken.get(start.tee, ()))
        (plan.left_out if close else plan.added).append(start)


def _end(plan: SheetPlan, state: StartState, *, even_by_hand: bool, now: datetime) -> None:
    if state.starts_at <= now:
        plan.stay.append(state)
        return
    by_hand = StartKept.BY_HAND if (state.is_off_plan or state.noted) and not even_by_hand else None
    reason = state.in_use or by_hand or (StartKept.SOLD_BEFORE if state.sold_before else None)
    if reason:
        plan.kept.append((state, reason))
    else:
        plan.removed.append(state)


def _by_tee(states: Iterable[StartState]) -> Mapping[int, list[datetime]]:
    found: dict[int, list[datetime]] = {}
    for state in states:
        found.setdefault(state.tee, []).append(state.starts_at)
    return found
