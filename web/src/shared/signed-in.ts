// What the identity provider sends people back to. In a window or a frame of a page, that page goes on with the answer.
import { config } from "./config";
import { managerFor } from "./provider-manager";

const WORDS = {
  en: { title: "Signing in did not work", back: "Back to the board" },
  es: { title: "No se ha podido iniciar sesión", back: "Volver al panel" },
};
const words = navigator.language.startsWith("es") ? WORDS.es : WORDS.en;
/** What a provider says to who asks without a word, where it would have to say some. */
const SILENT = new Set(["login_required", "interaction_required", "consent_required", "account_selection_required"]);

async function takeUp(): Promise<void> {
  if (!config.provider) return;
  const manager = await managerFor(config.provider);
  if (window.opener) return manager.signinPopupCallback();
  if (window.parent !== window) return manager.signinSilentCallback();
  try {
    const user = await manager.signinRedirectCallback();
    location.replace(within(user.state));
  } catch (cause) {
    const { error, state } = cause as { error?: string; state?: unknown };
    if (error && SILENT.has(error)) location.replace(within(state));
    else say(cause);
  }
}

/** Where the page was that asked: an address of this server. */
function within(state: unknown): string {
  const url = (state as { url?: unknown } | null)?.url;
  return typeof url === "string" && /^\/(?![/\\])/.test(url) ? url : "/";
}

function say(cause: unknown): void {
  const problem = document.getElementById("problem");
  const back = document.getElementById("back");
  const { error_description, message } = cause as { error_description?: string | null; message?: string };
  if (problem) problem.textContent = `${words.title}: ${error_description ?? message ?? ""}`;
  if (back) Object.assign(back, { hidden: false, textContent: words.back });
  history.replaceState(null, "", location.pathname); // the code is used up, and no business of whoever looks on
}

void takeUp();
