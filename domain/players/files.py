"""Players from a file and into one: looked at first, and then taken in whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_club, refuse_unless_staff
from domain.clubs.price_classes import check_given
from domain.players.facts import state_of
from domain.players.fields import apply
from domain.players.players import lock_club, new_player
from domain.players.rows import HEADINGS, WHERE, PlayerRow, known_by, read_rows
from events.log import record
from events.players import PlayerUpdated
from kit.errors import InvalidInput, NotFound
from kit.fault_codes import Fault
from kit.ids import new_id
from kit.spreadsheets import BadRow, ImportRefused, Sheet, write_sheet
from kit.text import camel
from models.clubs.players import PlayerImport
from models.clubs.tables import Club, Player
from models.guests.values import Duplicates

UNIQUE = {"member_number": "member number", "user_id": "user"}
"""What is one player's alone, and its column."""


@dataclass(frozen=True, kw_only=True)
class PlayerReport:
    """What became of a file, or would."""

    added: int
    updated: int
    skipped: int
    bad_rows: Sequence[BadRow]


@dataclass(frozen=True, kw_only=True)
class ImportedPlayers:
    """A file that was looked at, and the import if it was taken in."""

    report: PlayerReport
    row: PlayerImport | None


@dataclass(frozen=True)
class _Sorted:
    new: list[PlayerRow]
    changed: list[tuple[PlayerRow, Player]]
    skipped: list[PlayerRow]


async def import_players(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club_id: UUID,
    csv_text: str,
    duplicates: Duplicates = Duplicates.REFUSE,
    apply_it: bool = False,
    now: datetime,
) -> ImportedPlayers:
    """Look at a file of players, and take it in where that is to be applied: all of it or nothing. For staff.

    Raises NotFound, NotAllowed, InvalidInput, and, where it is to be applied, ImportRefused that names every bad row.
    """
    if apply_it:
        club = await lock_club(session, viewer=viewer, club_id=club_id)
    else:
        club = await find_club(session, viewer=viewer, club_id=club_id)
        refuse_unless_staff(viewer, club.id)
    sheet, rows = read_rows(csv_text, club=club, now=now)
    players = await _players(session, club)
    found = _sort(sheet, rows, players, duplicates, club)
    hosts = _hosts(sheet, rows, players)
    bad = sorted(sheet.bad, key=lambda row: row.line)
    report = PlayerReport(added=len(found.new), updated=len(found.changed), skipped=len(found.skipped), bad_rows=bad)
    if not apply_it:
        return ImportedPlayers(report=report, row=None)
    if bad:
        raise ImportRefused(rows=bad, path=WHERE)
    await _take_in(session, club, found, hosts, now=now)
    done = PlayerImport(
        id=new_id(),
        tenant_id=club.tenant_id,
        club_id=club.id,
        added=report.added,
        updated=report.updated,
        skipped=report.skipped,
        imported_by=viewer.user_id,
        created_at=now,
    )
    session.add(done)
    return ImportedPlayers(report=report, row=done)


async def _players(session: AsyncSession, club: Club) -> list[Player]:
    """Read the players of a club, by name; those who were merged into others are no more."""
    rows = select(Player).where(Player.club_id == club.id, Player.merged_into_id.is_(None))
    return list(await session.scalars(rows.order_by(Player.sort_name, Player.id)))


def _sort(
    sheet: Sheet, rows: Sequence[PlayerRow], players: Sequence[Player], duplicates: Duplicates, club: Club
) -> _Sorted:
    """Tell who is new and who is known, and refuse what cannot be: somebody twice, and what is another player's."""
    known = {known_by(player): player for player in players}
    owners = {name: {getattr(player, name): player for player in players} for name in UNIQUE}
    seen: dict[tuple[str, ...], int] = {}
    found = _Sorted([], [], [])
    for row in rows:
        match = known.get(row.key)
        if row.key in seen:
            line = seen[row.key]
            sheet.refuse(row.line, "first name", f"“{row.name}” stands in line {line} already.", Fault.REPEATED, line)
        elif match and duplicates is Duplicates.REFUSE:
            sheet.refuse(row.line, "first name", f"“{row.name}” is a player of the club already.", Fault.KNOWN_ALREADY)
        elif match and duplicates is Duplicates.SKIP:
            found.skipped.append(row)
        elif not _is_another_s(sheet, row, owners, match) and not _is_retired(sheet, row, club, match):
            if match:
                found.changed.append((row, match))
            else:
                found.new.append(row)
        seen.setdefault(row.key, row.line)
        for name in UNIQUE:  # the rows below are not to have what this one has
            if (value := row.values.get(name)) and row.key[0] != name and match is None:
                owners[name].setdefault(value, Player(id=new_id()))
    return found


