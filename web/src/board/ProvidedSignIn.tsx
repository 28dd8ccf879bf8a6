import { useState, useSyncExternalStore } from "react";

import { mutate } from "@fairway/live";

import type { SignIn } from "../shared/provider";
import { useWords } from "./language";
import type { Session } from "./session";

/** Sign in at the club's identity provider, again where that has expired, and out: here, or wherever one is. */
export function ProvidedSignIn({ provider, session }: { provider: SignIn; session: Session | null }) {
  const words = useWords();
  const state = useSyncExternalStore(provider.subscribe, provider.getState);
  const [isAway, setAway] = useState(false);
  const ask = (asked: Promise<void>) => {
    setAway(false);
    asked.catch(() => setAway(true));
  };
  const everywhere = async () => {
    if (session) await mutate(session.line, { mutation: "revokeTokens", input: { owner: "USER", subject: session.userId } });
    await provider.signOut();
  };
  const deeds: Record<string, () => Promise<void>> = { out: () => provider.signOut(), everywhere };
  const button = (text: string, act: () => Promise<void>) => (
    <button type="button" className="primary" onClick={() => ask(act())}>
      {text}
    </button>
  );
  return (
    <span className="field">
      {isAway && <span role="alert">{words.provider.away}</span>}
      {state === "nobody" && button(words.signIn, () => provider.signIn())}
      {state === "expired" && button(words.provider.again, () => provider.signInAgain())}
      {state !== "nobody" && (
        <label>
          <span className="unseen">{words.signedInAs}</span>
          <select id="who" value="" onChange={(event) => ask(deeds[event.target.value]?.() ?? Promise.resolve())}>
            <option value="">{provider.name || session?.userId}</option>
            <option value="out">{words.provider.out}</option>
            <option value="everywhere">{words.provider.everywhere}</option>
          </select>
        </label>
      )}
    </span>
  );
}

/** The way back in, over the page: who is asked for it while they type does not have to leave what they typed. */
export function SignInAgain({ provider }: { provider: SignIn }) {
  const words = useWords();
  const state = useSyncExternalStore(provider.subscribe, provider.getState);
  if (state !== "expired") return null;
  return (
    <p className="refusal" role="alert">
      <span>{words.provider.expired}</span>
      <button type="button" onClick={() => void provider.signInAgain()}>
        {words.provider.again}
      </button>
    </p>
  );
}
