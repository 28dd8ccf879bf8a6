import { useEffect } from "react";
import { Button } from "react-aria-components/Button";

import { useActs } from "./acts";
import type { Address } from "./address";
import { useWords } from "./language";
import { addDays } from "./time";
import { Window } from "./Window";

const TYPED_IN = "input, textarea, select, [role=dialog], [contenteditable]";

/** Whether a key is meant for the page, and not for what somebody types. */
export function isForPage(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  return !document.querySelector(OPENING) && !(event.target instanceof Element && event.target.closest(TYPED_IN));
}

const OPENING = "[data-opening]";

/** Stands for a window whose program is still on its way: what is typed meanwhile is meant for it, and does nothing on the page. */
export function Opening() {
  return <span data-opening hidden />;
}

interface PageKeys {
  day: string;
  today: string;
  go: (change: Partial<Address>) => void;
  help: () => void;
  history: () => void;
}

const VIEW_KEYS = { "1": "sheet", "2": "starter", "3": "marshal", "4": "caddies", "5": "course", "6": "wall", "7": "occasion", "8": "golfers", "9": "club" } as const;

/** The keys that work in every view. */
export function usePageKeys({ day, today, go, help, history }: PageKeys): void {
  useEffect(() => {
    const named = (other: string) => (other === today ? null : other);
    const press = (event: KeyboardEvent) => {
      if (!isForPage(event)) return;
      if (event.key === "?") help();
      else if (event.key.toLowerCase() === "y") history();
      else if (event.key === "[") go({ day: named(addDays(day, -1)) });
      else if (event.key === "]") go({ day: named(addDays(day, 1)) });
      else if (event.key in VIEW_KEYS) go({ view: VIEW_KEYS[event.key as keyof typeof VIEW_KEYS] });
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [day, today, go, help, history]);
}

/** `Z` takes back what was done last. */
export function useUndoKey(): void {
  const { undo } = useActs();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isForPage(event) && event.key.toLowerCase() === "z") undo();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [undo]);
}

const KEYS = [
  ["↑ ↓ ← →", "arrows"],
  ["Enter", "enter"],
  ["B", "book"],
  ["H", "hold"],
  ["C", "checkIn"],
  ["U", "undoCheckIn"],
  ["X", "noShow"],
  ["M", "move"],
  ["S", "split"],
  ["G", "merge"],
  ["E", "edit"],
  ["L", "block"],
  ["N", "note"],
  ["I", "happened"],
  ["P", "print"],
  ["Z", "undo"],
  ["Y", "history"],
  ["[ ]", "days"],
  ["T", "today"],
  ["/", "search"],
  ["F", "find"],
  ["W", "waitlist"],
  ["1 … 9", "views"],
  ["0", "fullScreen"],
  ["?", "help"],
] as const;

/** The list of all keys. */
export function KeysHelp({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const words = useWords();
  return (
    <Window title={words.keysHelp.title} isOpen={isOpen} close={close}>
        <dl className="keys" tabIndex={0}>
          {KEYS.map(([key, name]) => (
            <div key={name}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{words.keysHelp[name]}</dd>
            </div>
          ))}
        </dl>
        <footer>
          <Button slot="close" autoFocus>
            {words.close}
          </Button>
        </footer>
      </Window>
  );
}
