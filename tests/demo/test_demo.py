from asyncio import gather
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from auth.claims import viewer_of
from auth.viewer import Role
from demo.clubs import EIGHTEEN_ID, MAIN_ZONE, NINE_ID, SECOND_COURSE_ID, SECOND_ZONE
from demo.load import load_demo
from demo.people import (
    GUEST_ID,
    HOUSEHOLD_ID,
    MAIN_CLUB_ID,
    MEMBER_ID,
    PEOPLE,
    PUBLIC_ID,
    SECOND_CLUB_ID,
    TENANT_ID,
    WEDDING_ID,
)
from domain.tee_sheet.booking.bookings import book_slots, cancel_booking
from domain.tee_sheet.booking.sales import BookingWish
from events.log import Logged
from events.work import UnitOfWork
from kit.database import Database
from kit.ids import public_id
from kit.postgres import EmbeddedPostgres
from models.tee_sheet.tables import TeeSheet
from tests.demo.demos import NOW, Demo, opened

TODAY, TOMORROW = date(2026, 5, 4), date(2026, 5, 5)
COURSE_IDS = {EIGHTEEN_ID, NINE_ID, SECOND_COURSE_ID}
ADMIN, *_ = PEOPLE
PLAYERS = {person.player_id: person for person in PEOPLE if person.player_id}

SHEETS = """
    SELECT t.course_id, t.date, count(*) AS places, count(*) FILTER (WHERE s.status = 'BOOKED') AS booked
    FROM tee_sheets t JOIN tee_times s0 ON s0.sheet_id = t.id JOIN slots s ON s.tee_time_id = s0.id
    GROUP BY t.course_id, t.date ORDER BY t.date, t.course_id
"""
PLACES = """
    SELECT t.course_id, t.date, s0.local_time, s0.tee, s.number, s.status, b.payer_first_name, b.payer_last_name,
        b.booked_by, b.holes, b.price_cents AS booking_cents, b.paid_cents, b.currency, b.created_at,
        p.position, p.first_name, p.last_name, p.price_class, p.price_cents, p.player_id, h.holder_id, h.expires_at
    FROM tee_sheets t JOIN tee_times s0 ON s0.sheet_id = t.id JOIN slots s ON s.tee_time_id = s0.id
        LEFT JOIN bookings b ON b.id = s.booking_id LEFT JOIN booking_players p ON p.slot_id = s.id
        LEFT JOIN holds h ON h.id = s.hold_id
    ORDER BY t.course_id, t.date, s0.starts_at, s0.tee, s.number
"""
BOOKINGS = """
    SELECT b.*, t.course_id AS sheet_course_id, t.date, t.time_zone, t.currency AS sheet_currency, s0.starts_at,
        (SELECT count(*) FROM slots s WHERE s.booking_id = b.id AND s.tee_time_id = b.tee_time_id) AS places,
        array_agg(p.price_class ORDER BY p.position) AS classes, sum(p.price_cents) AS players_cents,
        array_agg(p.first_name || ' ' || p.last_name ORDER BY p.position) AS players
    FROM bookings b JOIN tee_times s0 ON s0.id = b.tee_time_id JOIN tee_sheets t ON t.id = s0.sheet_id
        JOIN booking_players p ON p.booking_id = b.id
    GROUP BY b.id, t.id, s0.id ORDER BY b.id
"""
HOLDS = """
    SELECT h.*, s0.starts_at, t.course_id
    FROM holds h JOIN tee_times s0 ON s0.id = h.tee_time_id JOIN tee_sheets t ON t.id = s0.sheet_id
    WHERE NOT h.is_held_back ORDER BY s0.starts_at
"""


async def test_there_are_two_clubs_with_their_courses_and_about_forty_players(demo: Demo) -> None:
    clubs = {row["id"]: row for row in await demo.rows("SELECT * FROM clubs")}
    courses = await demo.rows("SELECT * FROM courses")
    players = await demo.rows("SELECT * FROM players")
    assert {(row["time_zone"], row["currency"], row["language"], row["name_privacy"]) for row in clubs.values()} == {
        (MAIN_ZONE, "USD", "EN", "INITIALS"),
        (SECOND_ZONE, "EUR", "ES", "HIDDEN"),
    }
    assert {(row["id"], row["club_id"], row["holes"]) for row in courses} == {
        (EIGHTEEN_ID, MAIN_CLUB_ID, 18),
        (NINE_ID, MAIN_CLUB_ID, 9),
        (SECOND_COURSE_ID, SECOND_CLUB_ID, 18),
    }
    assert 35 <= len(players) <= 45
    assert len({(row["first_name"], row["last_name"]) for row in players}) == len(players)
    for club_id in clubs:
        own = {"JUNIOR", "SENIOR"} if club_id == MAIN_CLUB_ID else set()
        known = {"MEMBER", "GUEST", "PUBLIC"} | own
        assert {row["price_class"] for row in players if row["club_id"] == club_id} == known


