"""All refusals there are: whoever imports this module knows them."""

import domain.caddies.problems
import domain.clubs.closures
import domain.clubs.clubs
import domain.course.cart_problems
import domain.course.problems
import domain.idempotency
import domain.tee_sheet.desk_problems
import domain.tee_sheet.play_problems
import domain.tee_sheet.problems
import domain.tee_sheet.waitlist_problems

__all__ = ["domain"]
