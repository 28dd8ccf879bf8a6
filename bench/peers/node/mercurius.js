// Peer: Fastify and Mercurius with mqemitter-redis; queries are compiled when JIT=1.
const fastify = require('fastify');
const mercurius = require('mercurius');
const mqemitter = require('mqemitter-redis');
const { typeDefs, ofList, setStatus, ready, listening, redisAddress } = require('./domain');

const emitter = mqemitter(redisAddress);
const app = fastify();

const resolvers = {
  Query: { caddies: (_, { list }) => ofList(list) },
  Mutation: {
    setCaddieStatus: async (_, { id, status }, { pubsub }) => {
      const [caddie, event] = setStatus(id, status);
      await pubsub.publish({ topic: `caddies/${caddie.listNumber}`, payload: { caddieEvents: event } });
      return caddie;
    },
  },
  Subscription: {
    caddieEvents: { subscribe: (_, { list }, { pubsub }) => pubsub.subscribe(`caddies/${list}`) },
  },
};

app.register(mercurius, { schema: typeDefs, resolvers, jit: process.env.JIT ? 1 : 0, subscription: { emitter } });
ready([emitter.subConn, emitter.pubConn]).then(() => app.listen(listening));
