// What an entry of a history changed, in words.
import { clock, dayIn, dayInWords, money } from "../time";
import type { Words } from "../words";

interface Changed {
  what: string;
  changes: { field: string; before: string | null; after: string | null }[];
}


/** The changes of an entry that say something to people; of the first entry, all that the thing began with is new. */
export function changesIn({ changes }: Changed, { words, locale, zone, className }: Omit<Speaking, "currency">): string[] {
  const currency = changes.find(({ field }) => field === "currency")?.after ?? null;
  return changes.flatMap(({ field, before, after }) => {
    const name = nameOf(field, words);
    if (name === null) return [];
    const say = (value: string | null) => valueOf(field, value, { words, locale, zone, className, currency });
    const [was, is] = [say(before), say(after)];
    if (was === is) return [];
    return [was ? `${name}: ${was} → ${is || words.desk.nothing}` : `${name}: ${is}`];
  });
}

function nameOf(field: string, words: Words): string | null {
  const [, position, ofPlayer] = /^players\.(\d+)\.(\w+)$/.exec(field) ?? [];
  const plain = words.desk.fields[ofPlayer ?? field];
  if (!plain) return null;
  // What each player pays is said by what all do.
  if (ofPlayer === "priceCents") return null;
  return position && ofPlayer ? `${words.player(Number(position))}, ${plain}` : plain;
}

interface Speaking {
  words: Words;
  locale: string;
  zone: string;
  className: (code: string) => string;
  currency: string | null;
}

function valueOf(field: string, value: string | null, { words, locale, zone, className, currency }: Speaking): string {
  if (value === null || value === "") return "";
  if (field === "status") return words.desk.statuses[value] ?? value;
  if (field === "kind") return words.blockKinds[value as keyof Words["blockKinds"]] ?? value;
  if (field.endsWith("priceClass")) return className(value);
  if (field.endsWith("Cents") && currency) return money({ amountCents: Number(value), currency }, locale);
  if (field.endsWith("Cents")) return new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(Number(value) / 100);
  if (/At$/.test(field) && !Number.isNaN(Date.parse(value))) {
    const at = Date.parse(value);
    return `${dayInWords(dayIn(zone, at), locale)}, ${clock(at, zone, locale)}`;
  }
  return value;
}
