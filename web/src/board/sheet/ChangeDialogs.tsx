// Bookings that become others: some players get one of their own, others come together, or the players change.
import type { Booking, TeeTime } from "@fairway/live";
import { type FormEvent, useState } from "react";
import { Button } from "react-aria-components/Button";

import { RefusalNote, useActs } from "../acts";
import { useWords } from "../language";
import { short } from "../time";
import { Window } from "../Window";
import { change, fullName, merge, NOBODY, type Party, split } from "./deeds";
import { PersonFields } from "./PlayerPicker";

export interface Changing {
  how: "split" | "merge" | "edit";
  booking: Booking;
  teeTime: TeeTime;
}

interface ChangeProps extends Omit<Changing, "how"> {
  clubId: string;
  /** The starts of the day with the bookings that are on them. */
  day: { teeTime: TeeTime; booking: Booking }[];
  places: number;
  close: () => void;
}

export default function ChangeDialog({ how, ...props }: ChangeProps & Pick<Changing, "how">) {
  if (how === "split") return <SplitDialog {...props} />;
  return how === "merge" ? <MergeDialog {...props} /> : <EditDialog {...props} />;
}

function Footer({ label, isBusy, isIdle = false }: { label: string; isBusy: boolean; isIdle?: boolean }) {
  const words = useWords();
  return (
    <footer>
      <Button slot="close">{words.cancel}</Button>
      <button type="submit" className="primary" disabled={isBusy || isIdle}>
        {label}
      </button>
    </footer>
  );
}

function SplitDialog({ booking, teeTime, close }: ChangeProps) {
  const words = useWords();
  const { act, pending } = useActs();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const where = `split ${booking.id}`;
  const some = chosen.size > 0 && chosen.size < booking.players.length;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (some && (await act(split(booking, [...chosen], words), where))) close();
  };
  return (
    <Window title={`${words.desk.splitTitle} · ${short(teeTime.localTime)}`} close={close}>
      <form onSubmit={(event) => void submit(event)}>
        <fieldset className="choices">
          <legend>{words.desk.splitWho}</legend>
          {booking.players.map((player, index) => (
            <label key={player.position}>
              <input type="checkbox" autoFocus={index === 0} checked={chosen.has(player.position)} onChange={() => setChosen(flip(chosen, player.position))} />
              {fullName(player) || words.guestOf(fullName(booking.payer))}
            </label>
          ))}
        </fieldset>
        {!some && <p className="quiet">{words.desk.splitSome}</p>}
        <RefusalNote where={where} />
        <Footer label={words.desk.splitDo} isBusy={pending.has(where)} isIdle={!some} />
      </form>
    </Window>
  );
}

const MAY_MERGE = new Set(["CONFIRMED", "CHECKED_IN", "NO_SHOW"]);

function MergeDialog({ booking, teeTime, day, places, close }: ChangeProps) {
  const words = useWords();
  const { act, pending } = useActs();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const where = `merge ${booking.id}`;
  const room = places - booking.players.length;
  const others = day
    .filter((one) => one.booking.id !== booking.id && MAY_MERGE.has(one.booking.status) && one.booking.players.length <= room)
    // Who is at the same start comes first: that is what a desk wants most often.
    .sort((one, other) => Number(other.teeTime.id === teeTime.id) - Number(one.teeTime.id === teeTime.id));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const joining = others.filter((one) => chosen.has(one.booking.id));
    if (await act(merge(booking, teeTime, joining, words), where)) close();
  };
  return (
    <Window title={`${words.desk.mergeTitle(fullName(booking.payer))} · ${short(teeTime.localTime)}`} close={close}>
      <form onSubmit={(event) => void submit(event)}>
        <fieldset className="choices long">
          <legend>{words.desk.mergeWhich}</legend>
          {others.length === 0 && <p className="quiet">{words.desk.mergeNone}</p>}
          {others.map((one, index) => (
            <label key={one.booking.id}>
              <input type="checkbox" autoFocus={index === 0} checked={chosen.has(one.booking.id)} onChange={() => setChosen(flip(chosen, one.booking.id))} />
              {short(one.teeTime.localTime)} {fullName(one.booking.payer)} · {words.players(one.booking.players.length)}
            </label>
          ))}
        </fieldset>
        <RefusalNote where={where} />
        <Footer label={words.desk.mergeDo} isBusy={pending.has(where)} isIdle={chosen.size === 0} />
      </form>
    </Window>
  );
}

function EditDialog({ clubId, booking, teeTime, places, close }: ChangeProps) {
  const words = useWords();
  const { act, pending } = useActs();
  const [party, setParty] = useState<(Party & { position?: number })[]>(() =>
    booking.players.map(({ position, firstName, lastName, priceClass, playerId }) => ({ position, firstName, lastName, priceClass: priceClass ?? "PUBLIC", ...(playerId && { playerId }) })),
  );
  const where = `edit ${booking.id}`;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = change(booking, party, words);
    if (!wanted || (await act(wanted, where))) close();
  };
  return (
    <Window title={words.desk.editTitle(short(teeTime.localTime))} close={close}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        {party.map((player, index) => (
          <PersonFields
            key={player.position ?? `new ${index}`}
            clubId={clubId}
            legend={words.player(index + 1)}
            player={player}
            isFirst={index === 0}
            change={(next) => setParty((old) => old.with(index, { ...next, ...(player.position && { position: player.position }) }))}
            remove={party.length > 1 ? () => setParty((old) => old.filter((_, other) => other !== index)) : undefined}
          />
        ))}
        {party.length < places && (
          <Button onPress={() => setParty((old) => [...old, NOBODY])}>{words.desk.onePlayerMore}</Button>
        )}
        <RefusalNote where={where} />
        <Footer label={words.desk.editDo} isBusy={pending.has(where)} />
      </form>
    </Window>
  );
}

function flip<T>(set: ReadonlySet<T>, one: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(one)) next.add(one);
  return next;
}
