"""Mutations of the carts."""

from typing import Annotated

import strawberry

from domain.carts import fleet, returns
from domain.journeys import carts_for_bookings
from resolvers.edge import WHAT, mutation, session_of
from schema.carts import inputs, payloads
from schema.carts.types import Cart, CartReservation
from schema.context import Info


@strawberry.type
class CartMutations:
    """Mutations of the carts."""

    @mutation
    async def add_cart(self, info: Info, input: Annotated[inputs.AddCartInput, WHAT]) -> payloads.AddCartPayload:
        """Add a cart to a course. For staff."""
        context = info.context
        row = await fleet.add_cart(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.AddCartPayload(problems=[], cart=Cart.of(row))

    @mutation
    async def retire_cart(
        self, info: Info, input: Annotated[inputs.RetireCartInput, WHAT]
    ) -> payloads.RetireCartPayload:
        """Take a cart out of the fleet for good, once no booking counts on it. For staff."""
        context = info.context
        row = await fleet.retire_cart(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.RetireCartPayload(problems=[], cart=Cart.of(row))

    @mutation
    async def set_cart_status(
        self, info: Info, input: Annotated[inputs.SetCartStatusInput, WHAT]
    ) -> payloads.SetCartStatusPayload:
        """Take a cart out of service, or put it back. For staff."""
        context = info.context
        row = await fleet.set_cart_status(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.SetCartStatusPayload(problems=[], cart=Cart.of(row))

    @mutation
    async def reserve_cart(
        self, info: Info, input: Annotated[inputs.ReserveCartInput, WHAT]
    ) -> payloads.ReserveCartPayload:
        """Reserve a cart for a booking, a named one or any that is free. For staff."""
        context = info.context
        row = await carts_for_bookings.reserve_cart(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.ReserveCartPayload(problems=[], cart_reservation=CartReservation.of(row))

    @mutation
    async def check_out_cart(
        self, info: Info, input: Annotated[inputs.CheckOutCartInput, WHAT]
    ) -> payloads.CheckOutCartPayload:
        """Hand a cart to a booking's players, reserved before or on the spot. For staff."""
        context = info.context
        row = await carts_for_bookings.check_out_cart(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.CheckOutCartPayload(problems=[], cart_reservation=CartReservation.of(row))

    @mutation
    async def return_cart(
        self, info: Info, input: Annotated[inputs.ReturnCartInput, WHAT]
    ) -> payloads.ReturnCartPayload:
        """Take a cart back that was out, or give back one that waits for a booking. For staff."""
        context = info.context
        row = await returns.return_cart(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.ReturnCartPayload(problems=[], cart_reservation=CartReservation.of(row))
