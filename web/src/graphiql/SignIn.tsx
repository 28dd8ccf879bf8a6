import { type FormEvent, useEffect, useState, useSyncExternalStore } from "react";

import { config } from "../shared/config";
import { provider, type SignIn } from "../shared/provider";
import { cleanToken, readClaims, signIn, signOut } from "./token";

const TICK_MS = 10_000;

/** Choose one of the accounts that the demo server offers. */
export function SignInAs({ current }: { current: string | null }) {
  const chosen = config.tokens.findIndex(({ token }) => token === current);
  return (
    <select
      aria-label="Sign in as"
      value={chosen}
      onChange={(event) => {
        const account = config.tokens[Number(event.target.value)];
        if (account) signIn(account.token);
      }}
    >
      <option value={-1} disabled>
        Sign in as…
      </option>
      {config.tokens.map(({ label, role }, index) => (
        <option key={index} value={index}>
          {label === role ? label : `${label} (${role})`}
        </option>
      ))}
    </select>
  );
}

/** Sign in at the club's identity provider, or again where that has expired. */
export function ProvidedSignIn({ provider }: { provider: SignIn }) {
  const state = useSyncExternalStore(provider.subscribe, provider.getState);
  const [problem, setProblem] = useState<string | null>(null);
  if (state === "signedIn") return null;
  const act = () => (state === "nobody" ? provider.signIn() : provider.signInAgain());
  return (
    <>
      <button type="button" onClick={() => act().catch(() => setProblem("The sign-in can't be reached; try again."))}>
        {state === "nobody" ? "Sign in" : "Sign in again"}
      </button>
      <span className="bar-problem" role="alert">
        {problem}
      </span>
    </>
  );
}

/** A field for a token; it is emptied as soon as the token is accepted. */
export function SignInForm() {
  const [pasted, setPasted] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const raw = cleanToken(pasted);
    if (readClaims(raw)) signIn(raw);
    else setProblem(raw ? "This is not a JSON Web Token." : "Paste a token first.");
  };
  return (
    <form className="bar-form" onSubmit={submit}>
      <input
        aria-label="Token"
        aria-invalid={problem !== null}
        aria-describedby="token-problem"
        placeholder="Paste a token"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={pasted}
        onChange={(event) => {
          setPasted(event.target.value);
          setProblem(null);
        }}
      />
      <button type="submit">Sign in</button>
      <span id="token-problem" className="bar-problem" role="alert">
        {problem}
      </span>
    </form>
  );
}

/** Who the token names, its roles, and how long it is still good for. */
export function SignedIn({ current }: { current: string }) {
  const now = useNow();
  const claims = readClaims(current);
  const subject = claims?.subject ?? "unknown subject";
  const expiry = describeExpiry(claims?.expiresAt ?? null, now);
  return (
    <div className="bar-signed-in">
      <p title="Read from the token, which only the server verifies">
        Signed in as <strong title={subject}>{subject}</strong>
        {claims?.roles.map((role) => (
          <span key={role} className="bar-role">
            {role}
          </span>
        ))}
        <span className={expiry === "expired" ? "bar-problem" : "bar-quiet"}>{expiry}</span>
      </p>
      <button type="button" onClick={() => (provider ? void provider.signOut() : signOut())}>
        Sign out
      </button>
    </div>
  );
}

function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function describeExpiry(expiresAt: Date | null, now: number): string {
  if (expiresAt === null) return "does not expire";
  const minutes = (expiresAt.getTime() - now) / 60_000;
  if (minutes <= 0) return "expired";
  if (minutes < 1) return "expires in less than a minute";
  if (minutes < 120) return `expires in ${Math.floor(minutes)} min`;
  return minutes < 2880 ? `expires in ${Math.floor(minutes / 60)} h` : `expires in ${Math.floor(minutes / 1440)} days`;
}
