import type { TeeTime } from "@fairway/live";
import { type FormEvent, useState } from "react";
import { Button } from "react-aria-components/Button";

import { RefusalNote, useActs } from "../acts";
import { useWords } from "../language";
import { short } from "../time";
import { Window } from "../Window";
import { block, book, NOBODY, type Party } from "./deeds";
import { PersonFields } from "./PlayerPicker";

interface BookDialogProps {
  clubId: string;
  teeTime: TeeTime;
  holdId: string | undefined;
  places: number;
  /** Whom it is for, where that was chosen before. */
  first: Party | null;
  close: () => void;
  booked: () => void;
}

/** Who is to play: names and classes for as many places as there are. */
export default function BookDialog({ clubId, teeTime, holdId, places, first, close, booked }: BookDialogProps) {
  const words = useWords();
  const { act, pending } = useActs();
  const [party, setParty] = useState<Party[]>(() => Array.from({ length: holdId ? places : 1 }, (_, index) => (index ? NOBODY : (first ?? NOBODY))));
  const [problem, setProblem] = useState("");
  const where = `book ${teeTime.id}`;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!party[0]?.firstName.trim() || !party[0].lastName.trim()) return setProblem(words.nameNeeded);
    setProblem("");
    if (!(await act(book(teeTime, holdId, party, words), where))) return;
    booked();
    close();
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
          <PersonFields
            key={index}
            clubId={clubId}
            legend={words.player(index + 1)}
            player={player}
            isFirst={index === 0}
            change={(next) => setParty((old) => old.with(index, next))}
          />
        ))}
        {problem && (
          <p className="refusal" role="alert">
            {problem}
          </p>
        )}
        <RefusalNote where={where} />
        <footer>
          <Button slot="close">{words.cancel}</Button>
          <button type="submit" className="primary" disabled={pending.has(where)} autoFocus={first !== null}>
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
    if (await act(block(courseId, date, slotIds, kind, reason, words), where)) close();
  };
  return (
    <Window title={`${words.acts.block} ${short(teeTime.localTime)} · ${words.found(slotIds.length)}`} close={close}>
      <form onSubmit={(event) => void submit(event)}>
        <label className="stacked">
          {words.blockKind}
          <select value={kind} onChange={(event) => setKind(event.target.value as typeof kind)}>
            {Object.entries(words.blockKinds).filter(([one]) => one !== "BALLOT").map(([one, word]) => (
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
