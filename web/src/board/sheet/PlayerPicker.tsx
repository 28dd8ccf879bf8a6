import type { PriceClass } from "@fairway/live";
import { useEffect, useState } from "react";
import { Button } from "react-aria-components/Button";
import { ComboBox } from "react-aria-components/ComboBox";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";

import { useClasses } from "../classes";
import { useWords } from "../language";
import { useSession } from "../session";
import { fullName, type Party } from "./deeds";

export interface Known {
  id: string;
  firstName: string;
  lastName: string;
  priceClass: PriceClass;
  phone: string | null;
  memberNumber: string | null;
}

const PLAYERS = `query Players($club: ID!, $search: String!) {
  players(clubId: $club, search: $search, active: true, first: 12) {
    nodes { id firstName lastName priceClass phone memberNumber }
  }
}`;
const TYPED_MS = 200;

/** Who is known to the club by a part of a name, a phone number or a member number; null while nobody is searched for. */
export function useKnown(clubId: string, search: string): Known[] | null {
  const { line } = useSession();
  const [found, setFound] = useState<Known[] | null>(null);
  const text = search.trim();
  useEffect(() => {
    if (text.length < 2) return setFound(null);
    let isWanted = true;
    const timer = setTimeout(async () => {
      try {
        const { players } = await line.ask<{ players: { nodes: Known[] } }>(PLAYERS, { club: clubId, search: text });
        if (isWanted) setFound(players.nodes);
      } catch {
        if (isWanted) setFound([]); // a name can be typed all the same
      }
    }, TYPED_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [line, clubId, text]);
  return found;
}

export const partyOf = ({ id, firstName, lastName, priceClass }: Known): Party => ({ playerId: id, firstName, lastName, priceClass });

/** What tells two of the same name apart. */
export function useAbout(): (player: Known) => string {
  const words = useWords();
  const classes = useClasses();
  return ({ priceClass, memberNumber, phone }) =>
    [classes.name(priceClass), memberNumber && words.desk.member(memberNumber), phone && words.desk.phone(phone)].filter(Boolean).join(" · ");
}

/** Find one whom the club knows; whoever it does not is typed into the fields below. */
export function PlayerPicker({ clubId, pick }: { clubId: string; pick: (player: Known) => void }) {
  const words = useWords();
  const about = useAbout();
  const [text, setText] = useState("");
  const found = useKnown(clubId, text);
  return (
    <ComboBox
      className="picker"
      items={found ?? []}
      inputValue={text}
      onInputChange={setText}
      selectedKey={null}
      onSelectionChange={(key) => {
        const player = found?.find(({ id }) => id === key);
        if (!player) return;
        setText("");
        pick(player);
      }}
      menuTrigger="input"
      allowsCustomValue
      // What is found comes later than what is typed.
      allowsEmptyCollection
    >
      <Label>{words.desk.pick}</Label>
      <Input placeholder={words.desk.findLabel} autoComplete="off" />
      <Popover className="popover options">
        <ListBox<Known> renderEmptyState={() => <p className="option quiet">{found ? words.desk.nobodyFound : words.desk.findHint}</p>}>
          {(player) => (
            <ListBoxItem id={player.id} textValue={fullName(player)} className="option">
              <strong>{fullName(player)}</strong> <small>{about(player)}</small>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

/** One who plays: somebody whom the club knows, or a name with a class. */
export function PersonFields(props: { clubId: string; legend: string; player: Party; change: (player: Party) => void; isFirst?: boolean; hasClass?: boolean; remove?: (() => void) | undefined }) {
  const { clubId, legend, player, change, isFirst = false, hasClass = true, remove } = props;
  const words = useWords();
  const classes = useClasses();
  const name = fullName(player);
  return (
    <fieldset className="person">
      <legend>
        {legend}
        {remove && (
          <Button className="remove" onPress={remove} aria-label={words.desk.takeOff(name || legend)}>
            ×
          </Button>
        )}
      </legend>
      {player.playerId ? (
        <p className="chosen">
          <strong>{name}</strong> {classes.name(player.priceClass)}
          <Button onPress={() => change({ firstName: "", lastName: "", priceClass: player.priceClass })} aria-label={words.desk.unpick(name)}>
            ×
          </Button>
        </p>
      ) : (
        <>
          <PlayerPicker clubId={clubId} pick={(known) => change({ ...player, ...partyOf(known) })} />
          <label className="stacked">
            {words.firstName}
            <input autoFocus={isFirst} autoComplete="off" value={player.firstName} onChange={(event) => change({ ...player, firstName: event.target.value })} />
          </label>
          <label className="stacked">
            {words.lastName}
            <input autoComplete="off" value={player.lastName} onChange={(event) => change({ ...player, lastName: event.target.value })} />
          </label>
          {hasClass && (
            <label className="stacked">
              {words.priceClass}
              <select value={player.priceClass} onChange={(event) => change({ ...player, priceClass: event.target.value })}>
                {classes.given.map((one) => (
                  <option key={one} value={one}>
                    {classes.name(one)}
                  </option>
                ))}
              </select>
            </label>
          )}
        </>
      )}
    </fieldset>
  );
}
