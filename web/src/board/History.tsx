import { Button } from "react-aria-components/Button";

import { type Done, RefusalNote, useActs } from "./acts";
import { useLanguage } from "./language";
import { clock } from "./time";
import { Window } from "./Window";

/** What was done on this page, each with its way back where there is one. */
export default function History({ zone, close }: { zone: string | undefined; close: () => void }) {
  const { words } = useLanguage();
  const { past } = useActs();
  return (
    <Window title={words.desk.history} close={close}>
      <ol className="past">
        {past.length === 0 && <li className="quiet">{words.desk.historyNone}</li>}
        {past.map((done) => (
          <Entry key={done.id} done={done} zone={zone} />
        ))}
      </ol>
      <footer>
        <Button slot="close" autoFocus>
          {words.close}
        </Button>
      </footer>
    </Window>
  );
}

function Entry({ done, zone }: { done: Done; zone: string | undefined }) {
  const { words, locale } = useLanguage();
  const { takeBack, pending } = useActs();
  return (
    <li aria-busy={pending.has(done.where) || undefined} data-back={done.takenBack || undefined}>
      <time className="quiet">{clock(done.at, zone, locale, true)}</time>
      <span>
        {done.text}
        {done.takenBack && <small className="quiet"> · {words.desk.takenBack}</small>}
      </span>
      {done.undo && (
        <button type="button" aria-label={`${words.desk.takeBack}: ${done.text}`} onClick={() => void takeBack(done)}>
          {words.desk.takeBack}
        </button>
      )}
      <RefusalNote where={done.where} />
    </li>
  );
}
