"""What happens to bookings, with what follows from it in other domains: the one list of both.

Whoever lets something happen to a booking calls it here, and no function of the tee sheet by itself. What follows is
done in the same transaction, under the booking's lock, in the order in which it is written. What the tee sheet does of
its own accord is not repeated: places that come free go to who waits first, and a booking's party is told.

Each action of the tee sheet is in one of two lists: those of bookings are followed by what is named beside them, all
others are in `NOTHING_FOLLOWS` with the reason. A test holds both lists complete.
"""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.journeys.caddies_for_bookings import (
    OVER,
    release_caddies,
    release_caddies_of_other_days,
    restore_caddies,
)
from domain.journeys.carts_for_bookings import give_back_carts
from domain.journeys.deposits_for_bookings import (
    ask_deposit,
    ask_deposits_of_draw,
    follow_deposits,
    restore_deposits,
)
from domain.journeys.hosted_for_bookings import follow_booking, follow_sheet
from domain.tee_sheet.ballots import ballots, drawing, entries, steps
from domain.tee_sheet.booking import (
    bookings,
    changes,
    groups,
    leaving,
    limits,
    moves,
    reassigning,
    regrouping,
    restoring,
)
from domain.tee_sheet.desk import (
    blocks,
    delays,
    ledger,
    notes,
    rain_checks,
    squeezing,
    standing,
    standing_days,
)
from domain.tee_sheet.inventory import sale
from domain.tee_sheet.offers import availability, holds
from domain.tee_sheet.play import arrivals, corrections, pace, rounds, suspensions
from domain.tee_sheet.sheets import generation, offline, regeneration, seasons, templates, updating
from domain.tee_sheet.waitlist import answers, joining, serving
from events.log import acting
from models.tee_sheet.ballots import BallotStatus
from models.tee_sheet.tables import Booking, TeeSheet

P = ParamSpec("P")
T = TypeVar("T")


class Consequence(Protocol):
    """What follows in another domain."""

    async def __call__(self, session: AsyncSession, *, booking: Booking, now: datetime) -> None:
        """Do it for a locked booking, as it is by now."""


class SheetConsequence(Protocol):
    """What follows in another domain from what happens to a whole sheet."""

    async def __call__(self, session: AsyncSession, *, sheet_id: UUID, now: datetime) -> None:
        """Do it for a locked sheet, as it is by now."""


class DrawConsequence(Protocol):
    """What follows in another domain from the draw of a ballot."""

    async def __call__(self, session: AsyncSession, *, ballot_id: UUID, now: datetime) -> None:
        """Do it for all that the draw of a locked ballot has booked."""


FOLLOWS: dict[Callable[..., Any], tuple[Consequence | SheetConsequence | DrawConsequence, ...]] = {}
"""What follows from each action on a booking."""


def action(
    act: Callable[Concatenate[AsyncSession, P], Awaitable[Booking]], *consequences: Consequence
) -> Callable[Concatenate[AsyncSession, P], Coroutine[Any, Any, Booking]]:
    """Let consequences follow from an action of the tee sheet, which is given its `viewer` and its `now` by name.

    The viewer is who did it, in the booking's history.
    """
    FOLLOWS[act] = consequences

    @wraps(act)
    async def done(session: AsyncSession, /, *args: P.args, **given: P.kwargs) -> Booking:
        acting(session, cast("Viewer", given["viewer"]).user_id)
        booking = await act(session, *args, **given)
        for follow in consequences:
            await follow(session, booking=booking, now=cast("datetime", given["now"]))
        return booking

    return done


def action_on_several(
    act: Callable[Concatenate[AsyncSession, P], Awaitable[list[Booking]]], *consequences: Consequence
) -> Callable[Concatenate[AsyncSession, P], Coroutine[Any, Any, list[Booking]]]:
    """The same for an action that changes several bookings, and gives them: what follows does so from each of them."""
    FOLLOWS[act] = consequences

    @wraps(act)
    async def done(session: AsyncSession, /, *args: P.args, **given: P.kwargs) -> list[Booking]:
        acting(session, cast("Viewer", given["viewer"]).user_id)
        changed = await act(session, *args, **given)
        for booking in sorted(changed, key=lambda row: row.id):
            for follow in consequences:
                await follow(session, booking=booking, now=cast("datetime", given["now"]))
        return changed

    return done