async def test_thirty_caddies_stand_on_three_lists_in_a_drawn_order(demo: Demo) -> None:
    caddies = await demo.rows("SELECT * FROM caddies ORDER BY id")
    assert {number: sum(row["list_number"] == number for row in caddies) for number in (1, 2, 3)} == dict.fromkeys(
        (1, 2, 3), 10
    )
    assert {row["club_id"] for row in caddies} == {MAIN_CLUB_ID}
    assert len({row["name"] for row in caddies}) == len({row["phone"] for row in caddies}) == 30
    assert {row["status"] for row in caddies} == {"AVAILABLE", "IN_PREP", "LATE", "ABSENT", "ON_LEAVE"}
    [person] = [person for person in PEOPLE if person.caddie_lists]
    assert [row["list_number"] for row in caddies if row["user_id"] == person.user_id] == list(person.caddie_lists)
    draws = await demo.rows("SELECT * FROM caddie_draws ORDER BY list_number")
    assert [(row["list_number"], row["week"], row["seed"]) for row in draws] == [
        (number, TODAY, f"demo {number}") for number in (1, 2, 3)
    ]


async def test_a_week_has_sheets_and_two_days_are_about_seventy_percent_full(demo: Demo) -> None:
    sheets = await demo.rows(SHEETS)
    days = [TODAY + timedelta(days=ahead) for ahead in range(8)]
    assert {(row["course_id"], row["date"]) for row in sheets} == {(c, day) for c in COURSE_IDS for day in days}
    for row in sheets:
        share = row["booked"] / row["places"]
        assert 0.6 <= share <= 0.8 if row["date"] <= TOMORROW else share == 0, row


async def test_bookings_lie_on_the_days_that_are_open_and_add_up(demo: Demo) -> None:
    bookings = await demo.rows(BOOKINGS)
    for row in bookings:
        assert row["date"] in {TODAY, TOMORROW}
        assert row["starts_at"].astimezone(ZoneInfo(row["time_zone"])).date() == row["date"]
        assert row["created_at"] <= min(row["starts_at"], NOW)
        assert (row["course_id"], row["currency"]) == (row["sheet_course_id"], row["sheet_currency"])
        assert row["price_cents"] == row["players_cents"] > 0
        assert row["paid_cents"] in {0, row["price_cents"]}
        assert row["places"] == (0 if row["status"] == "CANCELLED" else len(row["players"]))
    assert any(row["starts_at"] < NOW for row in bookings)


async def test_bookings_are_mixed(demo: Demo) -> None:
    for course_id in COURSE_IDS:
        for day in (TODAY, TOMORROW):
            bookings = [r for r in await demo.rows(BOOKINGS) if (r["course_id"], r["date"]) == (course_id, day)]
            assert {len(row["players"]) for row in bookings} == {1, 2, 3, 4}
            assert {of for row in bookings for of in row["classes"]} >= {"MEMBER", "GUEST", "PUBLIC"}
            assert any(len(set(row["classes"])) > 1 for row in bookings)
            assert {row["paid_cents"] > 0 for row in bookings} == {True, False}
            assert 1 <= sum(row["status"] == "CANCELLED" for row in bookings) <= 5
            payers = [(f"{row['payer_first_name']} {row['payer_last_name']}", row["players"]) for row in bookings]
            assert {payer == players[0] for payer, players in payers} == {True, False}
    assert {row["holes"] for row in await demo.rows(BOOKINGS) if row["course_id"] == NINE_ID} == {9, 18}


async def test_nobody_plays_twice_a_day(demo: Demo) -> None:
    known = [(row["date"], row["player_id"]) for row in await demo.rows(PLACES) if row["player_id"]]
    assert len(known) == len(set(known)) > 60


