import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";

import type { Words } from "./words";

export type Language = "en" | "es";

const KEY = "fairway.language";
const loaded: Partial<Record<Language, Words>> = {};

/** Load the words of a language: nobody loads those of all. */
export async function load(language: Language): Promise<Words> {
  return (loaded[language] ??= language === "es" ? (await import("./words-es")).spanish : (await import("./words")).english);
}

interface Spoken {
  language: Language;
  /** The browser's own way of writing dates, where it speaks the language; as en-GB does it differently from en-US. */
  locale: string;
  words: Words;
  choose: (language: Language) => void;
}

const Speaking = createContext<Spoken | null>(null);

/** The words of the language that is spoken, and how to choose another. */
export function useLanguage(): Spoken {
  const spoken = useContext(Speaking);
  if (!spoken) throw new Error("No language is spoken here.");
  return spoken;
}

export const useWords = (): Words => useLanguage().words;

/** Speaks a language from the first moment on: its words are loaded before. */
export function LanguageProvider({ first, words: firstWords, children }: { first: Language; words: Words; children: ReactNode }) {
  const [{ language, words }, speak] = useState({ language: first, words: firstWords });
  useEffect(() => void (document.documentElement.lang = language), [language]);
  const spoken = useMemo<Spoken>(() => {
    const locale = navigator.languages.find((one) => one.startsWith(language)) ?? (language === "es" ? "es-ES" : "en-GB");
    const choose = async (other: Language) => {
      const words = await load(other);
      localStorage.setItem(KEY, other);
      speak({ language: other, words });
    };
    // Where the network is away, the page goes on in the language that it has.
    return { language, locale, words, choose: (other) => void choose(other).catch(() => {}) };
  }, [language, words]);
  return (
    <I18nProvider locale={spoken.locale}>
      <Speaking value={spoken}>{children}</Speaking>
    </I18nProvider>
  );
}

/** The language to begin with: what was chosen by hand, or else the browser's. */
export function chosen(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === "en" || kept === "es") return kept;
  const [first] = navigator.languages.filter((one) => one.startsWith("en") || one.startsWith("es"));
  return first?.startsWith("es") ? "es" : "en";
}
