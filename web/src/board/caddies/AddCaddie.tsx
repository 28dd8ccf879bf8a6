import type { Line } from "@fairway/live";
import { type FormEvent, useState } from "react";

import { type Act, RefusalNote, useActs } from "../acts";
import { useAnswer } from "../answer";
import { useWords } from "../language";

const SETTINGS = "query CaddieSettings($club: ID!) { caddieSettings(clubId: $club) { listCount } }";

/** Somebody new goes to the tail of a list. */
export function AddCaddie({ line, clubId }: { line: Line; clubId: string }) {
  const words = useWords();
  const { act, pending } = useActs();
  const [name, setName] = useState("");
  const [listNumber, setList] = useState(1);
  const lists = useAnswer<{ caddieSettings: { listCount: number } }>(line, SETTINGS, { club: clubId })?.caddieSettings.listCount ?? 1;
  const where = `add ${clubId}`;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const undo = (made: Record<string, unknown>): Act => ({ mutation: "deleteCaddie", input: { caddieId: (made["caddie"] as { id: string }).id }, done: words.done.undone });
    const add: Act = { mutation: "addCaddie", input: { clubId, name, listNumber }, result: "caddie { id }", done: words.caddies.added(name.trim(), listNumber), undo };
    if (await act(add, where)) setName("");
  };
  return (
    <section className="card" aria-label={words.caddies.add} aria-busy={pending.has(where) || undefined}>
      <h2>{words.caddies.add}</h2>
      <form onSubmit={(event) => void submit(event)}>
        <label className="stacked">
          {words.caddies.name}
          <input required maxLength={100} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <label className="stacked">
          {words.caddies.onList}
          <select value={listNumber} onChange={(event) => setList(Number(event.target.value))}>
            {Array.from({ length: lists }, (_, index) => (
              <option key={index} value={index + 1}>
                {words.caddies.list(index + 1)}
              </option>
            ))}
          </select>
        </label>
        <RefusalNote where={where} />
        <button type="submit" className="primary" disabled={pending.has(where)}>
          {words.desk.add}
        </button>
      </form>
    </section>
  );
}
