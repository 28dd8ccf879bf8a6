"""Data loaders: what many fields of one operation ask for is read at once."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.dataloader import DataLoader

from domain.caddies.reading import caddies_by_id
from domain.clubs.reading import clubs_by_id, courses_of
from domain.course.cart_reading import BookedCart, carts_by_id, carts_of_bookings, reservations_of
from domain.course.public import KnownCourse, read_conditions
from domain.tee_sheet.booking.reading import bookings_by_id, players_of
from domain.tee_sheet.desk.blocks import slots_covered
from domain.tee_sheet.desk.rain_checks import rain_checks_of
from domain.tee_sheet.inventory.reading import SlotView, sheets_by_id, slots_of, tee_times_by_id
from domain.tee_sheet.play.reading import rounds_of, suspensions_of
from models.caddies.tables import Caddie
from models.clubs.tables import Club, Course
from models.course.tables import Cart, CartReservation
from models.tee_sheet.play import Round
from models.tee_sheet.tables import Booking, BookingPlayer, RainCheck, TeeSheet, TeeTime
from schema.context import Context

V = TypeVar("V")


class Loaders:
    """The loaders of one operation, all reading from its snapshot."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.courses: DataLoader[UUID, list[Course]] = self._loader(courses_of)
        self.slots: DataLoader[UUID, list[SlotView]] = self._loader(slots_of)
        self.players: DataLoader[UUID, list[BookingPlayer]] = self._loader(players_of)
        self.rounds: DataLoader[UUID, Round | None] = self._loader(rounds_of)
        self.suspensions: DataLoader[UUID, datetime | None] = self._loader(suspensions_of)
        self.tee_times: DataLoader[UUID, TeeTime] = self._loader(tee_times_by_id)
        self.sheets: DataLoader[UUID, TeeSheet] = self._loader(sheets_by_id)
        self.block_slots: DataLoader[UUID, list[UUID]] = self._loader(slots_covered)
        self.rain_checks: DataLoader[UUID, RainCheck | None] = self._loader(rain_checks_of)
        self.clubs: DataLoader[UUID, Club] = self._loader(clubs_by_id)
        self.conditions: DataLoader[UUID, KnownCourse] = self._loader(read_conditions)
        self.caddies: DataLoader[UUID, Caddie] = self._loader(caddies_by_id)
        self.bookings: DataLoader[UUID, Booking] = self._loader(bookings_by_id)
        self.carts: DataLoader[UUID, Cart] = self._loader(carts_by_id)
        self.cart_reservations: DataLoader[UUID, list[CartReservation]] = self._loader(reservations_of)
        self.booking_carts: DataLoader[UUID, list[BookedCart]] = self._loader(carts_of_bookings)

    def _loader(self, read: Callable[[AsyncSession, Iterable[UUID]], Awaitable[dict[UUID, V]]]) -> DataLoader[UUID, V]:
        async def load(keys: list[UUID]) -> list[V]:
            async with self._context.read() as session:
                found = await read(session, keys)
            return [found[key] for key in keys]

        return DataLoader(load_fn=load)