def action_on_sheet(
    act: Callable[Concatenate[AsyncSession, P], Awaitable[TeeSheet]], *consequences: SheetConsequence
) -> Callable[Concatenate[AsyncSession, P], Coroutine[Any, Any, TeeSheet]]:
    """The same for an action that changes many bookings of a sheet, and gives the sheet."""
    FOLLOWS[act] = consequences

    @wraps(act)
    async def done(session: AsyncSession, /, *args: P.args, **given: P.kwargs) -> TeeSheet:
        sheet = await act(session, *args, **given)
        for follow in consequences:
            await follow(session, sheet_id=sheet.id, now=cast("datetime", given["now"]))
        return sheet

    return done


def action_on_ballot(
    act: Callable[Concatenate[AsyncSession, P], Awaitable[T]],
    *consequences: DrawConsequence,
    has_drawn: Callable[[T], bool],
) -> Callable[Concatenate[AsyncSession, P], Coroutine[Any, Any, T]]:
    """The same for an action by which a ballot, whose `ballot_id` it is given by name, may be drawn.

    `has_drawn` tells by what it gives whether it was.
    """
    FOLLOWS[act] = consequences

    @wraps(act)
    async def done(session: AsyncSession, /, *args: P.args, **given: P.kwargs) -> T:
        found = await act(session, *args, **given)
        if has_drawn(found):
            for follow in consequences:
                await follow(session, ballot_id=cast("UUID", given["ballot_id"]), now=cast("datetime", given["now"]))
        return found

    return done


def once_over(consequence: Consequence) -> Consequence:
    """Let something follow only when the booking is over by now."""

    async def follow(session: AsyncSession, *, booking: Booking, now: datetime) -> None:
        if booking.status in OVER:
            await consequence(session, booking=booking, now=now)

    return follow


book_slots = action(bookings.book_slots, ask_deposit)
"""Nobody waits for a booking yet that has just been made; a deposit may be asked for it."""
accept_offer = action(answers.accept_offer, ask_deposit)
"""The same."""
update_booking = action(
    changes.update_booking, once_over(release_caddies), once_over(give_back_carts), follow_booking, follow_deposits
)
"""Caddies and carts are the booking's, not its players': it loses them when nobody but no-shows stays."""
leave_booking = action(
    leaving.leave_booking, once_over(release_caddies), once_over(give_back_carts), follow_booking, follow_deposits
)
"""Where the last one leaves, it is over."""
move_booking = action(
    moves.move_booking, release_caddies_of_other_days, give_back_carts, follow_booking, follow_deposits
)
split_booking = action_on_several(
    regrouping.split_booking,
    once_over(release_caddies),
    once_over(give_back_carts),
    follow_booking,
    follow_deposits,
)
"""Who waits for the booking goes on to wait for what is left of it, unless that is nobody but no-shows."""
move_players = action_on_several(
    regrouping.move_players,
    once_over(release_caddies),
    once_over(give_back_carts),
    follow_booking,
    follow_deposits,
)
merge_bookings = action_on_several(
    regrouping.merge_bookings,
    once_over(release_caddies),
    once_over(give_back_carts),
    follow_booking,
    follow_deposits,
)
swap_bookings = action_on_several(
    regrouping.swap_bookings, release_caddies_of_other_days, give_back_carts, follow_booking, follow_deposits
)
cancel_booking = action(bookings.cancel_booking, release_caddies, give_back_carts, follow_booking, follow_deposits)
cancel_unpaid = action(bookings.cancel_unpaid, release_caddies, give_back_carts, follow_booking, follow_deposits)
cancel_group = action_on_several(groups.cancel_group, release_caddies, give_back_carts, follow_booking, follow_deposits)
restore_booking = action(restoring.restore_booking, restore_caddies, follow_booking, restore_deposits)
"""Carts that were given back may be another's by now: they are reserved anew."""
check_in = action(arrivals.check_in)
"""Who waits for the booking goes on to wait: it is still to be played. Of a no-show, nobody waits any more."""
undo_check_in = action(arrivals.undo_check_in)
"""The same."""
mark_no_show = action(arrivals.mark_no_show, once_over(release_caddies), once_over(give_back_carts))
undo_no_show = action(arrivals.undo_no_show, restore_caddies)
"""Carts that were given back may be another's by now: they are reserved anew."""
tee_off = action(rounds.tee_off, release_caddies)
"""The group has gone without those caddies; a cart can be fetched as long as it plays."""
undo_tee_off = action(rounds.undo_tee_off, restore_caddies)
"""Carts have waited, or are out."""
record_hole = action(rounds.record_hole, once_over(release_caddies), once_over(give_back_carts))
correct_hole = action(corrections.correct_hole, once_over(release_caddies), once_over(give_back_carts))
"""Nobody comes back to a round that goes on."""
delay_tee_times = action_on_sheet(delays.delay_tee_times, follow_sheet)
"""Starts shift within their day, with the caddies and carts that wait for their bookings."""
set_booking_note = action(notes.set_booking_note)
"""A note is for people."""
end_round = action(corrections.end_round, release_caddies, give_back_carts)
draw_ballot = action_on_ballot(drawing.draw_ballot, ask_deposits_of_draw, has_drawn=lambda _ballot: True)
"""Nobody waits for what was just made; deposits are asked as for any booking of these starts."""
tend_ballot = action_on_ballot(
    steps.tend_ballot, ask_deposits_of_draw, has_drawn=lambda status: status is BallotStatus.DRAWN
)
"""The same, where its draw is the step that was due."""