def _is_another_s(
    sheet: Sheet, row: PlayerRow, owners: Mapping[str, Mapping[Any, Player]], match: Player | None
) -> bool:
    faults = len(sheet.bad)
    for name, column in UNIQUE.items():
        owner = owners[name].get(row.values.get(name)) if row.values.get(name) else None
        if owner is not None and (match is None or owner.id != match.id):
            sheet.refuse(row.line, column, "Another player has this already.", Fault.TAKEN)
    return len(sheet.bad) > faults


def _is_retired(sheet: Sheet, row: PlayerRow, club: Club, match: Player | None) -> bool:
    """Refuse a price class that is given to nobody any more, but to who has it."""
    price_class = row.values["price_class"]
    if match and match.price_class == price_class:
        return False
    try:
        check_given(club, price_class, path=WHERE)
    except InvalidInput as error:
        sheet.refuse_for(row.line, "class", error)
        return True
    return False


def _hosts(sheet: Sheet, rows: Sequence[PlayerRow], players: Sequence[Player]) -> dict[str, UUID | None]:
    """Find the hosts that rows name by their member numbers: at the club, or in the file, whose ids are not known yet.

    A row whose host is in neither is refused, and one that names itself.
    """
    found: dict[str, UUID | None] = {row.values["member_number"]: None for row in rows if "member_number" in row.values}
    found |= {player.member_number: player.id for player in players if player.member_number}
    for row in rows:
        if row.host is not None and (row.host not in found or row.host == row.values.get("member_number")):
            reason = "No other player of the club, or of the file, has this member number."
            sheet.refuse(row.line, "host", reason, Fault.HOST_UNKNOWN)
    return found


async def _take_in(
    session: AsyncSession, club: Club, found: _Sorted, hosts: dict[str, UUID | None], *, now: datetime
) -> None:
    ids = {id(row): new_id() for row in found.new}
    for row in found.new:
        if number := row.values.get("member_number"):
            hosts[number] = ids[id(row)]
    for row in found.new:
        values = {"host_id": hosts[row.host]} if row.host else {}
        new_player(session, club, row.values | values, player_id=ids[id(row)], now=now)
    for row, player in found.changed:
        values = {"host_id": hosts[row.host]} if row.host else {}
        if changes := apply(player, row.values | values):
            record(session, PlayerUpdated(**state_of(player), changes=tuple(map(camel, changes))), now=now)
    await session.flush()


async def export_players(session: AsyncSession, *, viewer: Viewer, club_id: UUID) -> str:
    """Write the players of a club as a file that can be read in again, by name, for its staff.

    Raises NotFound, NotAllowed.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_staff(viewer, club.id)
    players = await _players(session, club)
    numbers = {player.id: player.member_number or "" for player in players}
    return write_sheet(list(HEADINGS), (_written(player, numbers) for player in players))


def _written(player: Player, numbers: Mapping[UUID, str]) -> list[object]:
    return [
        player.first_name,
        player.last_name,
        player.price_class,
        player.member_number or "",
        player.phone or "",
        player.email or "",
        player.birth_date or "",
        player.household or "",
        numbers.get(player.host_id, "") if player.host_id else "",
        player.user_id or "",
        "yes" if player.is_active else "no",
        player.notes,
    ]


async def find_import(session: AsyncSession, *, viewer: Viewer, import_id: UUID) -> PlayerImport:
    """Find an import, for the club's staff. Raises NotFound."""
    done = await session.get(PlayerImport, import_id)
    if done is None or not viewer.is_staff_of(done.club_id):
        raise NotFound(message="There is no such import, or you may not know of it.")
    return done
