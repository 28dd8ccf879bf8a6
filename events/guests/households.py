"""Facts about households and guests."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from events.base import event
from events.guests.base import HouseholdFact, OccasionFact
from events.guests.occasions import PartState
from events.seen import ForAll, ForPlanners, Private
from models.clubs.values import Language
from models.deliveries import DeliveryStatus
from models.guests.values import AgeGroup, Diet, LetterKind, Need, RsvpStatus


@dataclass(frozen=True, kw_only=True)
class HouseholdState(HouseholdFact):
    """A household, as it is by now."""

    name: ForAll[str]
    """What the household is called."""
    language: ForAll[Language]
    """The language in which it is spoken to."""
    plus_ones: ForAll[int]
    """How many guests it may bring beside those who are named."""
    part_ids: ForAll[tuple[str, ...]]
    """The parts that it is invited to, in their order."""
    email: Private[str | None]
    """The address for its e-mails."""
    phone: Private[str | None]
    """Its phone number."""
    invited_at: ForPlanners[datetime | None] = None
    """When its invitation was sent, in UTC."""
    opened_at: ForPlanners[datetime | None] = None
    """When it first opened its invitation, in UTC."""
    unsubscribed_at: ForPlanners[datetime | None] = None
    """Since when it wants no more e-mails, in UTC."""


@event("household.create")
class HouseholdCreated(HouseholdState):
    """A household was invited."""


@event("household.update")
class HouseholdUpdated(HouseholdState):
    """A household changed."""

    changes_code: Private[bool] = False
    """Whether its code is another one than before: no event tells a code, read it anew."""
    invited_parts: Private[tuple[PartState, ...] | None] = None
    """The parts that it is invited to, in their order, where they are others than before; else none."""


@event("household.delete")
class HouseholdDeleted(HouseholdFact):
    """A household is invited no more, with all of its guests; or it was merged with another one."""


@event("household.letter")
class HouseholdLetterUpdated(OccasionFact):
    """Something has become of an e-mail to a household: it was sent, or it could not be."""

    household_id: ForAll[str]
    """The household."""
    kind: ForAll[LetterKind]
    """What it is about."""
    status: ForAll[DeliveryStatus]
    """What has become of it."""
    written_at: ForAll[datetime]
    """When it was written, in UTC."""
    sent_at: ForAll[datetime | None]
    """When it was sent, in UTC; none if it was not."""
    failed_at: ForAll[datetime | None]
    """When sending it was given up, in UTC; none if it was not."""


@dataclass(frozen=True, kw_only=True)
class DirectoryEntry:
    """What other guests may know of somebody who comes, and agreed to be listed."""

    name: str
    """First and last name."""
    group_name: str
    """The group, or the side."""
    household_name: str
    """What the household is called."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A guest's answer to a question of the occasion."""

    question_id: str
    """The question."""
    answer: str
    """The answer: a text, a choice, or yes or no."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """A guest, as planners and the own household see them."""

    first_name: str
    """First name; empty for a plus-one who has none yet."""
    last_name: str
    """Last name."""
    is_plus_one: bool
    """Whether the household chose whom to bring."""
    age_group: AgeGroup
    """How old the guest is."""
    takes_place: bool
    """Whether the guest takes a place and a seat."""
    group_name: str
    """The group, or the side."""
    diets: tuple[Diet, ...]
    """What the guest eats, or must not eat."""
    diet_note: str
    """More about that."""
    needs: tuple[Need, ...]
    """What the guest needs."""
    need_note: str
    """More about that."""
    email: str | None
    """The guest's own address."""
    phone: str | None
    """The guest's own phone number."""
    answers: tuple[Answer, ...]
    """What the guest answered to the occasion's questions."""
    is_listed: bool
    """Whether the guest agreed to be in the directory."""


