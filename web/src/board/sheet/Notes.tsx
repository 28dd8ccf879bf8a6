import type { Restriction } from "@fairway/live";

import type { Classes } from "../classes";
import { useWords } from "../language";
import { short } from "../time";
import type { Words } from "../words";

/** What is noted on something, for all and for the staff alone; on a wall, what is for all. */
export function Notes({ of, name, wall = false }: { of: { note: string; staffNote: string | null }; name?: string; wall?: boolean }) {
  const words = useWords();
  const staffNote = wall ? null : of.staffNote;
  if (!of.note && !staffNote) return null;
  return (
    <p className="notes">
      {name && <b>{name}: </b>}
      {of.note && <span>{of.note}</span>}
      {staffNote && (
        <span className="staff-note">
          <b>{words.desk.staffOnly}:</b> {staffNote}
        </span>
      )}
    </p>
  );
}

/** What is asked of who wants a start, in words: what the club calls it, and what it comes to. */
export function restrictionIn(one: Restriction, words: Words, classes: Classes): string {
  const asked = [
    one.priceClasses.map((each) => classes.name(each)).join(", "),
    one.fewestPlayers && words.desk.fewest(one.fewestPlayers),
    one.mostPlayers && words.desk.most(one.mostPlayers),
    one.holes && words.desk.onlyHoles(one.holes),
    one.walkingOnly && words.desk.walking,
    one.opensDayBefore && words.desk.opensBefore(short(one.opensDayBefore)),
  ].filter(Boolean);
  return [one.name, asked.join(", ")].filter(Boolean).join(": ") || words.desk.restriction;
}
