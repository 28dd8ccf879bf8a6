"""The statements of a report. Each counts all days of a span at once; days are those of the sheets."""

from sqlalchemy import Date, Text, TextClause, Uuid, bindparam, text

SPAN = "s.club_id = :club_id AND s.date BETWEEN :first AND :last"
STARTS = f"tee_sheets s JOIN tee_times t ON t.sheet_id = s.id AND {SPAN}"
SOLD = f"{STARTS} JOIN bookings b ON b.tee_time_id = t.id"
GIVEN_UP = "b.status = 'CANCELLED' AND EXISTS (SELECT FROM booking_players p WHERE p.booking_id = b.id)"
"""Of a booking that was merged into another one, nobody is left."""
LIVE = f"{SOLD} AND b.status <> 'CANCELLED'"


def _statement(sql: str) -> TextClause:
    given = text(sql).bindparams(bindparam("club_id", type_=Uuid))
    return given.bindparams(bindparam("first", type_=Date), bindparam("last", type_=Date))


PLACES = _statement(f"""
    SELECT s.date, p.status, count(*) FROM {STARTS} JOIN slots p ON p.tee_time_id = t.id GROUP BY 1, 2
""")
BOOKINGS = _statement(f"""
    SELECT s.date, count(*) FILTER (WHERE b.status <> 'CANCELLED'), count(*) FILTER (WHERE {GIVEN_UP})
    FROM {SOLD} GROUP BY 1
""")
PLAYERS = _statement(f"""
    SELECT s.date, p.price_class, b.currency, count(*) AS players, count(p.no_show_at) AS no_shows,
        sum(p.price_cents) AS cents
    FROM {LIVE} JOIN booking_players p ON p.booking_id = b.id GROUP BY 1, 2, 3
""")
MONEY = _statement(f"""
    SELECT date, currency, sum(greatest(0, price + fees - discounts)) AS charged, sum(paid) AS paid,
        sum(refunded) AS refunded
    FROM (
        SELECT s.date, b.currency, CASE b.status WHEN 'CANCELLED' THEN 0 ELSE b.price_cents END AS price,
            COALESCE(e.fees, 0) AS fees, COALESCE(e.discounts, 0) AS discounts, COALESCE(e.paid, 0) AS paid,
            COALESCE(e.refunded, 0) AS refunded
        FROM {SOLD} LEFT JOIN LATERAL (
            SELECT sum(amount_cents) FILTER (WHERE kind = 'FEE') AS fees,
                sum(amount_cents) FILTER (WHERE kind = 'DISCOUNT') AS discounts,
                sum(amount_cents) FILTER (WHERE kind IN ('PAYMENT', 'RAIN_CHECK')) AS paid,
                sum(amount_cents) FILTER (WHERE kind IN ('REFUND', 'RAIN_CHECK_RETURNED')) AS refunded
            FROM ledger_entries WHERE booking_id = b.id
        ) e ON true
    ) sums GROUP BY 1, 2
""")
"""As `sums` of a booking's ledger has it, added up."""
TAKINGS = _statement("""
    SELECT (created_at AT TIME ZONE :zone)::date AS date, currency,
        COALESCE(sum(amount_cents) FILTER (WHERE kind = 'PAYMENT'), 0) AS taken,
        COALESCE(sum(amount_cents) FILTER (WHERE kind = 'REFUND'), 0) AS given_back
    FROM ledger_entries
    WHERE club_id = :club_id AND kind IN ('PAYMENT', 'REFUND')
        AND created_at >= CAST(:first AS timestamp) AT TIME ZONE :zone
        AND created_at < (CAST(:last AS timestamp) + interval '1 day') AT TIME ZONE :zone
    GROUP BY 1, 2
""").bindparams(bindparam("zone", type_=Text))
"""What was noted on each day of the club's clock, whichever day it was for."""
NO_SHOWS = _statement(f"""
    SELECT p.player_id, COALESCE(k.first_name, p.first_name) AS first_name,
        COALESCE(k.last_name, p.last_name) AS last_name, count(*) AS times
    FROM {LIVE} JOIN booking_players p ON p.booking_id = b.id AND p.no_show_at IS NOT NULL
        LEFT JOIN players k ON k.id = p.player_id
    GROUP BY 1, 2, 3 ORDER BY times DESC, last_name, first_name, p.player_id LIMIT :most
""")
HOURS = "extract(epoch FROM t.starts_at - b.{column}) / 3600"
LEAD = """
    SELECT CASE WHEN hours <= 0 THEN 'AFTER_START' WHEN hours < 2 THEN 'HOURS_2' WHEN hours < 24 THEN 'DAY_1'
        WHEN hours < 72 THEN 'DAYS_3' WHEN hours < 168 THEN 'DAYS_7' WHEN hours < 336 THEN 'DAYS_14' ELSE 'LONGER' END,
        count(*)
    FROM ({hours}) ahead GROUP BY 1
"""
MADE = f"SELECT {HOURS.format(column='created_at')} AS hours FROM {SOLD}"
CANCELLED = f"SELECT {HOURS.format(column='cancelled_at')} AS hours FROM {SOLD} AND {GIVEN_UP}"
MADE_AHEAD, CANCELLED_AHEAD = (_statement(LEAD.format(hours=hours)) for hours in (MADE, CANCELLED))
MEDIAN = "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY hours) FROM ({hours}) ahead"
MEDIANS = {False: _statement(MEDIAN.format(hours=MADE)), True: _statement(MEDIAN.format(hours=CANCELLED))}
OFFERS = _statement(f"""
    SELECT o.status, count(*) FROM {STARTS} JOIN waitlist_offers o ON o.tee_time_id = t.id GROUP BY 1
""")
BALLOTS = _statement("""
    SELECT count(*) AS ballots, COALESCE(sum(e.entries), 0) AS entries, COALESCE(sum(e.served), 0) AS served,
        COALESCE(sum(e.first_wish), 0) AS first_wish, COALESCE(sum(e.wanted), 0) AS places_wanted,
        COALESCE(sum(e.given), 0) AS places_given,
        COALESCE(sum((SELECT sum((one->>'places')::int) FROM jsonb_array_elements(s.starts) one)), 0) AS places
    FROM ballots s CROSS JOIN LATERAL (
        SELECT count(*) AS entries, count(choice) AS served, count(*) FILTER (WHERE choice = 1) AS first_wish,
            sum(drawn_places) AS wanted, sum(drawn_places) FILTER (WHERE choice IS NOT NULL) AS given
        FROM ballot_entries WHERE ballot_id = s.id AND rank IS NOT NULL
    ) e
    WHERE s.club_id = :club_id AND s.date BETWEEN :first AND :last AND s.drawn_at IS NOT NULL
""")
"""Of the draws that were made, as they were made: what was cancelled since, or sold from what was left, is not here."""
ROUNDS = _statement(f"""
    SELECT r.holes, count(*), round(avg(extract(epoch FROM r.completed_at - r.teed_off_at) / 60), 1)::float,
        round(avg(COALESCE(r.minutes_behind, 0))::numeric, 1)::float
    FROM tee_sheets s JOIN rounds r ON r.sheet_id = s.id AND {SPAN}
    WHERE r.completed_at IS NOT NULL AND r.holes_completed = r.holes GROUP BY 1 ORDER BY 1
""")
"""Rounds that were played to their last hole."""
