"""The limits that a club sets for bookings."""

from dataclasses import dataclass

from kit.enums import DescribedEnum


class BookingLimit(DescribedEnum):
    """What a club may limit."""

    BOOKINGS_A_DAY = "BOOKINGS_A_DAY", "Bookings of one player for the same day of play."
    BOOKINGS_A_WEEK = "BOOKINGS_A_WEEK", "Bookings of one player for the same week of play, Monday to Sunday."
    BOOKINGS_AHEAD = "BOOKINGS_AHEAD", "Bookings of one player that are still to be played."
    OVERLAP = "OVERLAP", "Rounds of one player that overlap."
    GUESTS_A_DAY = "GUESTS_A_DAY", "Guests whom one player brings on the same day of play."
    SAME_GUEST_A_YEAR = "SAME_GUEST_A_YEAR", "Days within a year on which the same guest plays."
    BOOKER_PLAYS = "BOOKER_PLAYS", "Bookings in which the player who makes them does not play."
    CANCELLATIONS_A_WEEK = "CANCELLATIONS_A_WEEK", "Bookings that one player has cancelled within seven days."
    HOLDS_AN_HOUR = "HOLDS_AN_HOUR", "Holds within an hour that did not become bookings."


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one price class; None means that there is none. Staff book beyond all of them."""

    bookings_a_day: int | None = None
    bookings_a_week: int | None = None
    bookings_ahead: int | None = None
    no_overlap: bool = False
    guests_a_day: int | None = None
    same_guest_a_year: int | None = None
    booker_plays: bool = False
    cancellations_a_week: int | None = None
    holds_an_hour: int | None = 12

    @property
    def concern_bookings(self) -> bool:
        """Whether there is any that bookings are counted by."""
        counted = (self.bookings_a_day, self.bookings_a_week, self.bookings_ahead, self.guests_a_day)
        more = (self.same_guest_a_year, self.cancellations_a_week)
        return self.no_overlap or self.booker_plays or any(one is not None for one in (*counted, *more))