BOOKINGS_STAY = "It changes no booking."
NOTHING_FOLLOWS: dict[Callable[..., Any], str] = {
    groups.book_group: "Nobody waits for bookings that have just been made; for deposits of groups staff ask by hand.",
    groups.update_group: "Who pays for bookings changes, and others are made: the same.",
    limits.check_limits: BOOKINGS_STAY,
    reassigning.reassign_bookings: "A player of theirs goes by another id, and nothing else about them changes.",
    sale.condition_of_start: BOOKINGS_STAY,
    availability.available_tee_times: BOOKINGS_STAY,
    holds.hold_slots: BOOKINGS_STAY,
    holds.release_hold: BOOKINGS_STAY,
    holds.expire_hold: BOOKINGS_STAY,
    holds.due_holds: BOOKINGS_STAY,
    joining.join_waitlist: BOOKINGS_STAY,
    joining.leave_waitlist: BOOKINGS_STAY,
    serving.serve_waitlist: BOOKINGS_STAY,
    answers.decline_offer: BOOKINGS_STAY,
    templates.set_template: BOOKINGS_STAY,
    seasons.set_season: BOOKINGS_STAY,
    seasons.remove_season: BOOKINGS_STAY,
    generation.generate: BOOKINGS_STAY,
    generation.generate_window: BOOKINGS_STAY,
    generation.generate_days: BOOKINGS_STAY,
    updating.update_sheet: "Starts that carry a booking stay, and what was sold keeps its price.",
    regeneration.regenerate_sheets: "The same.",
    offline.take_offline: "Nothing can be booked any more, and what is booked stays booked.",
    offline.bring_online: BOOKINGS_STAY,
    blocks.add_block: "Bookings on its places refuse it, or are kept with all that waits for them.",
    blocks.remove_block: BOOKINGS_STAY,
    ballots.announce_ballot: "Bookings on its starts stay.",
    ballots.update_ballot: BOOKINGS_STAY,
    ballots.cancel_ballot: BOOKINGS_STAY,
    entries.enter_ballot: BOOKINGS_STAY,
    entries.update_entry: BOOKINGS_STAY,
    entries.withdraw_entry: BOOKINGS_STAY,
    entries.leave_entry: BOOKINGS_STAY,
    steps.due_ballots: BOOKINGS_STAY,
    steps.tenants_with_old: BOOKINGS_STAY,
    steps.forget_entrants: BOOKINGS_STAY,
    notes.set_tee_time_note: BOOKINGS_STAY,
    notes.set_tee_sheet_note: BOOKINGS_STAY,
    squeezing.squeeze_tee_time: "It adds places and moves none.",
    standing.set_standing: BOOKINGS_STAY,
    standing.end_standing: "What was booked stays booked.",
    standing_days.due_standing: BOOKINGS_STAY,
    standing_days.make_next: "Nobody waits for a booking yet that has just been made; regulars pay no deposit.",
    standing_days.skip_date: BOOKINGS_STAY,
    ledger.add_entry: "What was paid for a booking changes, and the booking does not.",
    rain_checks.issue_rain_check: "What was not played is credited; the booking is not over by that.",
    rain_checks.redeem_rain_check: "What was paid for a booking changes, and the booking does not.",
    suspensions.suspend_play: "Groups wait where they are, with their caddies and carts.",
    suspensions.resume_play: "Groups play on.",
    pace.watch_course: "Groups are watched, and told of.",
    pace.courses_in_play: BOOKINGS_STAY,
}
"""The other actions of the tee sheet, and why nothing follows from them. Closures are no actions of the tee sheet: they
leave bookings as they are, and tell their parties, who may cancel."""
