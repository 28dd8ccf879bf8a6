"""Tables, seats, and the rules of seating."""

from typing import Annotated

import strawberry

from auth.limits import Rate
from domain.guests.seating import arranging, automatic, reveal, rules, seats, tables, undoing
from domain.guests.seating.reading import read_chart
from kit.ids import parse_id, parse_if_given
from resolvers.edge import WHAT, mutation, session_of
from resolvers.polling import stays_until_occasion_moves
from schema.context import Info
from schema.describe import argument, field
from schema.guests.occasions.types import Occasion
from schema.guests.seating import inputs, payloads
from schema.guests.seating.types import SeatingChart, SeatingPlan, SeatingRule, Table


@strawberry.type
class SeatingQueries:
    """Queries of the seating."""

    @field
    async def seating_chart(
        self,
        info: Info,
        occasion_id: Annotated[strawberry.ID, argument("Id of the occasion.")],
        part_id: Annotated[strawberry.ID | None, argument("Id of the part; the main one if left out.")] = None,
    ) -> SeatingChart:
        """Who sits where in a part, and what is wrong with it. For those who plan the occasion."""
        wanted = parse_id("occasion", occasion_id, path=("occasionId",))
        part = parse_if_given("part", part_id, path=("partId",))
        async with info.context.read() as session:
            chart = await read_chart(session, viewer=info.context.viewer, occasion_id=wanted, part_id=part)
        stays_until_occasion_moves(info, wanted)
        return SeatingChart.of(chart)


@strawberry.type
class SeatingMutations:
    """Mutations of the seating. For those who plan the occasion."""

    @mutation
    async def add_table(self, info: Info, input: Annotated[inputs.AddTableInput, WHAT]) -> payloads.AddTablePayload:
        """Add a table to a seated part. For those who plan the occasion."""
        context = info.context
        row = await tables.add_table(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.AddTablePayload(problems=[], table=Table.of(row))

    @mutation
    async def update_table(
        self, info: Info, input: Annotated[inputs.UpdateTableInput, WHAT]
    ) -> payloads.UpdateTablePayload:
        """Change a table, or where it stands. For those who plan the occasion."""
        context = info.context
        row = await tables.update_table(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.UpdateTablePayload(problems=[], table=Table.of(row))

    @mutation
    async def delete_table(
        self, info: Info, input: Annotated[inputs.DeleteTableInput, WHAT]
    ) -> payloads.DeleteTablePayload:
        """Delete a table, whose guests have no seat then. For those who plan the occasion."""
        context = info.context
        row = await tables.delete_table(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.DeleteTablePayload(problems=[], table=Table.of(row))

    @mutation
    async def seat_guests(
        self, info: Info, input: Annotated[inputs.SeatGuestsInput, WHAT]
    ) -> payloads.SeatGuestsPayload:
        """Seat guests at a table, or move them there. For those who plan the occasion."""
        context = info.context
        rows = await seats.seat_guests(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.SeatGuestsPayload(problems=[], tables=Table.of_all(rows))

    @mutation
    async def unseat_guests(
        self, info: Info, input: Annotated[inputs.UnseatGuestsInput, WHAT]
    ) -> payloads.UnseatGuestsPayload:
        """Take their seats from guests. For those who plan the occasion."""
        context = info.context
        rows = await seats.unseat_guests(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.UnseatGuestsPayload(problems=[], tables=Table.of_all(rows))

    @mutation
    async def swap_seats(self, info: Info, input: Annotated[inputs.SwapSeatsInput, WHAT]) -> payloads.SwapSeatsPayload:
        """Let two guests change tables and seats. For those who plan the occasion."""
        context = info.context
        rows = await seats.swap_seats(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.SwapSeatsPayload(problems=[], tables=Table.of_all(rows))

    @mutation
    async def lock_seat(self, info: Info, input: Annotated[inputs.LockSeatInput, WHAT]) -> payloads.LockSeatPayload:
        """Let guests stay where they sit, whoever or whatever seats others. For those who plan the occasion."""
        context = info.context
        rows = await seats.lock_seat(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.LockSeatPayload(problems=[], tables=Table.of_all(rows))

    @mutation
    async def unlock_seat(
        self, info: Info, input: Annotated[inputs.UnlockSeatInput, WHAT]
    ) -> payloads.UnlockSeatPayload:
        """Let guests be moved again. For those who plan the occasion."""
        context = info.context
        rows = await seats.unlock_seat(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.UnlockSeatPayload(problems=[], tables=Table.of_all(rows))

    @mutation(limit=Rate.IMPORTS)
    async def auto_seat(self, info: Info, input: Annotated[inputs.AutoSeatInput, WHAT]) -> payloads.AutoSeatPayload:
        """Plan who sits where, and save it if wanted; locked guests stay. For those who plan the occasion."""
        context = info.context
        made = await automatic.auto_seat(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.AutoSeatPayload(problems=[], plan=SeatingPlan.of(made))

    @mutation
    async def undo_auto_seat(
        self, info: Info, input: Annotated[inputs.UndoAutoSeatInput, WHAT]
    ) -> payloads.UndoAutoSeatPayload:
        """Take back the last plan that was saved, where nobody has moved since. For those who plan the occasion."""
        context = info.context
        rows = await undoing.undo_auto_seat(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.UndoAutoSeatPayload(problems=[], tables=Table.of_all(rows))

    @mutation
    async def arrange_seats(
        self, info: Info, input: Annotated[inputs.ArrangeSeatsInput, WHAT]
    ) -> payloads.ArrangeSeatsPayload:
        """Give many guests their seats at once, or take back what a plan changed. For those who plan the occasion."""
        context = info.context
        rows = await arranging.arrange_seats(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.ArrangeSeatsPayload(problems=[], tables=Table.of_all(rows))

    @mutation
    async def set_seating_rule(
        self, info: Info, input: Annotated[inputs.SetSeatingRuleInput, WHAT]
    ) -> payloads.SetSeatingRulePayload:
        """Say that two are to sit together, or apart. For those who plan the occasion."""
        context = info.context
        row = await rules.set_seating_rule(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SetSeatingRulePayload(problems=[], seating_rule=SeatingRule.of(row))

    @mutation
    async def remove_seating_rule(
        self, info: Info, input: Annotated[inputs.RemoveSeatingRuleInput, WHAT]
    ) -> payloads.RemoveSeatingRulePayload:
        """Let a rule of the seating hold no more. For those who plan the occasion."""
        context = info.context
        row = await rules.remove_seating_rule(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.RemoveSeatingRulePayload(problems=[], seating_rule=SeatingRule.of(row))

    @mutation
    async def reveal_seating(
        self, info: Info, input: Annotated[inputs.RevealSeatingInput, WHAT]
    ) -> payloads.RevealSeatingPayload:
        """Show guests their tables, and write to those who have one; or hide them. For those who plan the occasion."""
        context = info.context
        row = await reveal.reveal_seating(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.RevealSeatingPayload(problems=[], occasion=Occasion.of(row, plans=True))
