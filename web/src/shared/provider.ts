import type { User, UserManager } from "oidc-client-ts";

import { tryNow } from "@fairway/live";

import { config, type Provider } from "./config";
import { managerFor } from "./provider-manager";

/** That somebody was signed in by this browser, so that a new page need not ask whether to. It is no token. */
const KNOWN = "fairway.signedIn";
/** That this tab has asked without a word whether somebody is signed in, so that it does not ask for ever. */
const ASKED = "fairway.asked";

/** `expired` has a user whose sign-in counts no more: the page is kept as it is until they have signed in again. */
export type SignInState = "nobody" | "signedIn" | "expired";

type Said = { kind: "signedOut" } | { kind: "signedIn"; subject: string };

/** What a page asks for: where it is, to come back to. */
interface Asked {
  url: string;
}

/** Signs people in at the identity provider that the server names, and keeps them signed in. */
export class SignIn {
  readonly #manager: UserManager;
  readonly #listeners = new Set<() => void>();
  readonly #others = new BroadcastChannel("fairway.signIn");
  #user: User | null = null;
  #state: SignInState = "nobody";
  #renewing: Promise<void> | null = null;
  #isLeaving = false;
  /** Signed out on all devices: the provider may still know the user, so it is asked to see them. */
  #isRevoked = false;

  private constructor(manager: UserManager) {
    this.#manager = manager;
    this.#others.onmessage = ({ data }) => void this.#hear(data as Said);
  }

  /** Take up the sign-in of this tab; where this browser knows somebody, ask the provider without a word whether it does. */
  static async begin(provider: Provider, mayAsk: boolean): Promise<SignIn> {
    const made = new SignIn(await managerFor(provider));
    const user = await made.#manager.getUser();
    if (user) made.#keep(user);
    else if (mayAsk && localStorage.getItem(KNOWN) && !sessionStorage.getItem(ASKED)) {
      sessionStorage.setItem(ASKED, "1");
      await made.#leave("none").catch(() => {});
    }
    return made;
  }

  /** The token that there is, good or not; null where nobody is signed in. */
  get current(): string | null {
    return this.#user?.access_token ?? null;
  }

  get name(): string {
    const { name, preferred_username, sub } = this.#user?.profile ?? {};
    return name ?? preferred_username ?? sub ?? "";
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): SignInState => this.#state;

