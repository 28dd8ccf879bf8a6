import { useCell } from "./cell";
import { config } from "../shared/config";
import { provider } from "../shared/provider";
import iconUrl from "../shared/icon.svg";
import { LiveChip } from "./LiveChip";
import { ProvidedSignIn, SignedIn, SignInAs, SignInForm } from "./SignIn";
import { token } from "./token";

/** The bar above GraphiQL: who is signed in, and how the socket fares. */
export function Bar() {
  const current = useCell(token);
  return (
    <header className="bar">
      <h1 className="bar-brand">
        <img src={iconUrl} alt="" width="22" height="22" />
        Fairway
      </h1>
      <div className="bar-account">
        {config.tokens.length > 0 && <SignInAs current={current} />}
        {provider && <ProvidedSignIn provider={provider} />}
        {current === null ? !provider && <SignInForm /> : <SignedIn current={current} />}
      </div>
      <LiveChip />
    </header>
  );
}
