// Peer: Apollo Server on Express over PostgreSQL with `pg`, with graphql-ws and graphql-redis-subscriptions. Its schema is
// the part of Fairway's that the bench uses, so that both are asked the same; its rules are in rules.js.
const { createServer } = require('node:http');
const { ApolloServer } = require('@apollo/server');
const { expressMiddleware } = require('@as-integrations/express5');
const { makeExecutableSchema } = require('@graphql-tools/schema');
const express = require('express');
const { RedisPubSub } = require('graphql-redis-subscriptions');
const { useServer } = require('graphql-ws/use/ws');
const { WebSocketServer } = require('ws');
const { redis, ready, listening } = require('./domain');
const { pool, viewerOf, actions, Refusal } = require('./rules');

const pubsub = new RedisPubSub({ publisher: redis(), subscriber: redis() });
const publish = (topic, event) => pubsub.publish(topic, event);
const ask = async (text, ...values) => (await pool.query({ name: text, text, values })).rows;

const typeDefs = `
  scalar Date
  interface StreamEvent { type: String! cursor: String! timestamp: String! clubId: ID! }
  type Event implements StreamEvent { type: String! cursor: String! timestamp: String! clubId: ID! bookingId: ID
    teeTimeId: ID places: Int caddieId: ID name: String status: String listNumber: Int }
  type Problem { code: String! }
  type Course { id: ID! name: String! holes: Int! timeZone: String! }
  type Club { id: ID! name: String! courses: [Course!]! }
  type Caddie { id: ID! name: String! status: String! listNumber: Int! }
  type CaddieBoard { caddies: [Caddie!]! }
  type Slot { id: ID! number: Int! status: String! }
  type TeeTime { id: ID! localTime: String! slots: [Slot!]! }
  type BookingPlayer { position: Int! firstName: String! lastName: String! checkedInAt: String }
  type Booking { id: ID! status: String! players: [BookingPlayer!]! }
  type TeeSheet { teeTimes: [TeeTime!]! bookings: [Booking!]! }
  type Hold { id: ID! }
  type HoldPayload { hold: Hold problems: [Problem!]! }
  type BookingPayload { booking: Booking problems: [Problem!]! }
  type CaddiePayload { caddie: Caddie problems: [Problem!]! }
  type CoursePayload { course: Course problems: [Problem!]! }
  input PlayerInput { firstName: String! lastName: String! }
  input HoldSlotsInput { teeTimeId: ID! places: Int! }
  input ReleaseHoldInput { holdId: ID! }
  input BookSlotsInput { teeTimeId: ID! players: [PlayerInput!]! }
  input CancelBookingInput { bookingId: ID! }
  input CheckInInput { bookingId: ID! }
  input UndoCheckInInput { bookingId: ID! }
  input SetCaddieStatusInput { caddieId: ID! status: String! }
  input UpdateCourseInput { courseId: ID! name: String! }
  type Query {
    club(id: ID!): Club
    caddies(clubId: ID!): CaddieBoard!
    teeSheet(courseId: ID!, date: Date!): TeeSheet
  }
  type Mutation {
    holdSlots(input: HoldSlotsInput!): HoldPayload!
    releaseHold(input: ReleaseHoldInput!): HoldPayload!
    bookSlots(input: BookSlotsInput!): BookingPayload!
    cancelBooking(input: CancelBookingInput!): BookingPayload!
    checkIn(input: CheckInInput!): BookingPayload!
    undoCheckIn(input: UndoCheckInInput!): BookingPayload!
    setCaddieStatus(input: SetCaddieStatusInput!): CaddiePayload!
    updateCourse(input: UpdateCourseInput!): CoursePayload!
  }
  type Subscription {
    teeSheetEvents(courseId: ID!, date: Date!): Event!
    caddieEvents(clubId: ID!): Event!
  }
`;

