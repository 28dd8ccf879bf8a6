import { firstDemoToken } from "../shared/config";
import { provider } from "../shared/provider";
import { Cell } from "./cell";
import { endSubscription } from "./live";

/** What the page shows of a token; nothing of it was verified. */
export interface Claims {
  subject: string;
  roles: string[];
  expiresAt: Date | null;
}

const STORAGE_KEY = "fairway.token";
const SIGNED_OUT = "";

/** The token that the page sends, or null while nobody is signed in; the demo begins as its pro shop. */
export const token = new Cell<string | null>((provider?.current ?? sessionStorage.getItem(STORAGE_KEY) ?? firstDemoToken()) || null);

// A token that was renewed is the same user's: what runs goes on, and connects with it from now on.
const signedInBy = provider;
signedInBy?.subscribe(() => token.set(signedInBy.current));
signedInBy?.renewInTime();

/** Use this token from now on; a running subscription ends, since its socket belongs to the old one. */
export function signIn(raw: string): void {
  sessionStorage.setItem(STORAGE_KEY, raw);
  replaceToken(raw);
}

/** Forget the token and end a running subscription. */
export function signOut(): void {
  sessionStorage.setItem(STORAGE_KEY, SIGNED_OUT); // so that the demo does not sign in by itself again
  replaceToken(null);
}

/** Strip what people copy along with a token: a "Bearer" prefix, quotes, line breaks. */
export function cleanToken(pasted: string): string {
  return pasted
    .replaceAll(/\s+/g, " ")
    .replace(/^[\s"']*(authorization:\s*)?(bearer\s+)?/i, "")
    .replaceAll(/["'\s]/g, "");
}

/** Decode the claims of a JSON Web Token without verifying it, or return null when it is none. */
export function readClaims(raw: string): Claims | null {
  const parts = raw.split(".");
  if (parts.length !== 3 || parts[1] === undefined) return null;
  try {
    const payload: unknown = JSON.parse(decodeBase64Url(parts[1]));
    return typeof payload === "object" && payload !== null ? toClaims(payload as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function replaceToken(raw: string | null): void {
  if (raw === token.get()) return;
  endSubscription();
  token.set(raw);
}

function decodeBase64Url(text: string): string {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}

function toClaims(payload: Record<string, unknown>): Claims {
  return {
    subject: typeof payload["sub"] === "string" ? payload["sub"] : "unknown subject",
    roles: [payload["roles"] ?? payload["role"] ?? []].flat().map(String),
    expiresAt: typeof payload["exp"] === "number" ? new Date(payload["exp"] * 1000) : null,
  };
}
