import { createContext, useContext } from "react";

import { claimsOf, Line, type TokenSource } from "@fairway/live";

import { firstDemoToken } from "../shared/config";
import { provider } from "../shared/provider";

const STORAGE_KEY = "fairway.token";

/** Who uses the page. */
export interface Session {
  token: string;
  line: Line;
  roles: string[];
  userId: string;
  householdId: string | null;
  /** Waits until a sign-in that counts no more was renewed by its user; false where there is nothing to wait for. */
  signedInAgain: () => Promise<boolean>;
}

export const SessionContext = createContext<Session | null>(null);

/** Who uses the page, beneath whatever is only shown to somebody. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("Nobody is signed in here.");
  return session;
}

/** The token to begin with: the one that this tab has, or in the demo the pro shop's. */
export function firstToken(): string | null {
  return provider?.current || sessionStorage.getItem(STORAGE_KEY) || firstDemoToken();
}

/** Begin a session; an empty token is nobody's. Its line lasts until `line.close()`. */
export function begin(token: string): Session {
  const provided = provider && token && token === provider.current ? provider : null;
  if (token && !provided) sessionStorage.setItem(STORAGE_KEY, token);
  const claims = claimsOf(token) ?? {};
  const source: TokenSource = provided ? provided.token : () => sessionStorage.getItem(STORAGE_KEY) || token;
  return {
    token,
    line: new Line({ url: "/graphql", token: source, shared: true }),
    roles: [claims["roles"] ?? claims["role"] ?? []].flat().map(String),
    userId: String(claims["sub"] ?? ""),
    householdId: typeof claims["householdId"] === "string" ? claims["householdId"] : null,
    signedInAgain: () => provided?.signedInAgain() ?? Promise.resolve(false),
  };
}

/** Strip what people copy along with a token. */
export function cleanToken(pasted: string): string {
  return pasted.replace(/^[\s"']*(authorization:\s*)?(bearer\s+)?/i, "").replaceAll(/["'\s]/g, "");
}

export const mayRunTheDesk = ({ roles }: Session): boolean => roles.includes("STAFF") || roles.includes("ADMIN");
/** Whether somebody may follow the clubs that their token names. */
export const mayHearClubs = (session: Session): boolean => mayStart(session) || session.roles.includes("PLAYER") || session.roles.includes("CADDIE");
/** Whether somebody may change what the club sells by. */
export const mayAdminister = ({ roles }: Session): boolean => roles.includes("ADMIN");
export const mayStart = (session: Session): boolean => mayRunTheDesk(session) || session.roles.includes("STARTER");
