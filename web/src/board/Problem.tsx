import { type Live, Refused, wantsToken } from "@fairway/live";

import { useWords } from "./language";
import type { Words } from "./words";

type Read = Pick<Live<unknown>, "problem" | "problemCode">;

/** Why something could not be read, in the language of the page; null where it could. */
export function problemIn({ problem, problemCode }: Read, words: Words): string | null {
  if (problem === null) return null;
  if (problemCode === null) return words.cantBeReached;
  if (wantsToken(new Refused(problem, problemCode))) return words.status.signedOut;
  return words.refusals[problemCode] ?? problem;
}

/** Why what is shown is not as it is now, above it. */
export function Problem({ of }: { of: Read }) {
  const said = problemIn(of, useWords());
  return said === null ? null : (
    <p className="message problem" role="alert">
      {said}
    </p>
  );
}

/** In place of what was not read yet: that it is waited for, or why it is not here. */
export function NotYet({ of }: { of: Read }) {
  const words = useWords();
  const said = problemIn(of, words);
  return (
    <p className="message" role={said === null ? undefined : "alert"}>
      {said ?? words.loading}
    </p>
  );
}
