import type { SheetEvent, Slot, SlotStatus, TeeSheet, TeeTime } from "./api";

const WORDS: Record<SlotStatus, string> = { AVAILABLE: "Free", HELD: "Held", BOOKED: "Booked", BLOCKED: "Blocked" };

/** The sheet as it stands on the page: cells by the id of their slot, and the slots themselves. */
export class Board {
  readonly #slots = new Map<string, Slot>();
  readonly #cells = new Map<string, HTMLElement>();
  readonly #figures: HTMLElement;

  constructor(sheet: TeeSheet, main: HTMLElement, figures: HTMLElement) {
    this.#figures = figures;
    main.replaceChildren(...sheet.teeTimes.map((teeTime) => this.#row(teeTime)));
    this.#count();
  }

  /** Bring the sheet up to date by one event. Gives false for one that a slot does not suffice for. */
  apply(event: SheetEvent): boolean {
    const slot = event.slotId ? this.#slots.get(event.slotId) : undefined;
    if (!slot || !event.status) return event.__typename !== "TeeSheetChanged";
    slot.status = event.status;
    const { payerFirstName: firstName = "", payerLastName: lastName = "" } = event;
    slot.payer = event.status === "BOOKED" ? { firstName, lastName } : null;
    this.#show(slot, true);
    this.#count();
    return true;
  }

  #row(teeTime: TeeTime): HTMLElement {
    const row = element("article", "row");
    row.dataset["past"] = String(new Date(teeTime.startsAt) < new Date());
    const time = element("time", "", teeTime.localTime.slice(0, 5));
    if (teeTime.tee !== 1) time.append(element("small", "", ` tee ${teeTime.tee}`));
    row.append(time, ...teeTime.slots.map((slot) => this.#cell(slot)));
    return row;
  }

  #cell(slot: Slot): HTMLElement {
    const cell = element("div", "slot");
    this.#slots.set(slot.id, slot);
    this.#cells.set(slot.id, cell);
    this.#show(slot, false);
    return cell;
  }

  #show(slot: Slot, changed: boolean): void {
    const cell = this.#cells.get(slot.id);
    if (!cell) return;
    const name = slot.payer ? `${slot.payer.firstName} ${slot.payer.lastName}`.trim() : "";
    cell.dataset["status"] = slot.status;
    cell.textContent = name || WORDS[slot.status];
    cell.title = `Place ${slot.number}: ${WORDS[slot.status].toLowerCase()}`;
    if (changed) cell.animate([{ filter: "brightness(1.6)" }, { filter: "none" }], { duration: 900 });
  }

  #count(): void {
    const places = [...this.#slots.values()];
    const of = (status: SlotStatus) => places.filter((slot) => slot.status === status).length;
    const forSale = places.length - of("BLOCKED");
    const share = forSale ? Math.round((1000 * of("BOOKED")) / forSale) / 10 : 0;
    const counts = (Object.keys(WORDS) as SlotStatus[]).map((status) => figure(String(of(status)), WORDS[status], status));
    this.#figures.replaceChildren(...counts, figure(`${share} %`, "Utilisation", ""));
  }
}

function figure(value: string, name: string, status: string): HTMLElement {
  const box = element("div", "figure");
  box.dataset["status"] = status;
  box.append(element("b", "", value), element("span", "", name));
  return box;
}

/** Make an element with a class and a text. */
export function element(tag: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
