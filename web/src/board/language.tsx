import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";

import { english, type Words } from "./words";
import { spanish } from "./words-es";

export type Language = "en" | "es";

const KEY = "fairway.language";
const WORDS: Record<Language, Words> = { en: english, es: spanish };

interface Spoken {
  language: Language;
  /** The browser's own way of writing dates, where it speaks the language; as en-GB does it differently from en-US. */
  locale: string;
  words: Words;
  choose: (language: Language) => void;
}

const Speaking = createContext<Spoken>({ language: "en", locale: "en-GB", words: english, choose: () => {} });

/** The words of the language that is spoken, and how to choose another. */
export const useLanguage = (): Spoken => useContext(Speaking);
export const useWords = (): Words => useContext(Speaking).words;

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(chosen);
  useEffect(() => void (document.documentElement.lang = language), [language]);
  const spoken = useMemo<Spoken>(() => {
    const locale = navigator.languages.find((one) => one.startsWith(language)) ?? (language === "es" ? "es-ES" : "en-GB");
    const choose = (other: Language) => {
      localStorage.setItem(KEY, other);
      setLanguage(other);
    };
    return { language, locale, words: WORDS[language], choose };
  }, [language]);
  return (
    <I18nProvider locale={spoken.locale}>
      <Speaking value={spoken}>{children}</Speaking>
    </I18nProvider>
  );
}

function chosen(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === "en" || kept === "es") return kept;
  const [first] = navigator.languages.filter((one) => one.startsWith("en") || one.startsWith("es"));
  return first?.startsWith("es") ? "es" : "en";
}
