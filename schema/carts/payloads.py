"""Payloads of the carts."""

from schema.carts.types import Cart, CartReservation
from schema.describe import output
from schema.payloads import Payload


@output
class AddCartPayload(Payload):
    """The answer to `addCart`."""

    results = ("cart",)
    cart: Cart | None = None
    """The cart."""


@output
class RetireCartPayload(Payload):
    """The answer to `retireCart`."""

    cart: Cart | None = None
    """The cart, which is retired."""


@output
class SetCartStatusPayload(Payload):
    """The answer to `setCartStatus`."""

    cart: Cart | None = None
    """The cart."""


@output
class ReserveCartPayload(Payload):
    """The answer to `reserveCart`."""

    results = ("cart_reservation",)
    cart_reservation: CartReservation | None = None
    """The reservation."""


@output
class CheckOutCartPayload(Payload):
    """The answer to `checkOutCart`."""

    results = ("cart_reservation",)
    cart_reservation: CartReservation | None = None
    """The reservation, with which the cart is out."""


@output
class ReturnCartPayload(Payload):
    """The answer to `returnCart`."""

    cart_reservation: CartReservation | None = None
    """The reservation, which has ended."""
