"""Events of answers to invitations, and of those who wait."""

from events.guests.households import QueueUpdated, RsvpUpdated
from schema.events import shows
from schema.guests.classes import Heard
from schema.guests.households.events import GUEST


def queue_place(fact: QueueUpdated, heard: Heard | None) -> int | None:
    """Your own household's place in the queue, from 1 on; none for those who plan the occasion."""
    return fact.waiting.index(heard.household) + 1 if heard and heard.household in fact.waiting else None


FACTS = (RsvpUpdated, QueueUpdated)
shows(RsvpUpdated, carries=[GUEST])
shows(QueueUpdated, by_class={"queue_place": queue_place})
