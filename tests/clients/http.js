// graphql-http: what GraphQL over HTTP asks of a server, and how this one does.
import { auditServer } from "graphql-http";
import { say, url } from "./talk.js";

const headers = { "GraphQL-Require-Preflight": "1" };
const fetchFn = (address, options = {}) => fetch(address, { ...options, headers: { ...options.headers, ...headers } });

const results = await auditServer({ url, fetchFn });
say({ audits: results.length, broken: results.filter(({ status }) => status !== "ok").map(({ id, name }) => `${id} ${name}`) });