@dataclass(frozen=True, kw_only=True)
class GuestFact(HouseholdFact):
    """A fact about a guest, which other guests hear where it changes the directory."""

    guest_id: ForAll[str]
    """The guest."""
    directory_entry: ForAll[DirectoryEntry | None] = None
    """What the directory shows of the guest from now on; none if it shows nothing, and with answers for other parts
    than the main one, which change nothing in it."""
    changes_directory: ForPlanners[bool] = False
    """Whether the directory shows something else of the guest than before."""

    @property
    def is_for_all_guests(self) -> bool:
        """Whether the directory changes by it."""
        return self.changes_directory


@dataclass(frozen=True, kw_only=True)
class GuestState(GuestFact):
    """A guest, as they are by now."""

    person: Private[Person]
    """The guest."""
    is_vip: ForPlanners[bool]
    """Whether the guest is somebody to look after."""


@event("guest.create")
class GuestCreated(GuestState):
    """Somebody was invited."""


@dataclass(frozen=True, kw_only=True)
class AttendanceState:
    """What a guest answered for a part, and whether they have come; the seat is told by itself."""

    part_id: str
    """The part."""
    rsvp_status: RsvpStatus
    """What was answered."""
    meal_id: str | None
    """The meal that was chosen."""
    answered_at: datetime | None
    """When, in UTC; none while there is no answer."""
    arrived_at: datetime | None
    """When the guest was checked in, in UTC."""
    decline_until: datetime | None = None
    """Until when who moved up may decline, also behind the deadline, in UTC; none for all others."""


@event("guest.update")
class GuestUpdated(GuestState):
    """A guest changed, or came to another household."""

    previous_household_id: ForPlanners[str | None] = None
    """The household before, if it changed."""
    attendances: Private[tuple[AttendanceState, ...]] = ()
    """What the guest answered, by part, for the household that the guest came to; empty where it was no other."""
    changes_code: Private[bool] = False
    """Whether the code for the door is another one than before: no event tells a code, read it anew."""

    @property
    def former(self) -> frozenset[str]:
        """The household before, if it changed: it hears that the guest is gone, and nothing of the guest any more."""
        return frozenset({self.previous_household_id or self.household_id}) - self.households


@event("guest.delete")
class GuestDeleted(GuestFact):
    """Somebody is invited no more."""


@event("guest.erase")
class GuestErased(HouseholdFact):
    """All that was held of a guest was erased, in what was told before, too: forget what you keep of the guest."""

    rewrites_log: ClassVar[bool] = True
    guest_id: ForAll[str]
    """The guest."""
    household_erased: ForAll[bool]
    """Whether nobody was left in the household, so that it is erased as well."""


@event("rsvp.update")
class RsvpUpdated(GuestFact):
    """A guest's answer for a part changed: it was given, taken back, or there came to be room."""

    part_id: ForAll[str]
    """The part."""
    is_main: ForAll[bool]
    """Whether it is the main part, whose answer is the guest's `rsvpStatus`."""
    guest_name: Private[str]
    """First and last name; empty for a plus-one who has none yet."""
    rsvp_status: Private[RsvpStatus]
    """What was answered."""
    previous_rsvp_status: Private[RsvpStatus]
    """What was answered before."""
    meal_id: Private[str | None]
    """The meal that was chosen."""
    answered_at: Private[datetime | None]
    """When, in UTC; none while there is no answer."""
    moved_up: Private[bool] = False
    """Whether places had come free for somebody who waited."""
    decline_until: Private[datetime | None] = None
    """Until when who moved up may decline, also behind the deadline, in UTC; none for all others."""


@event("queue.update")
class QueueUpdated(OccasionFact):
    """Others wait for a part than before, or in another order. Each household that waits hears its own place."""

    part_id: ForAll[str]
    """The part."""
    waiting: ForPlanners[tuple[str, ...]]
    """The households that wait, the first of the queue first."""

    @property
    def households(self) -> frozenset[str]:
        """Those that wait."""
        return frozenset(self.waiting)

    @property
    def apart(self) -> frozenset[str]:
        """Those that wait: each has a place of its own."""
        return self.households
