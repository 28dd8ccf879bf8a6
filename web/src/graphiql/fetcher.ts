import type { Fetcher, FetcherParams } from "@graphiql/toolkit";
import { type ExecutionResult, getOperationAST, parse } from "graphql";

import { openSubscription } from "./live";

type Headers = Record<string, string>;

/** Send queries and mutations by POST and subscriptions over a WebSocket, both with the token that there is then. */
export function createFetcher(token: () => string | null): Fetcher {
  return (params, options) => {
    const headers = () => withToken(token(), options?.headers ?? {});
    return isSubscription(params) ? openSubscription(params, headers) : post(params, headers());
  };
}

function isSubscription({ query, operationName }: FetcherParams): boolean {
  try {
    return getOperationAST(parse(query), operationName)?.operation === "subscription";
  } catch {
    return false; // The server says better what is wrong with the text.
  }
}

/** Add the token unless the headers editor has an Authorization of its own, which wins. */
function withToken(token: string | null, edited: Headers): Headers {
  const own = Object.keys(edited).find((name) => name.toLowerCase() === "authorization");
  if (own !== undefined) {
    const { [own]: authorization = "", ...others } = edited;
    return { ...others, Authorization: authorization };
  }
  return token === null ? edited : { ...edited, Authorization: `Bearer ${token}` };
}

async function post(params: FetcherParams, headers: Headers): Promise<ExecutionResult> {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { accept: "application/graphql-response+json, application/json", ...headers, "content-type": "application/json" },
    body: JSON.stringify(params),
  });
  const text = await response.text();
  try {
    return JSON.parse(text) as ExecutionResult;
  } catch {
    throw new Error(`The server answered ${response.status} with something other than JSON: ${text.slice(0, 300)}`);
  }
}
