import type { Conditions, Figures } from "@fairway/live";

import { useLanguage } from "../language";
import { clock, dayIn, dayInWords, money, useNow } from "../time";
import type { Words } from "../words";

/** How the course can be played now, above what it is about. */
export function ConditionsStrip({ conditions, zone }: { conditions: Conditions; zone: string }) {
  const { words, locale } = useLanguage();
  const now = useNow();
  const { status, score, level, note, cartPolicy, lightningUntil } = conditions;
  const facts = [
    whyIn(conditions, words, (moment) => momentIn(moment, now, zone, locale, words)),
    lightningUntil ? words.lightning(momentIn(lightningUntil, now, zone, locale, words)) : "",
    score === null ? "" : words.playability(score, words.levels[level as keyof Words["levels"]] ?? ""),
    ...weatherIn(conditions, words, locale),
    words.carts[cartPolicy as keyof Words["carts"]] ?? "",
    note,
  ];
  return (
    <section id="conditions" aria-label={words.views.course} aria-live="polite" data-status={status}>
      <b>{words.conditions[status]}</b>
      {facts.filter(Boolean).map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
    </section>
  );
}

export function weatherIn({ weather, stale }: Conditions, words: Words, locale: string): string[] {
  if (!weather) return [];
  if (stale) return [words.weatherUnknown];
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const { windKmh, gustKmh, rainMmPerHour, temperatureC } = weather;
  return [
    windKmh === null ? "" : words.wind(whole.format(windKmh), gustKmh === null ? null : whole.format(gustKmh)),
    rainMmPerHour ? words.rain(new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(rainMmPerHour)) : "",
    temperatureC === null ? "" : new Intl.NumberFormat(locale, { style: "unit", unit: "celsius", maximumFractionDigits: 0 }).format(temperatureC),
  ];
}

/** The causes in words; without those that only say that all is well. */
export function causesIn(causes: string[], words: Words): string[] {
  return causes.map((cause) => words.causes[cause as keyof Words["causes"]]).filter((cause): cause is string => Boolean(cause));
}

function whyIn({ status, reason, causes, closedUntil }: Conditions, words: Words, say: (moment: string) => string): string {
  const why = reason || causesIn(causes, words).join(", ");
  return closedUntil && status === "CLOSED" ? [why, words.until(say(closedUntil))].filter(Boolean).join(", ") : why;
}

/** A moment on the course's clock, with its day where that is another one. */
function momentIn(moment: string, now: number, zone: string, locale: string, words: Words): string {
  const at = new Date(moment).getTime();
  const today = dayIn(zone, now);
  const time = clock(at, zone, locale);
  if (time === "00:00" && dayIn(zone, at - 1) === today) return words.midnight;
  return dayIn(zone, at) === today ? time : `${dayInWords(dayIn(zone, at), locale)}, ${time}`;
}

/** That play is suspended, while it is. */
export function Suspended({ since, zone }: { since: string | null; zone: string }) {
  const { words, locale } = useLanguage();
  if (!since) return null;
  return (
    <p className="message problem" role="status">
      {words.starter.suspended(clock(since, zone, locale))}
    </p>
  );
}

/** The day in figures; on a wall, without what is for the desk alone. */
export function DayFigures({ figures, forAll }: { figures: Figures; forAll: boolean }) {
  const { words, locale } = useLanguage();
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const named: [string, string, string?][] = [
    ...figures.places.map(({ status, places }): [string, string, string] => [words.places[status], String(places), status]),
    [words.figures.players, String(figures.players)],
    [words.figures.checkedIn, String(figures.checkedIn)],
    [words.figures.noShows, String(figures.noShows)],
    [words.figures.utilisation, percent.format(figures.utilisationPercent / 100)],
    ...(forAll ? [] : (figures.revenue ?? [])).map((amount): [string, string] => [words.figures.revenue, money(amount, locale)]),
  ];
  return (
    <dl id="figures">
      {named.map(([name, value, status]) => (
        <div key={`${name} ${status ?? ""}`} data-status={status}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
