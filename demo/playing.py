"""The demo's day of play: groups arrive, go out, report their holes and come in by the clock.

When each of them does what follows from the sheet alone, so that it is the same whenever the demo is loaded. A group
that somebody else has done something to is left to them.
"""

import random
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import text

from auth.viewer import Role
from demo.clubs import COURSES
from demo.people import MAIN_CLUB_ID, OWNER, SECOND_CLUB_ID, TENANT_ID, DemoPerson
from domain.history import makers_of
from domain.journeys.bookings import check_in, mark_no_show, record_hole, tee_off
from events.work import UnitOfWork
from kit.errors import Problem
from models.tee_sheet.values import BookingStatus

STARTER = DemoPerson(
    label="The day's play",
    user_id="demo-play",
    roles=frozenset({Role.STAFF}),
    club_ids=frozenset({MAIN_CLUB_ID, SECOND_CLUB_ID}),
)
"""Who does all this. Nobody signs in as them."""
LEFT_TO_US = frozenset({None, OWNER.user_id, STARTER.user_id})
EARLIEST = timedelta(minutes=40)
"""No group arrives longer before its start."""
FULL_ROUND = 18
SLOW = 4
"""Which of nine groups plays so slowly that it is noticed; the others are a little faster than expected of them."""
BEHIND = timedelta(minutes=7)
"""A group completes a hole at least so long after the group ahead: nobody plays through."""
KEPT = 2
"""How many holes a group reports that are long over: its last, and one by which its gap is known."""
GROUPS = text("""
    SELECT b.id, b.status, b.holes, t.course_id, t.date, s.starts_at, s.tee, t.holes AS course_holes,
        c.minutes_for_9_holes, c.minutes_for_18_holes, coalesce(r.holes_completed, 0) AS completed,
        (SELECT array_agg(p.position ORDER BY p.position) FROM booking_players p WHERE p.booking_id = b.id) AS players
    FROM bookings b
    JOIN tee_times s ON s.id = b.tee_time_id
    JOIN tee_sheets t ON t.id = s.sheet_id
    JOIN courses c ON c.id = t.course_id
    LEFT JOIN rounds r ON r.booking_id = b.id
    WHERE t.course_id = ANY(:courses) AND t.is_online AND b.status <> 'CANCELLED'
        AND NOT EXISTS (SELECT FROM suspensions h WHERE h.course_id = t.course_id AND h.resumed_at IS NULL)
        AND t.date = (CAST(:now AS timestamptz) AT TIME ZONE t.time_zone)::date AND s.starts_at <= :latest
    ORDER BY t.course_id, s.tee, s.starts_at, b.id
""")


class Day(NamedTuple):
    """When a group does what: it arrives, tees off, and completes its holes, the first of its round first."""

    arrives_at: datetime
    tees_off_at: datetime
    holes: tuple[datetime, ...]
    is_short: bool
    """Whether its last player does not come."""


@dataclass(frozen=True)
class Act:
    """Something that a group does, at its moment."""

    at: datetime
    run: Any


async def play_on(work: UnitOfWork, *, now: datetime) -> int:
    """Let the groups of today do what they should have done by now; gives how much that was.

    What the rules refuse is left out, and tried again at the next. Where play is suspended, nobody does anything until
    it goes on. Two at once do nothing twice.
    """
    async with work.change(TENANT_ID) as change:
        given = {"courses": list(COURSES), "now": now, "latest": now + EARLIEST}
        groups = (await change.session.execute(GROUPS, given)).all()
        makers = await makers_of(change.session, [group.id for group in groups])
    theirs = {key for key, made in makers.items() if made and made.changed_by not in LEFT_TO_US}
    acts = [act for group, day in days(groups) if group.id not in theirs for act in due(group, day, now=now)]
    done = 0
    for act in sorted(acts, key=lambda one: one.at):
        with suppress(Problem):
            async with work.change(TENANT_ID) as change:
                await act.run(change.session, viewer=STARTER.viewer(now=now), now=act.at)
            done += 1
    return done


def days(groups: Iterable[Any]) -> Iterable[tuple[Any, Day]]:
    """Say when each group does what. They come by course, tee and start; none overtakes the one ahead of it."""
    for _, on_tee in groupby(groups, key=attrgetter("course_id", "tee")):
        before: Day | None = None
        for number, (_, together) in enumerate(groupby(on_tee, key=attrgetter("starts_at"))):
            here = [(group, day_of(group, before, is_slow=number % 9 == SLOW)) for group in together]
            yield from here
            before = here[-1][1]


def day_of(group: Any, before: Day | None, *, is_slow: bool) -> Day:
    """Say when a group does what, behind the group that started before it from the same tee."""
    rng = random.Random(f"{group.course_id} {group.starts_at} {group.tee}")  # noqa: S311 - the same day, and no secret
    arrives_at = group.starts_at - timedelta(minutes=rng.randint(8, 35))
    tees_off_at = group.starts_at + timedelta(minutes=rng.randint(0, 3))
    minutes = group.minutes_for_18_holes if group.holes == FULL_ROUND else group.minutes_for_9_holes
    hole = timedelta(minutes=minutes * (1.07 if is_slow else rng.uniform(0.93, 0.99)) / group.holes)
    holes: list[datetime] = []
    for number in range(group.holes):
        at = (holes[-1] if holes else tees_off_at) + hole
        if before and number < len(before.holes):
            at = max(at, before.holes[number] + BEHIND)
        holes.append(at)
    return Day(arrives_at, tees_off_at, tuple(holes), is_short=len(group.players) > 2 and rng.random() < 1 / 6)


def due(group: Any, day: Day, *, now: datetime) -> list[Act]:
    """List what a group should have done by now, and has not."""
    found: list[Act] = []
    status = BookingStatus(group.status)
    here: Sequence[int] = group.players[:-1] if day.is_short else group.players
    if status is BookingStatus.CONFIRMED:
        found.append(Act(day.arrives_at, partial(check_in, booking_id=group.id, positions=here)))
    if status in {BookingStatus.CONFIRMED, BookingStatus.CHECKED_IN}:
        if day.is_short:
            found.append(
                Act(group.starts_at, partial(mark_no_show, booking_id=group.id, positions=[group.players[-1]]))
            )
        found.append(Act(day.tees_off_at, partial(tee_off, booking_id=group.id)))
    if status in {BookingStatus.CONFIRMED, BookingStatus.CHECKED_IN, BookingStatus.ON_COURSE}:
        over = [number for number, at in enumerate(day.holes, 1) if at <= now and number > group.completed]
        for number in over[-KEPT:]:
            hole = (group.tee - 1 + number - 1) % group.course_holes + 1
            found.append(Act(day.holes[number - 1], partial(record_hole, booking_id=group.id, hole=hole)))
    return [act for act in found if act.at <= now]
