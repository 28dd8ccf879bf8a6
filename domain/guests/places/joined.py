"""What is read together of those who are invited to parts, as the one place where it says how: to `select_from`."""

from sqlalchemy.orm import join, outerjoin

from models.guests.households import Attendance, Guest, Household
from models.guests.seating import DiningTable

GUESTS = join(Attendance, Guest, Guest.id == Attendance.guest_id)
"""What was answered, with who it is."""
HOMES = join(GUESTS, Household, Household.id == Attendance.household_id)
"""The same, with the household."""
SEATS = outerjoin(HOMES, DiningTable, DiningTable.id == Attendance.table_id)
"""The same, with the table where there is one."""
