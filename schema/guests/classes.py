"""Who hears what of an occasion: how guests are told apart, and until when somebody plans it.

What one household hears of itself is the same for all in it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from events.guests.base import OccasionFact
from events.guests.occasions import OccasionState, OccasionUpdated
from events.log import Logged
from realtime.feed import Ended
from schema.feeds import Classes
from schema.sight import Audience


@dataclass(frozen=True, slots=True)
class Heard:
    """As whom guests hear of an event."""

    own: bool
    """Whether it is about their own household."""
    household: str | None = None
    """The household, where it is told something that others are not."""
    parts: tuple[str, ...] | None = None
    """The parts that they are invited to, where it tells of parts and they are not invited to all."""


NO_PLANNER = "You plan the occasion no more; connect again to go on with all else"
"""What somebody is told who followed it as a planner."""
OWN, OTHERS = Heard(own=True), Heard(own=False)


def whose(logged: Logged, households: Collection[str]) -> Mapping[str, Heard]:
    """Tell for each household as whom it hears an event; one that may not know of it is left out."""
    fact = logged.event
    if not isinstance(fact, OccasionFact):
        return {}
    own, apart = fact.households, fact.apart
    found = {one: OTHERS for one in households if one in fact.former}
    found |= {one: Heard(own=True, household=one) if one in apart else OWN for one in households if one in own}
    if isinstance(fact, OccasionState):
        return dict(_invited(fact, households)) if fact.is_for_all_guests else {}
    if fact.is_for_all_guests:
        return {one: found.get(one, OTHERS) for one in households}
    return found


def _invited(fact: OccasionState, households: Collection[str]) -> Iterator[tuple[str, Heard]]:
    """Tell of an occasion to all; of a part of it alone, to who is invited to that."""
    for one in households:
        parts = fact.invited_to.get(one)
        if parts is None:
            yield one, OTHERS
        elif fact.about_part is None or fact.about_part in parts:
            yield one, Heard(own=False, parts=parts)


def seen_by_guests(heard: Heard) -> Audience:
    """Tell what guests may see of an event that is about their own household, or is not."""
    return Audience(household=heard.own)


GUESTS: Classes[str, Heard] = Classes(classify=whose, audience=seen_by_guests)


def while_planning(user_id: str, *, since: int) -> Callable[[Logged], bool]:
    """Let everything pass until the user is told to plan the occasion no more: what they follow ends there.

    `since` is the position as of which the user was found to plan it: what was before that, as in a replay, passes.
    """

    def passes(logged: Logged) -> bool:
        is_news = logged.type == OccasionUpdated.type and logged.position > since
        if is_news and user_id in getattr(logged.event, "planners_gone", ()):
            raise Ended(NO_PLANNER)
        return True

    return passes