async def test_each_player_who_can_sign_in_has_bookings_of_their_own(demo: Demo) -> None:
    known = {row["id"]: row for row in await demo.rows("SELECT * FROM players")}
    bookings = await demo.rows(BOOKINGS)
    for player_id, price_class in ((MEMBER_ID, "MEMBER"), (GUEST_ID, "GUEST"), (PUBLIC_ID, "PUBLIC")):
        person = PLAYERS[player_id]
        assert (known[player_id]["price_class"], known[player_id]["user_id"]) == (price_class, person.user_id)
        own = [row for row in bookings if row["booked_by"] == person.user_id]
        assert [row["date"] for row in own] == [TODAY, TOMORROW]
        assert {row["course_id"] for row in own} == {EIGHTEEN_ID}
        assert {row["status"] for row in own} == {"CONFIRMED"}


async def test_each_player_who_can_sign_in_holds_places_that_will_be_free_again(demo: Demo) -> None:
    holds = await demo.rows(HOLDS)
    assert {row["holder_id"] for row in holds} == {person.user_id for person in PLAYERS.values()}
    assert len({row["tee_time_id"] for row in holds}) == len(holds) == 3
    for row in holds:
        assert (row["status"], row["course_id"], row["expires_at"]) == (
            "ACTIVE",
            EIGHTEEN_ID,
            NOW + timedelta(minutes=10),
        )
        assert row["starts_at"] > NOW
    all_holds = await demo.rows("SELECT * FROM holds")
    assert len(await demo.rows("SELECT * FROM pgqueuer WHERE entrypoint = 'expire_hold'")) == len(all_holds)


async def test_a_saturday_is_sold_by_draw(demo: Demo) -> None:
    [ballot] = await demo.rows("SELECT * FROM ballots WHERE course_id = $1", EIGHTEEN_ID)
    assert (ballot["date"], ballot["status"], ballot["entries"]) == (date(2026, 5, 9), "OPEN", 3)
    who = {row["player_id"] for row in await demo.rows("SELECT * FROM ballot_players WHERE player_id IS NOT NULL")}
    assert who == {MEMBER_ID, GUEST_ID, PUBLIC_ID}


async def test_some_starts_are_drawn_and_everybody_got_a_first_wish(demo: Demo) -> None:
    ballots = await demo.rows("SELECT * FROM ballots WHERE course_id = $1 ORDER BY date", NINE_ID)
    found = [(row["date"], row["status"], row["entries"]) for row in ballots]
    assert found == [(TODAY, "DRAWN", 3), (TOMORROW, "DRAWN", 3)]
    for ballot in ballots:
        entries = "SELECT places, choice FROM ballot_entries WHERE ballot_id = $1 ORDER BY 1"
        drawn = await demo.rows(entries, ballot["id"])
        assert [tuple(row.values()) for row in drawn] == [(1, 1), (2, 1), (3, 1)]


async def test_a_group_plays_each_afternoon_and_a_member_each_week(demo: Demo) -> None:
    groups = await demo.rows("""
        SELECT t.date, count(DISTINCT b.id) AS starts, count(*) AS players
        FROM bookings b JOIN tee_times s0 ON s0.id = b.tee_time_id JOIN tee_sheets t ON t.id = s0.sheet_id
            JOIN booking_players p ON p.booking_id = b.id
        WHERE b.group_id IS NOT NULL GROUP BY t.date ORDER BY t.date
    """)
    assert [tuple(row.values()) for row in groups] == [(TODAY, 3, 12), (TOMORROW, 3, 12)]
    [weekly] = await demo.rows("SELECT * FROM standing_bookings")
    assert (weekly["first_date"], weekly["places"]) == (TODAY + timedelta(days=9), 2)
    assert weekly["next_date"] == weekly["first_date"]


async def test_places_that_are_given_up_at_the_second_club_are_held_back(demo: Demo) -> None:
    clubs = {row["id"]: row["held_back_minutes"] for row in await demo.rows("SELECT * FROM clubs")}
    assert clubs == {MAIN_CLUB_ID: 0, SECOND_CLUB_ID: 60}
    held = await demo.rows("SELECT count(*) AS places FROM holds WHERE is_held_back")
    assert held[0]["places"] > 0


