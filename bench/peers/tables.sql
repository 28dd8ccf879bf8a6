-- The tables of the peers that keep to PostgreSQL, filled from Fairway's own: as somebody would make them who writes the
-- same by hand, with the keys, checks and indexes that its rules need.
CREATE SCHEMA peers;

CREATE TABLE peers.clubs AS SELECT id, name, hold_minutes, public_window_days AS window_days FROM public.clubs;
ALTER TABLE peers.clubs ADD PRIMARY KEY (id);

CREATE TABLE peers.courses AS SELECT id, club_id, name, holes, time_zone FROM public.courses;
ALTER TABLE peers.courses ADD PRIMARY KEY (id), ADD FOREIGN KEY (club_id) REFERENCES peers.clubs;
CREATE INDEX ON peers.courses (club_id);

CREATE TABLE peers.caddies AS SELECT id, club_id, name, status::text, list_number FROM public.caddies;
ALTER TABLE peers.caddies ADD PRIMARY KEY (id), ADD FOREIGN KEY (club_id) REFERENCES peers.clubs;
CREATE INDEX ON peers.caddies (club_id);

CREATE TABLE peers.sheets AS
SELECT s.id, s.club_id, s.course_id, s.date, s.is_online, s.holes, 900 AS price_cents, now() AS opens_at
FROM public.tee_sheets s;
ALTER TABLE peers.sheets ADD PRIMARY KEY (id), ADD UNIQUE (course_id, date),
    ADD FOREIGN KEY (course_id) REFERENCES peers.courses;

CREATE TABLE peers.tee_times AS SELECT id, sheet_id, starts_at, tee, local_time FROM public.tee_times;
ALTER TABLE peers.tee_times ADD PRIMARY KEY (id), ADD UNIQUE (sheet_id, starts_at, tee),
    ADD FOREIGN KEY (sheet_id) REFERENCES peers.sheets;

CREATE TABLE peers.holds (
    id uuid PRIMARY KEY,
    tee_time_id uuid NOT NULL REFERENCES peers.tee_times,
    holder_id text NOT NULL,
    places int NOT NULL CHECK (places BETWEEN 1 AND 4),
    status text NOT NULL DEFAULT 'ACTIVE',
    expires_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX ON peers.holds (tee_time_id, holder_id) WHERE status = 'ACTIVE';
CREATE INDEX ON peers.holds (holder_id) WHERE status = 'ACTIVE';

CREATE TABLE peers.bookings AS
SELECT id, club_id, course_id, tee_time_id, status::text, booked_by, payer_first_name, payer_last_name, holes, price_cents,
    created_at, cancelled_at
FROM public.bookings WHERE status <> 'CANCELLED';
ALTER TABLE peers.bookings ADD PRIMARY KEY (id), ADD FOREIGN KEY (tee_time_id) REFERENCES peers.tee_times,
    ADD CHECK (price_cents >= 0), ADD CHECK ((status = 'CANCELLED') = (cancelled_at IS NOT NULL));
CREATE INDEX ON peers.bookings (tee_time_id);
CREATE INDEX ON peers.bookings (booked_by);

CREATE TABLE peers.slots AS
SELECT id, tee_time_id, number, CASE status WHEN 'BOOKED' THEN 'BOOKED' ELSE 'AVAILABLE' END AS status,
    NULL::uuid AS hold_id, booking_id
FROM public.slots;
ALTER TABLE peers.slots ADD PRIMARY KEY (id), ADD UNIQUE (tee_time_id, number),
    ADD FOREIGN KEY (tee_time_id) REFERENCES peers.tee_times, ADD FOREIGN KEY (hold_id) REFERENCES peers.holds,
    ADD FOREIGN KEY (booking_id) REFERENCES peers.bookings,
    ADD CHECK ((status = 'HELD') = (hold_id IS NOT NULL)), ADD CHECK ((status = 'BOOKED') = (booking_id IS NOT NULL));
CREATE INDEX ON peers.slots (hold_id) WHERE hold_id IS NOT NULL;
CREATE INDEX ON peers.slots (booking_id) WHERE booking_id IS NOT NULL;

CREATE TABLE peers.players AS
SELECT p.id, p.booking_id, p.position, p.slot_id, p.first_name, p.last_name, p.price_cents, p.checked_in_at
FROM public.booking_players p JOIN peers.bookings b ON b.id = p.booking_id;
ALTER TABLE peers.players ADD PRIMARY KEY (id), ADD UNIQUE (booking_id, position), ADD UNIQUE (slot_id),
    ADD FOREIGN KEY (booking_id) REFERENCES peers.bookings, ADD FOREIGN KEY (slot_id) REFERENCES peers.slots;

CREATE TABLE peers.events (
    position bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    club_id uuid NOT NULL REFERENCES peers.clubs,
    type text NOT NULL,
    data jsonb NOT NULL,
    occurred_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON peers.events (club_id, position);

-- What the driver alone works on: the same sort of rows, with a stream's counter as Fairway's log has it.
CREATE TABLE peers.streams (club_id uuid PRIMARY KEY, position bigint NOT NULL);
INSERT INTO peers.streams SELECT id, 0 FROM peers.clubs;
CREATE TABLE peers.log (club_id uuid, position bigint, data jsonb, PRIMARY KEY (club_id, position));
CREATE TABLE peers.orders (id uuid PRIMARY KEY, slot_id uuid NOT NULL REFERENCES peers.slots, name text NOT NULL);
CREATE TABLE peers.order_lines (id uuid PRIMARY KEY, order_id uuid NOT NULL, name text NOT NULL);

DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'peers') THEN CREATE ROLE peers LOGIN; END IF;
END $$;
GRANT USAGE ON SCHEMA peers TO peers;
GRANT ALL ON ALL TABLES IN SCHEMA peers TO peers;
