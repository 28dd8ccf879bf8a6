"""How many statements the changes of the bench cost Fairway: a test counts them, and the driver alone does as many."""

STATEMENTS = {"hold": 8, "book": 5, "check in": 5, "cancel": 9, "mark a caddie": 3}
"""By the change, without what begins and ends the transaction."""
