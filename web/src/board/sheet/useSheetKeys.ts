import type { Booking, Slot, TeeSheet, TeeTime } from "@fairway/live";
import { type RefObject, useEffect, useRef } from "react";

import type { Act } from "../acts";
import { isForPage } from "../keys";
import { useWords } from "../language";
import type { Words } from "../words";
import type { AsideOf } from "./Aside";
import { checkIn, mayArrive, mayChange, noShow, playerAt, undoCheckIn } from "./deeds";

interface SheetKeys {
  list: RefObject<HTMLElement | null>;
  mayAct: boolean;
  sheet: TeeSheet;
  bookings: ReadonlyMap<string, Booking>;
  moving: { booking: Booking } | null;
  act: (act: Act, teeTime: TeeTime) => void;
  open: (slot: Slot, teeTime: TeeTime, anchor: HTMLElement) => void;
  drop: (to: TeeTime, slot?: Slot) => void;
  startMoving: (booking: Booking, from: TeeTime) => void;
  stopMoving: () => void;
  book: (teeTime: TeeTime) => void;
  hold: (teeTime: TeeTime) => void;
  block: (teeTime: TeeTime, slot: Slot) => void;
  change: (how: "split" | "merge" | "edit", booking: Booking, teeTime: TeeTime) => void;
  find: () => void;
  aside: (of: AsideOf) => void;
  jump: () => void;
}

/** The keys of the sheet: arrows go from place to place, letters do what they say at the place that one is at. */
export function useSheetKeys(keys: SheetKeys): void {
  const words = useWords();
  const latest = useRef({ keys, words });
  latest.current = { keys, words };
  useTabStop(keys);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { keys: now, words: said } = latest.current;
      if (!isForPage(event)) return;
      if (event.key === "/") document.getElementById("search")?.focus();
      else if (event.key.toLowerCase() === "t") now.jump();
      else if (event.key.toLowerCase() === "f" && now.mayAct) now.find();
      else if (event.key.toLowerCase() === "p" && now.mayAct) now.aside({ what: "print", sheet: now.sheet });
      else if (event.key.toLowerCase() === "w") document.getElementById("waitlist")?.focus();
      else if (event.key === "Escape" && now.moving) now.stopMoving();
      else if (event.key.startsWith("Arrow")) walk(now, event.key);
      else if (!atPlace(now, said, event.key)) return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

/** One place can be reached by Tab: the one that one was at last, or the next start's first. */
function useTabStop({ list, sheet }: SheetKeys): void {
  useEffect(() => {
    const tiles = tilesOf(list.current);
    if (tiles.some(({ tabIndex }) => tabIndex === 0)) return;
    const first = list.current?.querySelector<HTMLElement>("[data-next] [data-slot]") ?? tiles[0];
    if (first) first.tabIndex = 0;
  }, [list, sheet]);
  useEffect(() => {
    const sheetList = list.current;
    const moved = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement) || !target.dataset["slot"]) return;
      for (const tile of tilesOf(sheetList)) tile.tabIndex = tile === target ? 0 : -1;
    };
    sheetList?.addEventListener("focusin", moved);
    return () => sheetList?.removeEventListener("focusin", moved);
  }, [list]);
}

const tilesOf = (list: HTMLElement | null): HTMLElement[] => [...(list?.querySelectorAll<HTMLElement>("[data-slot]") ?? [])];

function walk({ list }: SheetKeys, key: string): void {
  const tiles = tilesOf(list.current);
  const from = tiles.indexOf(document.activeElement as HTMLElement);
  const to = from < 0 ? tiles.find(({ tabIndex }) => tabIndex === 0) : neighbour(tiles, from, key);
  if (!to) return;
  to.focus();
  to.scrollIntoView({ block: "nearest" });
}

function neighbour(tiles: HTMLElement[], from: number, key: string): HTMLElement | undefined {
  if (key === "ArrowLeft") return tiles[from - 1];
  if (key === "ArrowRight") return tiles[from + 1];
  const row = tiles[from]?.closest(".row");
  const column = [...(row?.querySelectorAll("[data-slot]") ?? [])].indexOf(tiles[from] as Element);
  const other = key === "ArrowUp" ? row?.previousElementSibling : row?.nextElementSibling;
  const there = [...(other?.querySelectorAll<HTMLElement>("[data-slot]") ?? [])];
  return there[Math.min(column, there.length - 1)];
}

/** Do what a key says at the place that has the focus. Gives whether it says anything there. */
function atPlace(keys: SheetKeys, words: Words, key: string): boolean {
  const id = (document.activeElement as HTMLElement | null)?.dataset?.["slot"];
  const teeTime = id && keys.sheet.teeTimes.find(({ slots }) => slots.some((slot) => slot.id === id));
  const slot = teeTime && teeTime.slots.find((one) => one.id === id);
  if (!teeTime || !slot || !keys.mayAct) return false;
  const letter = key.toLowerCase();
  if (slot.status === "BLOCKED") {
    const block = keys.sheet.blocks.find((one) => !one.removedAt && one.slotIds.includes(slot.id));
    if (letter !== "i" || !block) return false;
    keys.aside({ what: "history", block, teeTime });
    return true;
  }
  if (slot.status === "AVAILABLE" || slot.status === "HELD") {
    if (letter === "b") keys.book(teeTime);
    else if (letter === "h" && slot.status === "AVAILABLE") keys.hold(teeTime);
    else if (letter === "l" && slot.status === "AVAILABLE") keys.block(teeTime, slot);
    else if (letter === "n") keys.aside({ what: "note", on: "start", teeTime });
    else return false;
    return true;
  }
  const booking = slot.bookingId ? keys.bookings.get(slot.bookingId) : undefined;
  const player = playerAt(slot, booking);
  if (!booking) return false;
  const isOpen = mayChange(booking);
  if (letter === "n") keys.aside({ what: "note", on: "booking", booking, teeTime });
  else if (letter === "i") keys.aside({ what: "history", booking, teeTime });
  else if (letter === "m") keys.startMoving(booking, teeTime);
  else if (letter === "s" && isOpen && booking.players.length > 1) keys.change("split", booking, teeTime);
  else if (letter === "g" && isOpen) keys.change("merge", booking, teeTime);
  else if (letter === "e" && isOpen) keys.change("edit", booking, teeTime);
  else if (letter === "c" && player && mayArrive(player)) keys.act(checkIn(booking, [player], words), teeTime);
  else if (letter === "u" && player?.checkedInAt) keys.act(undoCheckIn(booking, [player], words), teeTime);
  else if (letter === "x" && player && mayArrive(player)) keys.act(noShow(booking, player, words), teeTime);
  else return false;
  return true;
}
