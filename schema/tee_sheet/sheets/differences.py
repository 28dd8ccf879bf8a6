"""What becomes of a tee sheet that is changed or made anew."""

import datetime as dt
from collections.abc import Iterable
from typing import Self

import strawberry

from domain.tee_sheet.sheets.plans import StartState
from domain.tee_sheet.sheets.starts import Start
from domain.tee_sheet.sheets.updating import PlannedSheet
from kit.ids import public_id
from models.tee_sheet.desk import StartKept
from schema.describe import enum, listed, output
from schema.tee_sheet.inventory.restrictions import StartRestriction, shown_restrictions
from schema.tee_sheet.sheets.types import ClassPrice, shown_prices

enum(StartKept)


@output
class SheetStart:
    """A start of a tee sheet, by its place on it."""

    local_time: dt.time
    """The start on the course's clock."""
    tee: int
    """The hole that the group starts from."""


@output
class KeptStart:
    """A start that was left as it was."""

    tee_time_id: strawberry.ID
    """The tee time."""
    local_time: dt.time
    """The start on the course's clock."""
    tee: int
    """The hole that the group starts from."""
    reason: StartKept
    """Why it was left."""


@output
class SheetDifferences:
    """What becomes of a tee sheet, or would. Starts are in the order of time and tee."""

    date: dt.date
    """The day on the course's calendar."""
    differs: bool
    """Whether anything becomes another than it was."""
    prices: list[ClassPrice] | None = listed(entries=6)
    """What it sells from now on; none if that stays."""
    group_sizes: list[int] | None
    """How many players a booking may have from now on; none if that stays."""
    restrictions: list[StartRestriction] | None = listed(entries=4)
    """What is asked of who wants some of its starts from now on; none if that stays."""
    added_starts: list[SheetStart] = listed(entries=20)
    """Starts that come."""
    removed_starts: list[SheetStart] = listed(entries=20)
    """Starts that go."""
    resized_starts: list[SheetStart] = listed(entries=20)
    """Starts that get another number of places."""
    kept_starts: list[KeptStart] = listed(entries=20)
    """Starts that should go, or get another number of places, and were left as they are."""
    left_out_starts: list[SheetStart] = listed(entries=20)
    """Starts of the template that do not come, as one that stays is closer than the template's interval."""
    keeps_own_prices: bool
    """Whether the template has other prices, and the day keeps its own."""
    keeps_own_group_sizes: bool
    """Whether the template has other group sizes, and the day keeps its own."""
    keeps_own_restrictions: bool
    """Whether the template has other restrictions, and the day keeps its own."""

    @classmethod
    def of(cls, done: PlannedSheet) -> Self:
        """Show what was planned for a sheet."""
        plan, currency = done.plan, done.sheet.currency
        return cls(
            date=done.sheet.date,
            differs=plan.differs,
            prices=None if plan.prices is None else shown_prices(plan.prices, currency=currency),
            group_sizes=None if plan.group_sizes is None else list(plan.group_sizes),
            restrictions=None if plan.restrictions is None else shown_restrictions(plan.restrictions),
            added_starts=_starts(plan.added),
            removed_starts=_starts(plan.removed),
            resized_starts=_starts(plan.resized),
            kept_starts=[
                KeptStart(
                    tee_time_id=strawberry.ID(public_id("tee_time", state.id)),
                    local_time=state.local_time,
                    tee=state.tee,
                    reason=reason,
                )
                for state, reason in sorted(plan.kept, key=lambda kept: (kept[0].starts_at, kept[0].tee))
            ],
            left_out_starts=_starts(plan.left_out),
            keeps_own_prices=plan.keeps_own_prices,
            keeps_own_group_sizes=plan.keeps_own_group_sizes,
            keeps_own_restrictions=plan.keeps_own_restrictions,
        )


def _starts(found: Iterable[Start | StartState]) -> list[SheetStart]:
    ordered = sorted(found, key=lambda start: (start.starts_at, start.tee))
    return [SheetStart(local_time=start.local_time, tee=start.tee) for start in ordered]
