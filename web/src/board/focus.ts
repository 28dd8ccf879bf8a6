// Whoever works by keys is never put back to the top of the page: where what they were at goes away, they are next to it.

const REACHED = "a[href], button, input, select, textarea, summary, [tabindex]";
/** What floats gives the focus back by itself, but not always: so this looks once that had its turn. */
const TURN_MS = 80;

/** Keep the focus on the page for as long as the page is there. */
export function keepFocus(): void {
  let last: HTMLElement | null = null;
  let waits: HTMLElement | null = null;
  addEventListener("focusin", ({ target }) => (last = target instanceof HTMLElement ? target : null));
  // Who points beside everything means to be nowhere.
  addEventListener("pointerdown", () => (last = waits = null), true);
  // What is held down is one act: the button that comes next under the focus is another.
  addEventListener("keydown", (event) => event.repeat && event.key === "Enter" && event.target instanceof HTMLButtonElement && event.preventDefault(), true);
  const look = (records: MutationRecord[]) => {
    if (waits && canHaveFocus(waits)) {
      const back = waits;
      waits = null;
      if (last === refuge(back)) back.focus();
    }
    if (!last || isSomewhere()) return;
    const lost = last;
    if (canHaveFocus(lost)) {
      // A list in another order: what one is at was taken out of the page, and put back.
      if (records.some((record) => [...record.removedNodes].some((node) => node.contains(lost)))) lost.focus();
      return;
    }
    if (lost.isConnected) {
      // A button is out of use while its act is under way.
      refuge(lost)?.focus();
      waits = lost;
      return;
    }
    const next = besides(records, lost);
    if (next) return next.focus();
    setTimeout(() => !isSomewhere() && document.hasFocus() && home()?.focus(), TURN_MS);
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled", "hidden"] });
}

/** Where one is on the page when one is nowhere else: at the place of the sheet that one was at, or at the view itself. */
export function home(): HTMLElement | null {
  return document.querySelector<HTMLElement>('[data-slot][tabindex="0"]') ?? document.getElementById("view");
}

/** A button that is out of use has the focus for a moment still. */
const isSomewhere = (): boolean => document.activeElement !== document.body && canHaveFocus(document.activeElement as HTMLElement | null);

const canHaveFocus = (element: HTMLElement | null): boolean => element !== null && element.isConnected && element.getClientRects().length > 0 && !element.matches(":disabled");

/** What is around an element and can have the focus itself; for the head of the page it is the view below. */
const refuge = (element: HTMLElement): HTMLElement | null => element.parentElement?.closest<HTMLElement>('[tabindex="-1"]') ?? document.getElementById("view");

/** What is next to where an element was taken away: what stands there now, what comes after, what came before, or what is around. */
function besides(records: MutationRecord[], lost: Node): HTMLElement | null {
  const removed = records.find((record) => record.target.isConnected && [...record.removedNodes].some((node) => node.contains(lost)));
  if (!removed || removed.target === document.body) return null;
  const { target, previousSibling, nextSibling } = removed;
  // What was said last and is said no more stands beside nothing.
  if ((target as HTMLElement).closest("[role=status]")) return home();
  const nodes: Node[] = [...target.childNodes];
  const at = previousSibling?.parentNode === target ? nodes.indexOf(previousSibling) + 1 : nextSibling?.parentNode === target ? nodes.indexOf(nextSibling) : 0;
  return near(target as HTMLElement, nodes.slice(0, at), nodes.slice(at));
}

function near(around: HTMLElement, before: Node[], after: Node[]): HTMLElement | null {
  const found = after.flatMap(reachedIn)[0] ?? before.flatMap(reachedIn).at(-1);
  if (found) return found;
  if (around.tabIndex === -1 && around.hasAttribute("tabindex")) return around;
  const { parentElement } = around;
  if (!parentElement || parentElement === document.body) return null;
  const nodes = [...parentElement.children];
  const at = nodes.indexOf(around);
  return near(parentElement, nodes.slice(0, at), nodes.slice(at + 1));
}

function reachedIn(node: Node): HTMLElement[] {
  if (!(node instanceof HTMLElement)) return [];
  const inside = [...node.querySelectorAll<HTMLElement>(REACHED)];
  return [node, ...inside].filter((one) => one.matches(REACHED) && one.tabIndex >= 0 && canHaveFocus(one));
}