async def test_a_wedding_is_celebrated(demo: Demo) -> None:
    answers = """
        SELECT p.name, a.status, count(*) AS guests, p.taken
        FROM attendances a JOIN occasion_parts p ON p.id = a.part_id
        WHERE a.occasion_id = $1 GROUP BY p.name, a.status, p.taken ORDER BY p.name, a.status
    """
    rows = await demo.rows(answers, WEDDING_ID)
    dinner = {row["status"]: row["guests"] for row in rows if row["name"] == "Dinner"}
    assert dinner == {"ACCEPTED": 96, "DECLINED": 14, "PENDING": 10}
    for row in rows:
        if row["status"] == "ACCEPTED":
            assert row["taken"] == row["guests"], row
    seats = """
        SELECT count(*) AS seated, count(DISTINCT table_id) AS tables FROM attendances
        WHERE occasion_id = $1 AND table_id IS NOT NULL
    """
    assert dict((await demo.rows(seats, WEDDING_ID))[0]) == {"seated": 104, "tables": 13}
    ages = "SELECT age_group, count(*) AS guests FROM guests WHERE occasion_id = $1 GROUP BY age_group"
    found = {row["age_group"]: row["guests"] for row in await demo.rows(ages, WEDDING_ID)}
    assert sum(found.values()) == 120
    assert found["CHILD"] > 10
    assert found["INFANT"] == 1
    listed = "SELECT count(*) AS guests FROM guests WHERE occasion_id = $1 AND is_listed AND first_name <> ''"
    assert (await demo.rows(listed, WEDDING_ID))[0]["guests"] == 8, "the directory has people"


def test_there_is_somebody_for_each_role() -> None:
    assert {role for person in PEOPLE for role in person.roles} == set(Role)
    assert len({person.user_id for person in PEOPLE}) == len({person.label for person in PEOPLE}) == len(PEOPLE)
    assert ADMIN.viewer(now=NOW).is_tenant_admin
    elsewhere = [person for person in PEOPLE if not person.viewer(now=NOW).may_see_club(MAIN_CLUB_ID)]
    assert [person.household_id for person in elsewhere] == [HOUSEHOLD_ID], "a guest's token names no club"


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.label)
def test_a_person_is_the_viewer_whom_their_token_describes(person: Any) -> None:
    claims = {
        "sub": person.user_id,
        "tenantId": public_id("tenant", TENANT_ID),
        "clubIds": [public_id("club", club_id) for club_id in person.club_ids],
        "roles": list(person.roles),
        "playerId": person.player_id and public_id("player", person.player_id),
        "caddieLists": list(person.caddie_lists),
        "householdId": person.household_id and public_id("household", person.household_id),
        "exp": (NOW + timedelta(hours=1)).timestamp(),
    }
    assert person.viewer(now=NOW) == viewer_of(claims)


@pytest.mark.parametrize("later", [timedelta(), timedelta(hours=5)], ids=["at once", "after the holds"])
async def test_a_repeat_on_the_same_day_changes_nothing(demo: Demo, later: timedelta) -> None:
    before = await demo.everything()
    assert len(before["events"]) > 1_000
    assert not await load_demo(demo.work, now=NOW + later)
    assert await demo.everything() == before
    assert demo.told == []


async def test_the_next_day_gets_the_day_that_is_new(demo: Demo) -> None:
    before = await demo.rows(PLACES)
    assert await load_demo(demo.work, now=NOW + timedelta(days=1))
    after = {(row["course_id"], row["date"]): row for row in await demo.rows(SHEETS)}
    assert len(after) == 3 * 9
    for course_id in COURSE_IDS:
        assert after[course_id, TODAY + timedelta(days=8)]["booked"] == 0
        assert (
            0.6 <= after[course_id, TODAY + timedelta(days=2)]["booked"] / after[course_id, TOMORROW]["places"] <= 0.8
        )
    booked = [row for row in before if row["status"] == "BOOKED"]
    assert [r for r in await demo.rows(PLACES) if r["status"] == "BOOKED" and r["date"] <= TOMORROW] == booked
    assert len(await demo.rows(HOLDS)) == 6
    assert not await load_demo(demo.work, now=NOW + timedelta(days=1, hours=1))


async def test_the_news_of_what_is_made_is_told(demo: Demo) -> None:
    await load_demo(demo.work, now=NOW + timedelta(days=1))
    told = [item.type for item in demo.told]
    made = await demo.rows(f"SELECT type FROM events WHERE occurred_at > '{NOW.isoformat()}'")
    assert sorted(told) == sorted(row["type"] for row in made)
    assert {"tee-sheet.changed", "booking.created", "booking.cancelled", "slot.booked", "slot.held"} <= set(told)


