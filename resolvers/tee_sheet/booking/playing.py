"""How long a player hears of a booking: as long as they play in it."""

from bisect import bisect_left
from typing import cast

from auth.viewer import Viewer
from domain.clubs.privacy import plays_as
from events.log import EventUnreadable, Logged
from events.tee_sheet.booking import BookingUpdated
from kit.ids import parse_id


class Playing:
    """Lets what happens to a booking pass to one of its players, until they are taken off it, and from then on nothing.

    That they are is the last that they hear, unless they are put on it again. An event may be asked about more than
    once, as when a slow client catches up from the log, so that the answer depends on its position alone.
    """

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._changes: list[int] = []
        self._plays: list[bool] = [True]

    def __call__(self, logged: Logged) -> bool:
        """Tell whether the player is to have an event of the booking's room."""
        before = bisect_left(self._changes, logged.position)
        if logged.type == BookingUpdated.type and logged.position not in self._changes[before : before + 1]:
            self._changes.insert(before, logged.position)
            self._plays.insert(before + 1, self._is_on(logged))
        changed = logged.position in self._changes[before : before + 1]
        return self._plays[before] or (changed and self._plays[before + 1])

    def _is_on(self, logged: Logged) -> bool:
        try:
            fact = cast("BookingUpdated", logged.event)
        except EventUnreadable:  # it may have taken them off; who subscribes anew after the reset is asked anew
            return False
        known = zip(fact.players, fact.user_ids, strict=True)
        ids = ((parse_id("player", player.player_id) if player.player_id else None, user) for player, user in known)
        return any(plays_as(self._viewer, player_id=player_id, user_id=user) for player_id, user in ids)
