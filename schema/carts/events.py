"""Events of a course's carts."""

from events.carts import (
    CartAdded,
    CartCheckedOut,
    CartReserved,
    CartReturned,
    CartsResumed,
    CartsSuspended,
    CartStatusChanged,
)
from schema.events import shows

RESERVATION_FACTS = (CartReserved, CartCheckedOut, CartReturned)
"""What a booking's screens hear as well."""
FACTS = (CartAdded, CartStatusChanged, *RESERVATION_FACTS, CartsSuspended, CartsResumed)

shows(*FACTS)
