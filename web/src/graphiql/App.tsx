import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { GraphiQL } from "graphiql";
import { useMemo } from "react";

import { Bar } from "./Bar";
import { useCell } from "./cell";
import { config } from "../shared/config";
import { EXAMPLES_PLUGIN } from "./Examples";
import { createFetcher } from "./fetcher";
import { readClaims, token } from "./token";

const PLUGINS = config.examples.length > 0 ? [HISTORY_PLUGIN, EXAMPLES_PLUGIN] : [HISTORY_PLUGIN];

const WELCOME = `# Write a query, mutation or subscription, and run it with Ctrl-Enter.
# The book icon at the left opens the documentation of every type and field.

query Welcome {
  __typename
}
`;

const firstVisit = readFirstVisit();

/** The whole page: the bar, and GraphiQL below it. */
export function App() {
  const current = useCell(token);
  // A new fetcher makes GraphiQL read the schema again, which may depend on who asks; not on when they signed in.
  const subject = current && (readClaims(current)?.subject ?? current);
  const fetcher = useMemo(() => createFetcher(() => token.get()), [subject]);
  return (
    <>
      <Bar />
      <main className="page-main">
        <GraphiQL
          fetcher={fetcher}
          plugins={PLUGINS}
          defaultQuery={WELCOME}
          shouldPersistHeaders
          inputValueDeprecation
          schemaDescription
          {...firstVisit}
        >
          <GraphiQL.Logo>
            <span className="page-logo">GraphiQL</span>
          </GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  );
}

/** Open the examples as tabs, unless this browser has tabs of an earlier visit. */
function readFirstVisit() {
  const [first] = config.examples;
  if (!first || localStorage.getItem("graphiql:tabState") !== null) return {};
  const defaultTabs = config.examples.map(({ query, variables }) => ({ query, variables: variables ?? null }));
  // GraphiQL fills in the variables of every default tab but the first.
  return { defaultTabs, initialVariables: first.variables ?? "" };
}
