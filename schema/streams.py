"""What the subscriptions send that tell of several rooms."""

from schema.caddies.events import ASSIGNMENT_FACTS
from schema.carts import events as carts
from schema.clubs import events as clubs
from schema.course import events as course
from schema.events import event_types, event_union
from schema.guests.door import events as door
from schema.guests.households import events as households
from schema.guests.occasions import events as occasions
from schema.guests.posts import events as posts
from schema.guests.requests import events as requests
from schema.guests.rsvp import events as rsvp
from schema.guests.seating import events as seating
from schema.tee_sheet.ballots import events as ballots
from schema.tee_sheet.booking import events as booking
from schema.tee_sheet.desk import events as desk
from schema.tee_sheet.inventory import events as inventory
from schema.tee_sheet.play import events as play
from schema.tee_sheet.sheets import events as sheets
from schema.tee_sheet.waitlist import events as waitlist

BOOKING_FACTS = (*booking.FACTS, *play.BOOKING_FACTS, *ASSIGNMENT_FACTS, *carts.RESERVATION_FACTS)
SHEET_FACTS = (
    *inventory.FACTS,
    *booking.FACTS,
    *sheets.SHEET_FACTS,
    *desk.FACTS,
    *play.SHEET_FACTS,
    *waitlist.FACTS,
    *ballots.FACTS,
    *course.SHEET_FACTS,
)
COURSE_FACTS = (*course.COURSE_FACTS, *carts.FACTS)
CLUB_FACTS = (*SHEET_FACTS, *course.CLUB_FACTS, *sheets.CLUB_FACTS, *booking.CLUB_FACTS, *desk.CLUB_FACTS, *clubs.FACTS)
OCCASION_FACTS = (
    *occasions.FACTS,
    *households.FACTS,
    *rsvp.FACTS,
    *seating.FACTS,
    *door.FACTS,
    *posts.FACTS,
    *requests.FACTS,
    *occasions.RECORD_FACTS,
)

BookingStreamEvent = event_union("BookingStreamEvent", BOOKING_FACTS, "What `bookingEvents` sends.")
TeeSheetStreamEvent = event_union("TeeSheetStreamEvent", SHEET_FACTS, "What `teeSheetEvents` sends.")
ClubStreamEvent = event_union("ClubStreamEvent", CLUB_FACTS, "What `clubEvents` sends.")
TeeSheetEventType = event_types("TeeSheetEventType", SHEET_FACTS, "The events of a tee sheet, by wire name.")
ClubEventType = event_types("ClubEventType", CLUB_FACTS, "The events of a club, by wire name.")
CourseStatusStreamEvent = event_union(
    "CourseStatusStreamEvent",
    COURSE_FACTS,
    "What `courseStatusEvents` sends: to staff all of it, to others the course's status and conditions.",
)
CourseStatusEventType = event_types("CourseStatusEventType", COURSE_FACTS, "The events of a course, by wire name.")
OccasionStreamEvent = event_union(
    "OccasionStreamEvent",
    OCCASION_FACTS,
    "What `occasionEvents` sends: to those who plan the occasion all of it, to guests what concerns them.",
)
OccasionEventType = event_types("OccasionEventType", OCCASION_FACTS, "The events of an occasion, by wire name.")