  /** Give a token: another one where the last one is about to expire, or was refused. Throws while the provider is away. */
  readonly token = async (why?: "expiring" | "refused"): Promise<string> => {
    if (why === "refused" && this.current && (await isRevoked(this.current))) {
      this.#isRevoked = true;
      this.#say("expired");
    }
    if (this.#state === "signedIn" && (why || this.#user?.expired)) await this.renew();
    return this.current ?? "";
  };

  /** Get another token without a word. Where the provider wants to see the user, the state is `expired` afterwards. */
  renew(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  /** Renew the token by itself, half a minute before it expires: for a page that has no line which asks for it. */
  renewInTime(): void {
    this.#manager.events.addAccessTokenExpiring(() => void this.renew().catch(() => {}));
    this.#manager.events.addAccessTokenExpired(() => void this.renew().catch(() => {}));
    if (this.#user?.expired) void this.renew().catch(() => {});
  }

  /** Go to the provider, and come back to this page. */
  signIn(): Promise<void> {
    return this.#leave();
  }

  /** Sign in again beside this page, which stays as it is: what is under way on it goes on then. */
  async signInAgain(): Promise<void> {
    const { sub } = this.#user?.profile ?? {};
    try {
      const nonce = crypto.randomUUID();
      const asked = { nonce, ...(sub && { login_hint: sub }), ...(this.#isRevoked && { prompt: "login" }) };
      const user = await this.#manager.signinPopup(asked);
      this.#tell({ kind: "signedIn", subject: user.profile.sub });
      if (user.profile.sub === sub) this.#keep(user);
      else location.reload(); // somebody else: nothing of this page is theirs
    } catch (cause) {
      // Where the browser lets no window open. One that was closed was meant to be.
      if (!(cause instanceof Error && cause.message.includes("closed"))) await this.signIn();
    }
  }

  /** Wait until the user is signed in again; false where nobody is asked to. */
  signedInAgain(): Promise<boolean> {
    if (this.#state !== "expired") return Promise.resolve(false);
    return new Promise((resolve) => {
      const stop = this.subscribe(() => {
        stop();
        resolve(this.#state === "signedIn");
      });
    });
  }

  /** Sign out: in all tabs, and at the provider. Without the provider, in all tabs. */
  async signOut(): Promise<void> {
    this.#isLeaving = true;
    await this.#renewing?.catch(() => {}); // which would leave another token behind
    localStorage.removeItem(KNOWN);
    this.#tell({ kind: "signedOut" });
    try {
      await this.#manager.signoutRedirect();
    } catch {
      await this.#manager.removeUser();
      location.reload();
    }
  }

  async #leave(prompt?: "none"): Promise<void> {
    const state: Asked = { url: `${location.pathname}${location.hash}` };
    await this.#manager.signinRedirect({ state, nonce: crypto.randomUUID(), ...(prompt && { prompt }) });
    await new Promise(() => {}); // this page has ended
  }

  async #renew(): Promise<void> {
    const { ErrorResponse, ErrorTimeout } = await import("oidc-client-ts");
    const hasToken = Boolean(this.#user?.refresh_token);
    const nonce = crypto.randomUUID();
    try {
      return this.#keepRenewed(await this.#manager.signinSilent({ nonce }));
    } catch (cause) {
      if (!(cause instanceof ErrorResponse) && (hasToken || !(cause instanceof ErrorTimeout))) throw cause;
      if (!hasToken) return this.#say("expired");
    }
    try {
      // The token to renew by counts no more; the provider may still know the user.
      this.#keepRenewed(await this.#manager.signinSilent({ nonce, forceIframeAuth: true }));
    } catch {
      this.#say("expired");
    }
  }

  #keepRenewed(user: User | null): void {
    if (user) this.#keep(user);
    else this.#say("expired");
  }

  #keep(user: User): void {
    if (this.#isLeaving) return;
    this.#user = user;
    this.#isRevoked = false;
    localStorage.setItem(KNOWN, "1");
    sessionStorage.removeItem(ASKED);
    this.#say("signedIn");
    tryNow();
  }

  #say(state: SignInState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }

  #tell(said: Said): void {
    this.#others.postMessage(said);
  }

  async #hear(said: Said): Promise<void> {
    if (said.kind === "signedOut" && this.#user) {
      await this.#manager.removeUser();
      location.reload();
    } else if (said.kind === "signedIn" && this.#state === "expired" && !this.#isRevoked && this.#user?.profile.sub === said.subject) {
      // Somebody has signed in beside this tab: the provider knows the user again.
      this.#state = "signedIn";
      await this.renew().catch(() => this.#say("expired"));
    }
  }
}

const WHO = "{ viewer { userId } }";

/** Whether the server takes a token no more because its user has signed out everywhere; not known while it is away. */
async function isRevoked(token: string): Promise<boolean> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  try {
    const answer = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify({ query: WHO }) });
    const { errors } = (await answer.json()) as { errors?: { extensions?: { code?: string } }[] };
    return errors?.[0]?.extensions?.code === "TOKEN_REVOKED";
  } catch {
    return false;
  }
}

/** Whoever opens an invitation by its code is no user of the identity provider. */
const mayAsk = new URLSearchParams(location.hash.slice(1)).get("view") !== "guest";

/** Who signs people in; null where the server names nobody. */
export const provider: SignIn | null = config.provider ? await SignIn.begin(config.provider, mayAsk) : null;