async def test_a_sheet_that_somebody_has_used_is_left_alone(demo: Demo) -> None:
    [tee_time] = await demo.rows(
        "SELECT s0.id FROM tee_times s0 JOIN tee_sheets t ON t.id = s0.sheet_id "
        f"WHERE t.course_id = '{NINE_ID}' AND t.date = '2026-05-06' ORDER BY s0.starts_at LIMIT 1"
    )
    viewer = PLAYERS[MEMBER_ID].viewer(now=NOW)
    async with demo.work.change(TENANT_ID) as change:
        wish = BookingWish(places=1)
        booking = await book_slots(change.session, viewer=viewer, wish=wish, tee_time_id=tee_time["id"], now=NOW)
    async with demo.work.change(TENANT_ID) as change:
        await cancel_booking(change.session, viewer=viewer, booking_id=booking.id, now=NOW)
    assert await load_demo(demo.work, now=NOW + timedelta(days=1))
    bookings = [r for r in await demo.rows(BOOKINGS) if (r["course_id"], r["date"]) == (NINE_ID, date(2026, 5, 6))]
    assert [row["id"] for row in bookings] == [booking.id]


async def test_what_the_rules_refuse_now_is_left_out(demo: Demo) -> None:
    async with demo.work.change(TENANT_ID) as change:
        sheet = (TeeSheet.course_id == EIGHTEEN_ID, TeeSheet.date == date(2026, 5, 6))
        await change.session.execute(update(TeeSheet).where(*sheet).values(is_online=False))
    assert await load_demo(demo.work, now=NOW + timedelta(days=1))
    after = {row["course_id"]: row for row in await demo.rows(SHEETS) if row["date"] == date(2026, 5, 6)}
    assert {course_id for course_id, row in after.items() if row["booked"]} == {NINE_ID, SECOND_COURSE_ID}


@pytest.mark.slow
async def test_two_processes_at_once_make_in_another_database_what_one_makes(
    postgres: EmbeddedPostgres, demo: Demo
) -> None:
    async with opened(postgres, "demo_other") as other, second_process(other) as twin:
        assert any(await gather(load_demo(other.work, now=NOW), load_demo(twin, now=NOW)))
        assert await other.rows(PLACES) == await demo.rows(PLACES)
        assert _without_ids(await other.rows(BOOKINGS)) == _without_ids(await demo.rows(BOOKINGS))
        assert len(await other.rows("SELECT * FROM events")) == len(await demo.rows("SELECT * FROM events"))


@asynccontextmanager
async def second_process(demo: Demo) -> AsyncIterator[UnitOfWork]:
    urls = (demo.database.app.url, demo.database.system.url)
    database = Database(*urls)

    async def publish(logged: Sequence[Logged]) -> None:
        demo.told.extend(logged)

    try:
        yield UnitOfWork(database, publish)
    finally:
        await database.close()


IDS = {"id", "tee_time_id", "turn_tee_time_id", "group_id"}


def _without_ids(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(repr({k: v for k, v in row.items() if k not in IDS}) for row in rows)


async def test_the_large_course_has_carts_and_some_bookings_have_one(demo: Demo) -> None:
    carts = await demo.rows("SELECT * FROM carts")
    assert {row["course_id"] for row in carts} == {EIGHTEEN_ID}
    assert {row["number"] for row in carts} == {f"{number}" for number in range(1, 25)}
    assert [row["number"] for row in carts if row["status"] != "ACTIVE"] == ["13"]
    reserved = await demo.rows(
        "SELECT t.date, count(*) FROM cart_reservations r JOIN bookings b ON b.id = r.booking_id"
        " JOIN tee_times s ON s.id = b.tee_time_id JOIN tee_sheets t ON t.id = s.sheet_id"
        " WHERE r.status = 'PENDING' AND b.status = 'CONFIRMED' GROUP BY t.date ORDER BY t.date"
    )
    assert [row["date"] for row in reserved] == [TODAY, TOMORROW]
    assert all(row["count"] > 5 for row in reserved)


async def test_the_wedding_s_guests_have_posted_and_asked(demo: Demo) -> None:
    posted = await demo.rows(
        "SELECT kind, status, count(*) AS posts, sum(votes)::int AS votes FROM posts GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert [tuple(row.values()) for row in posted] == [
        ("GUESTBOOK", "PENDING", 1, 0), ("MUSIC", "APPROVED", 1, 3), ("MUSIC", "PENDING", 1, 0),
    ]  # fmt: skip
    asked = await demo.rows("SELECT status, reply <> '' AS answered FROM guest_requests ORDER BY id")
    assert [tuple(row.values()) for row in asked] == [("OPEN", False), ("IN_PROGRESS", True)]
