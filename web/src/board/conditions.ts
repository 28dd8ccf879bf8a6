import type { Conditions, ConditionsEvent, CourseStatus } from "./api";
import { element } from "./view";

const WORDS: Record<CourseStatus, string> = { OPEN: "Open", CONDITIONAL: "Open with care", CLOSED: "Closed" };
const QUIET = new Set(["CLEAR", "NO_WEATHER"]);
const CARTS: Record<string, string> = {
  NINETY_DEGREE: "carts at 90°",
  PATH_ONLY: "carts on paths only",
  WALKING_ONLY: "walking only",
  NONE: "no carts",
};

/** How the course can be played now, as it stands above the sheet. */
export class ConditionsStrip {
  #shown: Conditions;
  readonly #strip: HTMLElement;
  readonly #zone: string | undefined;

  constructor(conditions: Conditions, strip: HTMLElement, zone: string | undefined) {
    this.#shown = conditions;
    this.#strip = strip;
    this.#zone = zone;
    this.#show(false);
  }

  /** Bring the strip up to date by one event: those that tell the conditions tell all of them. */
  apply(event: ConditionsEvent): void {
    if (event.__typename !== "CourseConditionsChanged") return;
    const moved = event.status !== this.#shown.status;
    this.#shown = { ...this.#shown, ...event };
    this.#show(moved);
  }

  #show(moved: boolean): void {
    const { status, score, level, note, cartPolicy } = this.#shown;
    const pill = element("b", "status", WORDS[status]);
    const facts = [this.#why(), this.#lightning(), score === null ? "" : `playability ${score}, ${say(level ?? "")}`];
    facts.push(...this.#weather(), CARTS[cartPolicy] ?? "", note);
    this.#strip.dataset["status"] = status;
    this.#strip.hidden = false;
    this.#strip.replaceChildren(pill, ...facts.filter(Boolean).map((fact) => element("span", "", fact)));
    if (moved) this.#strip.animate([{ filter: "brightness(1.4)" }, { filter: "none" }], { duration: 1200 });
  }

  #why(): string {
    const { status, reason, causes, closedUntil } = this.#shown;
    const why = reason || causes.filter((cause) => !QUIET.has(cause)).map(say).join(", ");
    return closedUntil && status === "CLOSED" ? [why, `until ${this.#clock(closedUntil)}`].filter(Boolean).join(", ") : why;
  }

  #lightning(): string {
    const { lightningUntil } = this.#shown;
    return lightningUntil ? `lightning: not before ${this.#clock(lightningUntil)}` : "";
  }

  #weather(): string[] {
    const { weather, stale } = this.#shown;
    if (stale || !weather) return [weather ? "the weather is not known at the moment" : ""];
    const gust = weather.gustKmh === null ? "" : `, gusts ${Math.round(weather.gustKmh)}`;
    return [
      weather.windKmh === null ? "" : `wind ${Math.round(weather.windKmh)}${gust} km/h`,
      weather.rainMmPerHour ? `rain ${weather.rainMmPerHour.toFixed(1)} mm/h` : "",
      weather.temperatureC === null ? "" : `${Math.round(weather.temperatureC)} °C`,
    ];
  }

  /** Say a moment on the course's clock, with its day where that is another one. */
  #clock(moment: string): string {
    const zone = this.#zone ? { timeZone: this.#zone } : {};
    const at = new Date(moment);
    const day = (when: Date) => new Intl.DateTimeFormat("en-GB", { ...zone, weekday: "short", day: "numeric", month: "short" }).format(when);
    const time = new Intl.DateTimeFormat("en-GB", { ...zone, hour: "2-digit", minute: "2-digit" }).format(at);
    const today = day(new Date());
    if (time === "00:00" && day(new Date(at.getTime() - 1)) === today) return "midnight";
    return day(at) === today ? time : `${day(at)}, ${time}`;
  }
}

/** Say a name of the schema as people do: WIND_SEVERE is “wind severe”. */
function say(name: string): string {
  return name.toLowerCase().replaceAll("_", " ");
}
