"""A day's sheet to be printed: the starter's copy, and a sign for each cart. A page of HTML that needs nothing else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.carts.reading import carts_of_bookings
from domain.clubs.access import find_course, refuse_unless_staff
from domain.tee_sheet.booking.reading import PlayerView, bookings_of, parties_of
from domain.tee_sheet.inventory.reading import tee_times_of
from kit.enums import DescribedEnum
from kit.errors import NotFound
from models.clubs.tables import Club, Course
from models.clubs.values import Language
from models.tee_sheet.tables import Booking, TeeSheet, TeeTime
from models.tee_sheet.values import BookingStatus


class DaySheetForm(DescribedEnum):
    """What is printed of a day."""

    STARTER = "STARTER", "All starts with their players, carts and notes, to be ticked off."
    CART_SIGNS = "CART_SIGNS", "A sign for each cart that is reserved, with the start and the players in large letters."


WORDS = {
    Language.EN: {"start": "Start", "tee": "Tee", "players": "Players", "carts": "Carts", "notes": "Notes",
                  "cart": "Cart", "guest": "Guest", "holes": "holes"},
    Language.ES: {"start": "Salida", "tee": "Tee", "players": "Jugadores", "carts": "Buggies", "notes": "Notas",
                  "cart": "Buggy", "guest": "Invitado", "holes": "hoyos"},
}  # fmt: skip
STYLE = """
  body { font: 11pt sans-serif; margin: 1cm } h1 { font-size: 15pt } table { border-collapse: collapse; width: 100% }
  th, td { border: 1px solid #777; padding: 2pt 5pt; text-align: left; vertical-align: top } tr { break-inside: avoid }
  thead { display: table-header-group } .late { text-decoration: line-through }
  .sign { break-after: page; text-align: center; padding-top: 3cm } .sign b { font-size: 60pt; display: block }
  .sign p { font-size: 26pt; margin: .3cm }
"""


async def day_sheet(session: AsyncSession, *, viewer: Viewer, course_id: UUID, day: date, form: DaySheetForm) -> str:
    """Write a day of a course for the printer, in the club's language, for its staff.

    Raises NotFound, NotAllowed.
    """
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, course.club_id)
    sheet = await session.scalar(select(TeeSheet).where(TeeSheet.course_id == course.id, TeeSheet.date == day))
    if sheet is None:
        raise NotFound(message="The course has no tee sheet on this day; choose another day.")
    club = await session.get_one(Club, course.club_id)
    starts = await tee_times_of(session, sheet.id)
    there = await bookings_of(session, viewer=viewer, sheet=sheet)
    live = [row for row in there if row.status is not BookingStatus.CANCELLED]
    ids = [row.id for row in live]
    parties, carts = await parties_of(session, ids), await carts_of_bookings(session, ids)
    numbers = {key: [one.number for one in found] for key, found in carts.items()}
    page = _Page(club, course, sheet, starts, live, parties, numbers)
    return page.starter() if form is DaySheetForm.STARTER else page.signs()


class _Page:
    def __init__(
        self,
        club: Club,
        course: Course,
        sheet: TeeSheet,
        starts: Sequence[TeeTime],
        bookings: Iterable[Booking],
        parties: Mapping[UUID, Sequence[PlayerView]],
        carts: Mapping[UUID, Sequence[str]],
    ) -> None:
        self.words, self.club, self.course, self.sheet = WORDS[club.language], club, course, sheet
        self.starts, self.parties, self.carts = starts, parties, carts
        self.on: dict[UUID, list[Booking]] = {row.id: [] for row in starts}
        for booking in bookings:
            self.on[booking.tee_time_id].append(booking)

    def starter(self) -> str:
        """Write all starts, one a row."""
        heads = "".join(f"<th>{self.words[name]}</th>" for name in ("start", "tee", "players", "carts", "notes"))
        rows = "".join(map(self._row, self.starts))
        return self._page(f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>")

    def _row(self, start: TeeTime) -> str:
        there = self.on[start.id]
        players = [self._player(player) for booking in there for player in self.parties[booking.id]]
        carts = [escape(number) for booking in there for number in self.carts[booking.id]]
        noted = [(start.note, start.staff_note), *((row.note, row.staff_note) for row in there)]
        notes = [text for texts in noted for text in texts if text]
        cells = (
            f"{start.local_time:%H:%M}",
            str(start.tee),
            "<br>".join(players),
            ", ".join(carts),
            "<br>".join(map(escape, notes)),
        )
        return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"

    def _player(self, player: PlayerView) -> str:
        mark = "☑" if player.checked_in_at else "☐"
        name = f"{escape(self._name(player))} <small>{player.price_class}</small>"
        return f'<span class="late">{name}</span>' if player.no_show_at else f"{mark} {name}"

    def _name(self, player: PlayerView) -> str:
        return f"{player.first_name} {player.last_name}".strip() or self.words["guest"]

    def signs(self) -> str:
        """Write a sign for each cart, in the order of the starts."""
        return self._page("".join(self._signs()), titled=False)

    def _signs(self) -> Iterator[str]:
        for start in self.starts:
            for booking in self.on[start.id]:
                names = "".join(f"<p>{escape(self._name(player))}</p>" for player in self.parties[booking.id])
                when = f"{start.local_time:%H:%M} · {self.words['tee']} {start.tee}"
                for number in self.carts[booking.id]:
                    head = f"<b>{self.words['cart']} {escape(number)}</b><b>{start.local_time:%H:%M}</b>"
                    where = f"{escape(self.course.name)} · {when} · {booking.holes} {self.words['holes']}"
                    yield f'<section class="sign">{head}{names}<p><small>{where}</small></p></section>'

    def _page(self, body: str, *, titled: bool = True) -> str:
        title = escape(f"{self.club.name} · {self.course.name} · {self.sheet.date.isoformat()}")
        notes = "".join(f"<p>{escape(text)}</p>" for text in (self.sheet.note, self.sheet.staff_note) if text)
        head = f"<h1>{title}</h1>{notes}" if titled else ""
        language = self.club.language.value.lower()
        return (
            f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
            f"<style>{STYLE}</style><body>{head}{body}</body></html>"
        )
