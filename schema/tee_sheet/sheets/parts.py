"""How a day's tee times and bookings are kept in parts: what each event may have changed of them.

An event that is named nowhere here may have changed anything. So a new one costs some speed until it is, and never a
right answer.
"""

from events.log import Logged
from schema.parts import NOTHING, Parts, Touch

ELSEWHERE = ("caddie:", "turn:", "cart.", "carts.", "waitlist.", "ballot.", "notification.")
"""How those events are called that change nothing of what parts show."""
OF_A_PLACE = frozenset({"slot.available", "slot.held", "slot.released", "slot.blocked", "slot.booked"})
OF_PLAYERS = frozenset({"booking.checked-in", "booking.check-in-undone", "booking.no-show", "booking.cancelled"})
"""Those that change a booking, and not to whom it is shown, nor where it stands among the others."""
OF_A_BOOKING = OF_PLAYERS | {"booking.created", "booking.updated"}


def _of_tee_times(event: Logged) -> Touch | None:
    if event.type in OF_A_PLACE or event.type in OF_A_BOOKING:
        earlier = event.data.get("previous_tee_time_id")
        return Touch((event.data["tee_time_id"], *([earlier] if earlier else [])))
    return NOTHING if event.type.startswith(ELSEWHERE) else None


def _of_bookings(event: Logged) -> Touch | None:
    if event.type in OF_A_BOOKING:
        return Touch((event.data["booking_id"],), keeps_list=event.type in OF_PLAYERS)
    return NOTHING if event.type in OF_A_PLACE or event.type.startswith(ELSEWHERE) else None


TEE_TIMES = Parts(
    kind="tee_time", shows=frozenset({"TeeTime", "Slot", "Money", "PersonName", "OwnPlace"}), touch=_of_tee_times
)
BOOKINGS = Parts(
    kind="booking",
    shows=frozenset({"Booking", "BookingPlayer", "Money", "PersonName"}),
    touch=_of_bookings,
)
