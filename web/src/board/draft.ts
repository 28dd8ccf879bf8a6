import { useState } from "react";

/**
 * What a form holds: what somebody has typed and not sent yet, or else what is so by now, however often that changes.
 * Forget what was typed once it is done.
 */
export function useDraft<T>(now: T): [T, (typed: T) => void, () => void] {
  const [typed, setTyped] = useState<T | null>(null);
  return [typed ?? now, setTyped, () => setTyped(null)];
}
