"""What a cart, and a reservation of one, can be."""

from kit.enums import DescribedEnum


class CartStatus(DescribedEnum):
    """Whether a cart can be had."""

    ACTIVE = "ACTIVE", "It can be reserved and checked out."
    OUT = "OUT", "It is on the course."
    INACTIVE = "INACTIVE", "It can't be had: a closure has suspended it, or the staff have taken it out."
    RETIRED = "RETIRED", "It has left the fleet for good."


class CartReservationStatus(DescribedEnum):
    """What has become of a reservation of a cart."""

    PENDING = "PENDING", "The cart waits for the booking."
    OUT = "OUT", "The booking's players have the cart."
    RETURNED = "RETURNED", "The cart is back, or free again since it was never fetched."
