"""All refusals there are: whoever imports this module knows them."""

import domain.clubs.clubs
import domain.idempotency
import domain.tee_sheet.desk_problems
import domain.tee_sheet.problems

__all__ = ["domain"]
