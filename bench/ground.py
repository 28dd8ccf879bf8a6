"""What is changed: clubs as a server shows them, and the requests that change their starts, bookings and caddies."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from auth.viewer import Role
from bench.fairway import token
from bench.generator import Answered, ask_all, done, request
from bench.servers import Running
from bench.services import Seeded
from bench.work import (
    BOOK,
    CANCEL,
    CHECK_IN,
    FOLLOW_CADDIES,
    FOLLOW_SHEET,
    HOLD,
    MARK,
    RELEASE,
    SEE_CADDIES,
    SEE_STARTS,
    UNDO_CHECK_IN,
)


@dataclass(frozen=True, kw_only=True)
class Club:
    """A club whose day of play is free."""

    name: str
    """Its public id, by which tokens know it."""
    id: str
    course: str
    starts: Sequence[str]
    caddies: Sequence[str]


class Ground:
    """Some clubs, and who does what there. Everybody has a token of their own, which names the one club."""

    def __init__(self, running: Running, clubs: int) -> None:
        """Read what there is from the server."""
        self._seeded = running.services.database
        self.day = self._seeded.ids["play_day"]
        self.clubs = list(islice(self._read(running), clubs))

    def _read(self, running: Running) -> Sequence[Club]:
        names, courses = (self._seeded.ids[key].split() for key in ("play_clubs", "play_courses"))
        id_of = running.client.id_of
        asked = [
            line
            for name, course in zip(names, courses, strict=True)
            for line in (
                request(self.staff(name), SEE_STARTS, course=id_of(course), day=self.day),
                request(self.staff(name), SEE_CADDIES, club=id_of(name)),
            )
        ]
        _, answers = ask_all(running, asked, connections=1)
        sheets, boards = ([answer.payload() for answer in answers[n::2]] for n in (0, 1))
        return [
            Club(
                name=name,
                id=id_of(name),
                course=id_of(course),
                starts=[start["id"] for start in sheet["teeTimes"]],
                caddies=[caddie["id"] for caddie in board["caddies"]],
            )
            for name, course, sheet, board in zip(names, courses, sheets, boards, strict=True)
        ]

    def at(self, number: int) -> tuple[Club, int]:
        """Spread what is done over the clubs: the club of a number, and its number there."""
        return self.clubs[number % len(self.clubs)], number // len(self.clubs)

    def staff(self, club: str, number: int = 0) -> str:
        """Give a token of somebody who works at a club."""
        return _token(self._seeded, Role.STAFF, number, club)

    def player(self, club: str, number: int) -> str:
        """Give a player's token at a club."""
        return _token(self._seeded, Role.PLAYER, number, club)

    def inits(self, count: int) -> list[str]:
        """Give the payload of `connection_init` for each of so many who follow."""
        tokens = (self.staff(self.at(n)[0].name, n) for n in range(count))
        return [json.dumps({"Authorization": f"Bearer {signed}"}) for signed in tokens]

    def payloads(self, what: str) -> list[str]:
        """Give the payload of `subscribe` for each club: its `sheet` or its `caddies`."""
        if what == "sheet":
            asked = [(FOLLOW_SHEET, {"course": club.course, "day": self.day}) for club in self.clubs]
        else:
            asked = [(FOLLOW_CADDIES, {"club": club.id}) for club in self.clubs]
        return [json.dumps({"query": query, "variables": variables}) for query, variables in asked]

    def _start(self, number: int) -> tuple[Club, str]:
        club, nth = self.at(number)
        return club, club.starts[nth % len(club.starts)]

    def holds(self, count: int) -> list[str]:
        """Let each of so many players hold a place, start after start."""
        asked = [(number, *self._start(number)) for number in range(count)]
        return [
            request(self.player(club.name, number), HOLD, input={"teeTimeId": start, "places": 1})
            for number, club, start in asked
        ]

    def bookings(self, count: int) -> list[str]:
        """Let each of so many players book a place, start after start."""
        asked = [(number, *self._start(number)) for number in range(count)]
        return [
            request(
                self.player(club.name, number),
                BOOK,
                input={"teeTimeId": start, "players": [{"firstName": "Player", "lastName": f"Number {number}"}]},
            )
            for number, club, start in asked
        ]

    def releases(self, holds: Sequence[str]) -> list[str]:
        """Let them give back what they hold."""
        return self._by_players(RELEASE, "holdId", holds)

    def cancellations(self, bookings: Sequence[str]) -> list[str]:
        """Let them cancel what they have booked."""
        return self._by_players(CANCEL, "bookingId", bookings)

    def check_ins(self, bookings: Sequence[str]) -> list[str]:
        """Let the staff check them in."""
        return self._by_staff(CHECK_IN, bookings)

    def undone_check_ins(self, bookings: Sequence[str]) -> list[str]:
        """Let the staff take that back."""
        return self._by_staff(UNDO_CHECK_IN, bookings)

    def marks(self, count: int) -> Iterator[list[str]]:
        """Let the staff mark caddies as prepared, then as back, and so on; nobody comes twice in a part."""
        everybody = [(club, club.caddies[n]) for n in range(len(self.clubs[0].caddies)) for club in self.clubs]
        chosen = everybody[: max(1, count // 2)]
        for status in ("IN_PREP", "AVAILABLE") * max(1, count // (2 * len(chosen))):
            yield [
                request(self.staff(club.name), MARK, input={"caddieId": caddie, "status": status})
                for club, caddie in chosen
            ]

    def _by_players(self, query: str, name: str, ids: Sequence[str]) -> list[str]:
        return [
            request(self.player(self.at(number)[0].name, number), query, input={name: known})
            for number, known in enumerate(ids)
        ]

    def _by_staff(self, query: str, ids: Sequence[str]) -> list[str]:
        return [
            request(self.staff(self.at(number)[0].name), query, input={"bookingId": known})
            for number, known in enumerate(ids)
        ]


def _token(seeded: Seeded, role: Role, number: int, club: str) -> str:
    return token(seeded, role, number, clubs=[club])


def ids_of(answers: Sequence[Answered], kind: str) -> list[str]:
    """Give the ids of what was made or changed. Raises Failed for the first that was refused."""
    return [payload[kind]["id"] for payload in done(answers)]
