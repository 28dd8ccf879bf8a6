import type { PriceClass } from "@fairway/live";
import { createContext, type ReactNode, useContext, useMemo } from "react";

import { useWords } from "./language";

export interface ClubPriceClass {
  code: PriceClass;
  name: string;
  isRetired: boolean;
}

/** What the classes that come with each club are called until a club calls them otherwise. */
const USUAL: Record<string, string> = { MEMBER: "Members", GUEST: "Guests of members", PUBLIC: "Public" };
const Known = createContext<readonly ClubPriceClass[]>([]);

/** The price classes of the club whose screens are inside. */
export function ClassesProvider({ classes, children }: { classes: readonly ClubPriceClass[] | undefined; children: ReactNode }) {
  return <Known.Provider value={classes ?? []}>{children}</Known.Provider>;
}

export interface Classes {
  /** Those that are given by now, as they are chosen from. */
  given: readonly PriceClass[];
  /** What a class is called: in the reader's language, unless the club has a name of its own for it. */
  name: (code: PriceClass) => string;
  /** The same in one or two letters. */
  letters: (code: PriceClass) => string;
}

export function useClasses(): Classes {
  const words = useWords();
  const known = useContext(Known);
  return useMemo(() => {
    const named = new Map(known.map(({ code, name }) => [code, name]));
    const usual = (code: PriceClass) => !named.has(code) || named.get(code) === USUAL[code];
    const wordFor = (list: Record<string, string>, code: PriceClass) => (usual(code) ? list[code] : undefined);
    return {
      given: known.length ? known.filter(({ isRetired }) => !isRetired).map(({ code }) => code) : Object.keys(USUAL),
      name: (code) => wordFor(words.classes, code) ?? named.get(code) ?? code,
      letters: (code) => wordFor(words.classLetters, code) ?? code.slice(0, 2),
    };
  }, [known, words]);
}
