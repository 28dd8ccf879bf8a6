import type { Line } from "@fairway/live";
import { useEffect, useState } from "react";

/** What a query answers, asked once for each set of variables; null until it is known, or where it is refused. */
export function useAnswer<A>(line: Line, query: string | null, variables: Record<string, unknown>): A | null {
  const [answer, setAnswer] = useState<A | null>(null);
  const asked = JSON.stringify(variables);
  useEffect(() => {
    if (!query) return setAnswer(null);
    let isWanted = true;
    line
      .ask<A>(query, JSON.parse(asked) as Record<string, unknown>)
      .catch(() => null)
      .then((known) => isWanted && setAnswer(known));
    return () => {
      isWanted = false;
    };
  }, [line, query, asked]);
  return answer;
}
