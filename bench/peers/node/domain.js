// What all peers for Node have in common: 30 caddies in memory, their schema, their connections to Redis.
const Redis = require('ioredis');

const host = '127.0.0.1';
const port = Number(process.env.REDIS_PORT);
const caddies = new Map();
for (let n = 1; n <= 30; n++) {
  const id = String(n);
  caddies.set(id, { id, name: `Caddie ${id.padStart(2, '0')}`, status: 'AVAILABLE', listNumber: 1 });
}

const typeDefs = `
  enum CaddieStatus { AVAILABLE CHECKED_IN ASSIGNED ON_COURSE RETURNING ON_BREAK OFF_DUTY }
  type Caddie { id: ID! name: String! status: CaddieStatus! listNumber: Int! }
  type CaddieEvent { caddieId: ID! name: String! status: CaddieStatus! listNumber: Int! timestamp: String! }
  type Query { caddies(list: Int!): [Caddie!]! }
  type Mutation { setCaddieStatus(id: ID!, status: CaddieStatus!): Caddie! }
  type Subscription { caddieEvents(list: Int!): CaddieEvent! }
`;

const ofList = (list) => [...caddies.values()].filter((caddie) => caddie.listNumber === list);

function setStatus(id, status) {
  const caddie = caddies.get(id);
  caddie.status = status;
  const { name, listNumber } = caddie;
  return [caddie, { caddieId: id, name, status, listNumber, timestamp: new Date().toISOString() }];
}

// ioredis loses a SUBSCRIBE that comes before its own check of the connection: servers listen when all are ready.
const connections = [];

function redis() {
  const connection = new Redis({ host, port });
  connections.push(connection);
  return connection;
}

function ready(more = []) {
  const waiting = [...connections, ...more].filter((connection) => connection.status !== 'ready');
  return Promise.all(waiting.map((connection) => new Promise((resolve) => connection.once('ready', resolve))));
}

// Where a server listens: the port is the first argument; many clients may knock at the same time.
const listening = { port: Number(process.argv[2]), host, backlog: 4096 };

module.exports = { typeDefs, ofList, setStatus, redis, ready, listening, redisAddress: { host, port } };
