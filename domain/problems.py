"""All refusals there are: whoever imports this module knows them."""

import domain.caddies.problems
import domain.carts.problems
import domain.clubs.arrivals
import domain.clubs.closures
import domain.clubs.clubs
import domain.course.problems
import domain.guests.posts.problems
import domain.guests.problems
import domain.guests.requests.problems
import domain.guests.seating.problems
import domain.idempotency
import domain.matching.problems
import domain.payments.problems
import domain.pictures
import domain.players.problems
import domain.tee_sheet.ballots.problems
import domain.tee_sheet.booking.problems
import domain.tee_sheet.desk.problems
import domain.tee_sheet.inventory.problems
import domain.tee_sheet.offers.problems
import domain.tee_sheet.play.problems
import domain.tee_sheet.sheets.problems
import domain.tee_sheet.waitlist.problems
import kit.pictures
import kit.spreadsheets

__all__ = ["domain", "kit"]
