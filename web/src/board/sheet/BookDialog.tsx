import type { TeeTime } from "@fairway/live";
import { type FormEvent, useState } from "react";
import { Button } from "react-aria-components/Button";

import { RefusalNote, useActs } from "../acts";
import { useWords } from "../language";
import { short } from "../time";
import { Window } from "../Window";
import { block, book, type Party } from "./deeds";

const NOBODY: Party = { firstName: "", lastName: "", priceClass: "PUBLIC" };

/** Who is to play: names and classes for as many places as there are. */
export function BookDialog({ teeTime, holdId, places, close }: { teeTime: TeeTime; holdId: string | undefined; places: number; close: () => void }) {
  const words = useWords();
  const { act, pending } = useActs();
  const [party, setParty] = useState<Party[]>(() => Array.from({ length: holdId ? places : 1 }, () => NOBODY));
  const [problem, setProblem] = useState("");
  const where = `book ${teeTime.id}`;
  const change = (index: number, what: Partial<Party>) => setParty((old) => old.with(index, { ...(old[index] ?? NOBODY), ...what }));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!party[0]?.firstName.trim() || !party[0].lastName.trim()) return setProblem(words.nameNeeded);
    setProblem("");
    if (await act(book(teeTime, holdId, party, words), where)) close();
  };
  return (
    <Window title={words.bookAt(short(teeTime.localTime))} close={close}>
        <form onSubmit={(event) => void submit(event)} noValidate>
          {!holdId && places > 1 && (
            <fieldset className="sizes">
              <legend>{words.playersLabel}</legend>
              {Array.from({ length: places }, (_, index) => index + 1).map((size) => (
                <label key={size}>
                  <input
                    type="radio"
                    name="size"
                    checked={party.length === size}
                    onChange={() => setParty((old) => Array.from({ length: size }, (_, index) => old[index] ?? NOBODY))}
                  />
                  {size}
                </label>
              ))}
            </fieldset>
          )}
          {party.map((player, index) => (
            <fieldset key={index} className="person">
              <legend>{words.player(index + 1)}</legend>
              <label className="stacked">
                {words.firstName}
                <input
                  autoFocus={index === 0}
                  autoComplete="off"
                  value={player.firstName}
                  onChange={(event) => change(index, { firstName: event.target.value })}
                />
              </label>
              <label className="stacked">
                {words.lastName}
                <input autoComplete="off" value={player.lastName} onChange={(event) => change(index, { lastName: event.target.value })} />
              </label>
              <label className="stacked">
                {words.priceClass}
                <select value={player.priceClass} onChange={(event) => change(index, { priceClass: event.target.value })}>
                  {(["PUBLIC", "GUEST", "MEMBER"] as const).map((one) => (
                    <option key={one} value={one}>
                      {words.classes[one]}
                    </option>
                  ))}
                </select>
              </label>
            </fieldset>
          ))}
          {problem && (
            <p className="refusal" role="alert">
              {problem}
            </p>
          )}
          <RefusalNote where={where} />
          <footer>
            <Button slot="close">{words.cancel}</Button>
            <button type="submit" className="primary" disabled={pending.has(where)}>
              {words.acts.book}
            </button>
          </footer>
        </form>
      </Window>
  );
}

/** Why places are taken from sale. */
export function BlockDialog(props: { courseId: string; date: string; teeTime: TeeTime; slotIds: string[]; close: () => void }) {
  const { courseId, date, teeTime, slotIds, close } = props;
  const words = useWords();
  const { act, pending } = useActs();
  const [kind, setKind] = useState<keyof typeof words.blockKinds>("MAINTENANCE");
  const [reason, setReason] = useState("");
  const where = `block ${teeTime.id}`;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const slots = teeTime.slots.filter(({ id }) => slotIds.includes(id));
    if (await act(block(courseId, date, slots, kind, reason, words), where)) close();
  };
  return (
    <Window title={`${words.acts.block} ${short(teeTime.localTime)} · ${words.found(slotIds.length)}`} close={close}>
        <form onSubmit={(event) => void submit(event)}>
          <label className="stacked">
            {words.blockKind}
            <select value={kind} onChange={(event) => setKind(event.target.value as typeof kind)}>
              {Object.entries(words.blockKinds).map(([one, word]) => (
                <option key={one} value={one}>
                  {word}
                </option>
              ))}
            </select>
          </label>
          <label className="stacked">
            {words.reason}
            <input autoFocus value={reason} onChange={(event) => setReason(event.target.value)} />
          </label>
          <RefusalNote where={where} />
          <footer>
            <Button slot="close">{words.cancel}</Button>
            <button type="submit" className="primary" disabled={pending.has(where)}>
              {words.acts.block}
            </button>
          </footer>
        </form>
      </Window>
  );
}
