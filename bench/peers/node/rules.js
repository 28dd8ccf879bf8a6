// Selling places on PostgreSQL by hand, as Fairway does it: nothing is oversold, each change writes an event row in its
// transaction, and tells it through Redis once that is committed. Statements have names, so that they are prepared once.
const { createHmac, randomUUID, timingSafeEqual } = require('node:crypto');
const { Pool } = require('pg');

const DAY_MS = 86_400_000;
const MOST_HOLDS = 3;
const pool = new Pool({ user: 'peers', database: 'fairway', max: 10 }); // as many as Fairway; PGHOST says where

class Refusal extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

function refuseUnless(condition, code) {
  if (!condition) throw new Refusal(code);
}

// Who is asking, by an HS256 token that was checked before or is checked now.
const known = new Map();

function viewerOf(header) {
  const token = (header || '').replace(/^Bearer /, '');
  if (known.has(token)) return known.get(token);
  const [head, claims, signature] = token.split('.');
  const expected = createHmac('sha256', process.env.JWT_SECRET).update(`${head}.${claims}`).digest();
  const given = Buffer.from(signature || '', 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Error('The token is refused.');
  const { sub, exp } = JSON.parse(Buffer.from(claims, 'base64url'));
  if (exp * 1000 < Date.now()) throw new Error('The token has expired.');
  if (known.size >= 20_000) known.clear();
  known.set(token, sub);
  return sub;
}

async function inTransaction(publish, decide) {
  const client = await pool.connect();
  const ask = async (text, ...values) => (await client.query({ name: text, text, values })).rows;
  const news = [];
  const record = async (topic, clubId, type, data) => {
    const [{ position, occurred_at }] = await ask(INSERT_EVENT, clubId, type, data);
    news.push([topic, { __typename: 'Event', type, cursor: String(position), timestamp: occurred_at, clubId, ...data }]);
  };
  let result;
  try {
    await client.query('BEGIN');
    result = await decide(ask, record);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
  for (const [topic, event] of news) await publish(topic, event);
  return result;
}

const INSERT_EVENT = `INSERT INTO peers.events (club_id, type, data) VALUES ($1, $2, $3) RETURNING position, occurred_at`;
const START = `SELECT t.id, t.starts_at, s.club_id, s.course_id, s.date::text AS date, s.is_online, s.holes, s.price_cents,
  s.opens_at, c.hold_minutes
  FROM peers.tee_times t JOIN peers.sheets s ON s.id = t.sheet_id JOIN peers.clubs c ON c.id = s.club_id WHERE t.id = $1`;
const LOCK_START = `SELECT id FROM peers.tee_times WHERE id = $1 FOR UPDATE`;
const PLACES = `SELECT s.id, s.number, s.status, s.hold_id, s.booking_id, h.expires_at
  FROM peers.slots s LEFT JOIN peers.holds h ON h.id = s.hold_id WHERE s.tee_time_id = $1 ORDER BY s.number`;
const END_HOLDS = `UPDATE peers.holds SET status = 'EXPIRED' WHERE id = ANY ($1)`;
const FREE = `UPDATE peers.slots SET status = 'AVAILABLE', hold_id = NULL, booking_id = NULL WHERE id = ANY ($1)`;
const TURN = `SELECT pg_advisory_xact_lock(hashtext($1))`;
const LIVE_HOLDS = `SELECT tee_time_id FROM peers.holds WHERE holder_id = $1 AND status = 'ACTIVE' AND expires_at > now()`;
const INSERT_HOLD = `INSERT INTO peers.holds (id, tee_time_id, holder_id, places, expires_at)
  VALUES ($1, $2, $3, $4, now() + $5 * interval '1 minute')`;
const HOLD_PLACES = `UPDATE peers.slots SET status = 'HELD', hold_id = $2 WHERE id = ANY ($1)`;
const INSERT_BOOKING = `INSERT INTO peers.bookings (id, club_id, course_id, tee_time_id, status, booked_by, payer_first_name,
  payer_last_name, holes, price_cents, created_at) VALUES ($1, $2, $3, $4, 'CONFIRMED', $5, $6, $7, $8, $9, now())`;
const INSERT_PLAYERS = `INSERT INTO peers.players (id, booking_id, position, slot_id, first_name, last_name, price_cents)
  SELECT gen_random_uuid(), $1, n, slot_id, first_name, last_name, $2
  FROM unnest($3::uuid[], $4::text[], $5::text[]) WITH ORDINALITY AS p (slot_id, first_name, last_name, n)`;
const SELL_PLACES = `UPDATE peers.slots SET status = 'BOOKED', hold_id = NULL, booking_id = $2 WHERE id = ANY ($1)`;
const LOCK_BOOKING = `SELECT b.id, b.club_id, b.course_id, b.tee_time_id, b.status, b.booked_by, t.starts_at, s.date::text AS date,
  s.date::timestamp AT TIME ZONE o.time_zone AS day_begins
  FROM peers.bookings b JOIN peers.tee_times t ON t.id = b.tee_time_id JOIN peers.sheets s ON s.id = t.sheet_id
  JOIN peers.courses o ON o.id = s.course_id WHERE b.id = $1 FOR UPDATE OF b`;
const CANCEL = `UPDATE peers.bookings SET status = 'CANCELLED', cancelled_at = now() WHERE id = $1`;
const UNSEAT = `UPDATE peers.players SET slot_id = NULL WHERE booking_id = $1`;
const SOLD_PLACES = `SELECT id FROM peers.slots WHERE booking_id = $1`;
const ARRIVE = `UPDATE peers.players SET checked_in_at = $2 WHERE booking_id = $1`;
const SET_STATUS = `UPDATE peers.bookings SET status = $2 WHERE id = $1`;
const LOCK_CADDIE = `SELECT id, club_id, name, status, list_number FROM peers.caddies WHERE id = $1 FOR UPDATE`;
const MARK = `UPDATE peers.caddies SET status = $2 WHERE id = $1`;
const RENAME = `UPDATE peers.courses SET name = $2 WHERE id = $1 RETURNING id, club_id, name`;
const FIND_HOLD = `SELECT id, tee_time_id, holder_id, places, status FROM peers.holds WHERE id = $1`;
const END_HOLD = `UPDATE peers.holds SET status = $2 WHERE id = $1 AND status = 'ACTIVE' RETURNING id`;

const sheetOf = (start) => `sheet:${start.course_id}:${start.date}`;

async function openStart(ask, teeTimeId) {
  const [start] = await ask(START, teeTimeId);
  refuseUnless(start, 'NOT_FOUND');
  refuseUnless(start.is_online, 'SHEET_OFFLINE');
  refuseUnless(start.starts_at.getTime() >= Date.now(), 'START_IN_THE_PAST');
  refuseUnless(start.opens_at.getTime() <= Date.now(), 'BOOKING_WINDOW_CLOSED');
  return start;
}

// Lock a start and read its places; those whose hold has run out are free again.
async function lockedPlaces(ask, teeTimeId) {
  await ask(LOCK_START, teeTimeId);
  const places = await ask(PLACES, teeTimeId);
  const over = places.filter((place) => place.hold_id && place.expires_at.getTime() <= Date.now());
  if (over.length) {
    await ask(END_HOLDS, over.map((place) => place.hold_id));
    await ask(FREE, over.map((place) => place.id));
    for (const place of over) Object.assign(place, { status: 'AVAILABLE', hold_id: null });
  }
  return places;
}

const holdSlots = (viewer, { teeTimeId, places }, publish) =>
  inTransaction(publish, async (ask, record) => {
    const start = await openStart(ask, teeTimeId);
    await ask(TURN, viewer);
    const live = await ask(LIVE_HOLDS, viewer);
    refuseUnless(!live.some((hold) => hold.tee_time_id === teeTimeId), 'HOLD_ALREADY_ACTIVE');
    refuseUnless(live.length < MOST_HOLDS, 'TOO_MANY_HOLDS');
    const free = (await lockedPlaces(ask, teeTimeId)).filter((place) => place.status === 'AVAILABLE');
    refuseUnless(free.length >= places, 'SLOTS_UNAVAILABLE');
    const id = randomUUID();
    await ask(INSERT_HOLD, id, teeTimeId, viewer, places, start.hold_minutes);
    await ask(HOLD_PLACES, free.slice(0, places).map((place) => place.id), id);
    await record(sheetOf(start), start.club_id, 'slot.held', { teeTimeId, places });
    return { hold: { id } };
  });

const releaseHold = (viewer, { holdId }, publish) =>
  inTransaction(publish, async (ask, record) => {
    const [hold] = await ask(FIND_HOLD, holdId);
    refuseUnless(hold && hold.holder_id === viewer, 'NOT_FOUND');
    const [start] = await ask(START, hold.tee_time_id);
    const places = await lockedPlaces(ask, hold.tee_time_id);
    refuseUnless((await ask(END_HOLD, holdId, 'RELEASED')).length, 'HOLD_ENDED');
    await ask(FREE, places.filter((place) => place.hold_id === holdId).map((place) => place.id));
    await record(sheetOf(start), start.club_id, 'slot.released', { teeTimeId: hold.tee_time_id, places: hold.places });
    return { hold: { id: holdId } };
  });

const bookSlots = (viewer, { teeTimeId, players }, publish) =>
  inTransaction(publish, async (ask, record) => {
    refuseUnless(players.length >= 1 && players.length <= 4, 'INVALID_INPUT');
    const start = await openStart(ask, teeTimeId);
    const free = (await lockedPlaces(ask, teeTimeId)).filter((place) => place.status === 'AVAILABLE');
    refuseUnless(free.length >= players.length, 'SLOTS_UNAVAILABLE');
    const id = randomUUID();
    const sold = free.slice(0, players.length).map((place) => place.id);
    const { firstName, lastName } = players[0];
    const cents = players.length * start.price_cents;
    await ask(INSERT_BOOKING, id, start.club_id, start.course_id, teeTimeId, viewer, firstName, lastName, start.holes, cents);
    const names = [players.map((player) => player.firstName), players.map((player) => player.lastName)];
    await ask(INSERT_PLAYERS, id, start.price_cents, sold, ...names);
    await ask(SELL_PLACES, sold, id);
    await record(sheetOf(start), start.club_id, 'booking.created', { bookingId: id, teeTimeId, places: sold.length });
    return { booking: { id, status: 'CONFIRMED' } };
  });

async function lockedBooking(ask, bookingId) {
  const [booking] = await ask(LOCK_BOOKING, bookingId);
  refuseUnless(booking, 'NOT_FOUND');
  return booking;
}

const cancelBooking = (viewer, { bookingId }, publish) =>
  inTransaction(publish, async (ask, record) => {
    const booking = await lockedBooking(ask, bookingId);
    refuseUnless(booking.booked_by === viewer, 'NOT_ALLOWED');
    refuseUnless(booking.status === 'CONFIRMED', 'TRANSITION_REFUSED');
    refuseUnless(booking.starts_at.getTime() >= Date.now(), 'CANCELLATION_TOO_LATE');
    await ask(LOCK_START, booking.tee_time_id);
    const sold = (await ask(SOLD_PLACES, bookingId)).map((place) => place.id);
    await ask(CANCEL, bookingId);
    await ask(UNSEAT, bookingId);
    await ask(FREE, sold);
    await record(sheetOf(booking), booking.club_id, 'booking.cancelled', { bookingId, teeTimeId: booking.tee_time_id });
    return { booking: { id: bookingId, status: 'CANCELLED' } };
  });

const arrive = (from, to, type) => (_viewer, { bookingId }, publish) =>
  inTransaction(publish, async (ask, record) => {
    const booking = await lockedBooking(ask, bookingId);
    refuseUnless(booking.status === from, 'TRANSITION_REFUSED');
    refuseUnless(booking.day_begins.getTime() <= Date.now(), 'TOO_EARLY');
    await ask(ARRIVE, bookingId, to === 'CHECKED_IN' ? new Date() : null);
    await ask(SET_STATUS, bookingId, to);
    await record(sheetOf(booking), booking.club_id, type, { bookingId, teeTimeId: booking.tee_time_id });
    return { booking: { id: bookingId, status: to } };
  });

const setCaddieStatus = (_viewer, { caddieId, status }, publish) =>
  inTransaction(publish, async (ask, record) => {
    const [caddie] = await ask(LOCK_CADDIE, caddieId);
    refuseUnless(caddie, 'NOT_FOUND');
    refuseUnless(caddie.status !== status, 'TRANSITION_REFUSED');
    await ask(MARK, caddieId, status);
    const { name, list_number: listNumber } = caddie;
    await record(`caddies:${caddie.club_id}`, caddie.club_id, 'caddie.status', { caddieId, name, status, listNumber });
    return { caddie: { id: caddieId, status } };
  });

const updateCourse = (_viewer, { courseId, name }, publish) =>
  inTransaction(publish, async (ask, record) => {
    const [course] = await ask(RENAME, courseId, name);
    refuseUnless(course, 'NOT_FOUND');
    await record(`club:${course.club_id}`, course.club_id, 'course.updated', { courseId, name });
    return { course };
  });

const actions = {
  holdSlots,
  releaseHold,
  bookSlots,
  cancelBooking,
  checkIn: arrive('CONFIRMED', 'CHECKED_IN', 'booking.checked_in'),
  undoCheckIn: arrive('CHECKED_IN', 'CONFIRMED', 'booking.check_in_undone'),
  setCaddieStatus,
  updateCourse,
};

module.exports = { pool, viewerOf, actions, Refusal };
