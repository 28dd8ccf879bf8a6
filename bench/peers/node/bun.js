// Peer: GraphQL Yoga on Bun, with graphql-ws' own adapter for Bun and Yoga's event target for Redis.
const { createRedisEventTarget } = require('@graphql-yoga/redis-event-target');
const { handleProtocols, makeHandler } = require('graphql-ws/use/bun');
const { createPubSub, createSchema, createYoga } = require('graphql-yoga');
const { typeDefs, ofList, setStatus, redis, ready, listening } = require('./domain');

const eventTarget = createRedisEventTarget({ publishClient: redis(), subscribeClient: redis() });
const pubsub = createPubSub({ eventTarget });

const resolvers = {
  Query: { caddies: (_, { list }) => ofList(list) },
  Mutation: {
    setCaddieStatus: (_, { id, status }) => {
      const [caddie, event] = setStatus(id, status);
      pubsub.publish(`caddies:${caddie.listNumber}`, event);
      return caddie;
    },
  },
  Subscription: {
    caddieEvents: { subscribe: (_, { list }) => pubsub.subscribe(`caddies:${list}`), resolve: (event) => event },
  },
};

const schema = createSchema({ typeDefs, resolvers });
const yoga = createYoga({ logging: false, schema });

function answer(request, server) {
  if (request.headers.get('upgrade') !== 'websocket') return yoga.fetch(request, {});
  const known = handleProtocols(request.headers.get('sec-websocket-protocol') || '');
  if (known && server.upgrade(request)) return undefined;
  return new Response('a WebSocket with graphql-transport-ws is needed', { status: 400 });
}

ready().then(() =>
  Bun.serve({
    port: listening.port,
    hostname: listening.host,
    idleTimeout: 0,
    fetch: answer,
    websocket: makeHandler({ schema }),
  }),
);
