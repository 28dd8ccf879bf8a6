import type { UserManager, UserManagerSettings } from "oidc-client-ts";

import type { Provider } from "./config";

/** Where the identity provider sends people back to. */
const TAKES_UP = "/signed-in";
const POPUP = { width: 480, height: 680 };

/** What speaks with the identity provider: authorisation code with PKCE, state and nonce; tokens stay in this tab. */
export async function managerFor({ issuer, clientId, scope, audience }: Provider): Promise<UserManager> {
  const { UserManager, WebStorageStateStore } = await import("oidc-client-ts");
  // Of this tab alone: two tabs with one token to renew by would end each other's sign-in.
  const kept = (what: string) => new WebStorageStateStore({ store: sessionStorage, prefix: `fairway.oidc.${what}.` });
  const settings: UserManagerSettings = {
    authority: issuer,
    client_id: clientId,
    redirect_uri: `${location.origin}${TAKES_UP}`,
    post_logout_redirect_uri: `${location.origin}/`,
    scope,
    ...(audience && { extraQueryParams: { audience } }),
    stateStore: kept("asked"),
    userStore: kept("user"),
    popupWindowFeatures: POPUP,
    silentRequestTimeoutInSeconds: 8,
    automaticSilentRenew: false,
    accessTokenExpiringNotificationTimeInSeconds: 30,
    revokeTokensOnSignout: true,
    revokeTokenTypes: ["refresh_token"],
    redirectMethod: "replace",
  };
  return new UserManager(settings);
}
