// Peer: GraphQL Yoga with graphql-ws and its own event target for Redis, joined as its documentation shows.
const { createServer } = require('node:http');
const { createRedisEventTarget } = require('@graphql-yoga/redis-event-target');
const { useServer } = require('graphql-ws/use/ws');
const { createPubSub, createSchema, createYoga } = require('graphql-yoga');
const { WebSocketServer } = require('ws');
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

const yoga = createYoga({ logging: false, schema: createSchema({ typeDefs, resolvers }) });
const http = createServer(yoga);

async function onSubscribe(context, _id, params) {
  const { request, socket } = context.extra;
  const enveloped = yoga.getEnveloped({ ...context, req: request, socket, params });
  const document = enveloped.parse(params.query);
  const errors = enveloped.validate(enveloped.schema, document);
  if (errors.length) return errors;
  return {
    schema: enveloped.schema,
    document,
    operationName: params.operationName,
    variableValues: params.variables,
    contextValue: await enveloped.contextFactory(),
    rootValue: { execute: enveloped.execute, subscribe: enveloped.subscribe },
  };
}

useServer(
  {
    execute: (args) => args.rootValue.execute(args),
    subscribe: (args) => args.rootValue.subscribe(args),
    onSubscribe,
  },
  new WebSocketServer({ server: http, path: '/graphql' }),
);
ready().then(() => http.listen(listening));
