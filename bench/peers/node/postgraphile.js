// Peer: PostGraphile over the same tables, as its own preset makes a schema of them; with GET, which it leaves off.
const { createServer } = require('node:http');
const { grafserv } = require('postgraphile/grafserv/node');
const { makePgService } = require('postgraphile/adaptors/pg');
const { PostGraphileAmberPreset } = require('postgraphile/presets/amber');
const { postgraphile } = require('postgraphile');

const connectionString = `postgres://peers@/fairway?host=${encodeURIComponent(process.env.PGHOST)}`;
const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString, schemas: ['peers'], poolConfig: { max: 10 } })],
  grafserv: { graphqlPath: '/graphql', graphqlOverGET: true, graphiql: false, watch: false },
  grafast: { explain: false },
});
const http = createServer();
const serving = instance.createServ(grafserv);
serving.addTo(http).then(() => http.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 }));
