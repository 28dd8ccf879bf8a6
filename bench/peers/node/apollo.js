// Peer: Apollo Server on Express, with graphql-ws and graphql-redis-subscriptions, joined as its documentation shows.
const { createServer } = require('node:http');
const { ApolloServer } = require('@apollo/server');
const { expressMiddleware } = require('@as-integrations/express5');
const { makeExecutableSchema } = require('@graphql-tools/schema');
const express = require('express');
const { RedisPubSub } = require('graphql-redis-subscriptions');
const { useServer } = require('graphql-ws/use/ws');
const { WebSocketServer } = require('ws');
const { typeDefs, ofList, setStatus, redis, ready, listening } = require('./domain');

const pubsub = new RedisPubSub({ publisher: redis(), subscriber: redis() });

const resolvers = {
  Query: { caddies: (_, { list }) => ofList(list) },
  Mutation: {
    setCaddieStatus: async (_, { id, status }) => {
      const [caddie, event] = setStatus(id, status);
      await pubsub.publish(`caddies:${caddie.listNumber}`, { caddieEvents: event });
      return caddie;
    },
  },
  Subscription: {
    caddieEvents: { subscribe: (_, { list }) => pubsub.asyncIterator(`caddies:${list}`) },
  },
};

async function main() {
  const schema = makeExecutableSchema({ typeDefs, resolvers });
  const app = express();
  const http = createServer(app);
  const server = new ApolloServer({ schema });
  useServer({ schema }, new WebSocketServer({ server: http, path: '/graphql' }));
  await server.start();
  app.use('/graphql', express.json(), expressMiddleware(server));
  await ready();
  http.listen(listening);
}

main();