const COURSES = `SELECT id, name, holes, time_zone AS "timeZone" FROM peers.courses WHERE club_id = $1 ORDER BY name`;
const CADDIES = `SELECT id, name, status, list_number AS "listNumber" FROM peers.caddies WHERE club_id = $1 ORDER BY name`;
const SHEET = `SELECT id FROM peers.sheets WHERE course_id = $1 AND date = $2`;
const TEE_TIMES = `SELECT id, to_char(local_time, 'HH24:MI') AS "localTime" FROM peers.tee_times WHERE sheet_id = $1
  ORDER BY starts_at, tee`;
const SLOTS = `SELECT s.id, s.tee_time_id, s.number, s.status FROM peers.slots s JOIN peers.tee_times t ON t.id = s.tee_time_id
  WHERE t.sheet_id = $1 ORDER BY s.number`;
const BOOKINGS = `SELECT b.id, b.status FROM peers.bookings b JOIN peers.tee_times t ON t.id = b.tee_time_id
  WHERE t.sheet_id = $1 ORDER BY t.starts_at, b.id`;
const PLAYERS = `SELECT p.booking_id, p.position, p.first_name AS "firstName", p.last_name AS "lastName",
  p.checked_in_at AS "checkedInAt" FROM peers.players p JOIN peers.bookings b ON b.id = p.booking_id
  JOIN peers.tee_times t ON t.id = b.tee_time_id WHERE t.sheet_id = $1 ORDER BY p.position`;

// Put what belongs to each row with it.
function gathered(rows, name, parts, key) {
  const byId = new Map(rows.map((row) => [row.id, { ...row, [name]: [] }]));
  for (const part of parts) byId.get(part[key])[name].push(part);
  return [...byId.values()];
}

const act = (name) => async (_, { input }, { viewer }) => {
  try {
    return { problems: [], ...(await actions[name](viewer, input, publish)) };
  } catch (error) {
    if (error instanceof Refusal) return { problems: [{ code: error.code }] };
    throw error;
  }
};

const onTopic = (topicOf) => ({ subscribe: (_, given) => pubsub.asyncIterator(topicOf(given)), resolve: (event) => event });

const resolvers = {
  StreamEvent: { __resolveType: () => 'Event' },
  Query: {
    club: async (_, { id }) => (await ask('SELECT id, name FROM peers.clubs WHERE id = $1', id))[0],
    caddies: async (_, { clubId }) => ({ caddies: await ask(CADDIES, clubId) }),
    teeSheet: async (_, { courseId, date }) => (await ask(SHEET, courseId, date))[0],
  },
  Club: { courses: ({ id }) => ask(COURSES, id) },
  TeeSheet: {
    teeTimes: async ({ id }) => gathered(await ask(TEE_TIMES, id), 'slots', await ask(SLOTS, id), 'tee_time_id'),
    bookings: async ({ id }) => gathered(await ask(BOOKINGS, id), 'players', await ask(PLAYERS, id), 'booking_id'),
  },
  BookingPlayer: { checkedInAt: ({ checkedInAt }) => checkedInAt && checkedInAt.toISOString() },
  Mutation: Object.fromEntries(Object.keys(actions).map((name) => [name, act(name)])),
  Subscription: {
    teeSheetEvents: onTopic(({ courseId, date }) => `sheet:${courseId}:${date}`),
    caddieEvents: onTopic(({ clubId }) => `caddies:${clubId}`),
  },
};

async function main() {
  const schema = makeExecutableSchema({ typeDefs, resolvers });
  const app = express();
  const http = createServer(app);
  const server = new ApolloServer({ schema });
  const sockets = new WebSocketServer({ server: http, path: '/graphql' });
  useServer({ schema, context: ({ connectionParams }) => ({ viewer: viewerOf(connectionParams.Authorization) }) }, sockets);
  await server.start();
  const context = async ({ req }) => ({ viewer: viewerOf(req.headers.authorization) });
  app.use('/graphql', express.json(), expressMiddleware(server, { context }));
  await ready();
  http.listen(listening);
}

main();
