"""Queries of the caddies. Staff see all lists; caddies see their own, and are told of no others."""

import datetime as dt
from typing import Annotated

import strawberry

from domain.caddies import csv_files, reading
from domain.caddies import settings as caddie_settings
from domain.journeys import caddies_for_bookings
from kit.ids import parse_id
from models.caddies.values import CaddieStatus, ReportSpan
from resolvers.polling import stays_until_clubs_move
from schema.caddies.types.people import CaddieBoard, CaddieSettings
from schema.caddies.types.queues import CaddieDraw, CaddieQueue
from schema.caddies.types.reports import CaddieReport
from schema.caddies.types.turns import BookingCaddie
from schema.context import Info
from schema.describe import argument, field, list_field

ClubId = Annotated[strawberry.ID, argument("Id of the club.")]
ListNumber = Annotated[int, strawberry.argument(name="list", description="Number of the list, from 1 on.")]
ListNumbers = Annotated[list[int] | None, argument("Numbers of lists; all that you may see if left out.")]


@strawberry.type
class CaddieQueries:
    """Queries of the caddies."""

    @field
    async def caddies(
        self,
        info: Info,
        club_id: ClubId,
        lists: ListNumbers = None,
        status: Annotated[CaddieStatus | None, argument("Only those of this status.")] = None,
    ) -> CaddieBoard:
        """The caddies of a club, by list and name: for staff, and for caddies their own lists."""
        wanted = parse_id("club", club_id, path=("clubId",))
        async with info.context.read() as session:
            board = await reading.read_caddies(
                session, viewer=info.context.viewer, club_id=wanted, lists=lists, status=status
            )
        stays_until_clubs_move(info, wanted)
        return CaddieBoard.of(board)

    @field
    async def caddie_queue(self, info: Info, club_id: ClubId, list_number: ListNumber) -> CaddieQueue:
        """The queue of a list: who waits, who is out, how the week was drawn."""
        wanted = parse_id("club", club_id, path=("clubId",))
        async with info.context.read() as session:
            view = await reading.read_queue(
                session, viewer=info.context.viewer, club_id=wanted, list_number=list_number
            )
        stays_until_clubs_move(info, wanted)
        return CaddieQueue.of(view)

    @field
    async def caddie_draw(
        self,
        info: Info,
        club_id: ClubId,
        list_number: ListNumber,
        week: Annotated[dt.date, argument("Any day of the week, on the club's calendar.")],
    ) -> CaddieDraw | None:
        """How the order of a list was drawn for a week; none when it was not."""
        wanted = parse_id("club", club_id, path=("clubId",))
        async with info.context.read() as session:
            _, row = await reading.read_draw(
                session, viewer=info.context.viewer, club_id=wanted, list_number=list_number, week=week
            )
        stays_until_clubs_move(info, wanted)
        return CaddieDraw.of(row) if row else None

    @field
    async def caddie_report(
        self,
        info: Info,
        club_id: ClubId,
        date: Annotated[dt.date, argument("The day, or any day of the week, on the club's calendar.")],
        span: Annotated[ReportSpan | None, argument("A day or a week; a day if left out.")] = None,
        lists: ListNumbers = None,
    ) -> CaddieReport:
        """Loops, fees by tier and tips of a day or a week, by caddie."""
        wanted = parse_id("club", club_id, path=("clubId",))
        async with info.context.read() as session:
            report = await reading.read_report(
                session,
                viewer=info.context.viewer,
                club_id=wanted,
                day=date,
                is_week=span is ReportSpan.WEEK,
                lists=lists,
            )
        stays_until_clubs_move(info, wanted)
        return CaddieReport.of(report)

    @field
    async def caddie_settings(self, info: Info, club_id: ClubId) -> CaddieSettings:
        """The number of lists and the fees. For staff."""
        wanted = parse_id("club", club_id, path=("clubId",))
        async with info.context.read() as session:
            found = await caddie_settings.read_settings(session, viewer=info.context.viewer, club_id=wanted)
        stays_until_clubs_move(info, wanted)
        return CaddieSettings.of(found)

    @field
    async def caddies_csv(self, info: Info, club_id: ClubId) -> str:
        """The caddies of a club as a file that `importCaddies` takes. For staff; phone numbers for admins alone."""
        wanted = parse_id("club", club_id, path=("clubId",))
        async with info.context.read() as session:
            text = await csv_files.export_caddies(session, viewer=info.context.viewer, club_id=wanted)
        stays_until_clubs_move(info, wanted)
        return text

    @list_field(entries=4)
    async def booking_caddies(
        self, info: Info, booking_id: Annotated[strawberry.ID, argument("Id of the booking.")]
    ) -> list[BookingCaddie]:
        """The caddies who were assigned to a booking: for whoever may see the booking."""
        wanted = parse_id("booking", booking_id, path=("bookingId",))
        async with info.context.read() as session:
            club_id, found = await caddies_for_bookings.caddies_of_booking(
                session, viewer=info.context.viewer, booking_id=wanted
            )
        stays_until_clubs_move(info, club_id)
        return BookingCaddie.of_all(found)
