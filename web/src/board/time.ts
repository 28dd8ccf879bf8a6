import { useSyncExternalStore } from "react";

const SECOND_MS = 1_000;

/** Clocks that components read: each ticks once for all of them. */
class Clock {
  readonly #every: number;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #now = Date.now();

  constructor(every: number) {
    this.#every = every;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#now = Date.now();
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => {
      this.#now = Date.now();
      for (const each of this.#listeners) each();
    }, this.#every);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  };

  readonly get = (): number => this.#now;
}

const seconds = new Clock(SECOND_MS);
const slow = new Clock(10 * SECOND_MS);

/** The moment, in milliseconds, each second. */
export const useSeconds = (): number => useSyncExternalStore(seconds.subscribe, seconds.get);

/** The moment, in milliseconds, often enough for what is past and what is next. */
export const useNow = (): number => useSyncExternalStore(slow.subscribe, slow.get);

/** A moment's day in a zone, as YYYY-MM-DD. */
export function dayIn(zone: string | undefined, moment: number): string {
  return new Intl.DateTimeFormat("en-CA", { ...(zone && { timeZone: zone }), year: "numeric", month: "2-digit", day: "2-digit" }).format(moment);
}

export function addDays(day: string, days: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10);
}

/** Minutes and seconds until a moment, as 4:07; null once it has passed. */
export function leftUntil(moment: string, now: number): string | null {
  const left = Math.ceil((new Date(moment).getTime() - now) / SECOND_MS);
  if (left <= 0) return null;
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** The moment, in UTC, at which a clock in a zone shows a time (08:10) of a day (YYYY-MM-DD). */
export function momentAt(day: string, time: string, zone: string): string {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  // What the zone's clock shows at a moment near by tells how far it is from UTC; once more, for days on which that changes.
  let moment = wanted;
  for (let tries = 0; tries < 2; tries++) moment += wanted - Date.parse(`${dayIn(zone, moment)}T${clock(moment, zone, "en-GB")}:00Z`);
  return new Date(moment).toISOString();
}

/** The time of a moment on a course's clock. */
export function clock(moment: string | number | Date, zone: string | undefined, locale: string, withSeconds = false): string {
  const shown: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  if (withSeconds) shown.second = "2-digit";
  if (zone) shown.timeZone = zone;
  return new Intl.DateTimeFormat(locale, { ...shown, hourCycle: "h23" }).format(new Date(moment));
}

/** A local time of the API, as 08:10:00, as it is said. */
export const short = (localTime: string): string => localTime.slice(0, 5);

/** A day in words, as Mon 4 May. */
export function dayInWords(day: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: "UTC", weekday: "long", day: "numeric", month: "long" }).format(new Date(`${day}T12:00:00Z`));
}

export function money({ amountCents, currency }: { amountCents: number; currency: string }, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency, maximumFractionDigits: amountCents % 100 ? 2 : 0 });
  return format.format(amountCents / 100);
}
