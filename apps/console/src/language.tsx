import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import type { Language, Text } from './api.js';
import { isTextKey, type TextKey, texts } from './texts.js';

const storageKey = 'entente.language';

/** What was chosen before; else what the browser asks for. */
function initialLanguage(): Language {
  const chosen = localStorage.getItem(storageKey);
  if (chosen === 'zh' || chosen === 'en') return chosen;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export type Values = Readonly<Record<string, string | number>>;

export interface Words {
  readonly language: Language;
  readonly t: (key: TextKey, values?: Values) => string;
  /** The text of a key that is made up of data, or what else to show. */
  readonly known: (key: string, otherwise: string) => string;
  readonly say: (text: Text) => string;
  readonly switchLanguage: () => void;
}

const WordsContext = createContext<Words | undefined>(undefined);

const filled = (text: string, values: Values): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));

export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState(initialLanguage);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  const words = useMemo<Words>(
    () => ({
      language,
      t: (key, values = {}) => filled(texts[key][language], values),
      known: (key, otherwise) => (isTextKey(key) ? texts[key][language] : otherwise),
      say: (text) => text[language],
      switchLanguage: () => {
        const other = language === 'zh' ? 'en' : 'zh';
        localStorage.setItem(storageKey, other);
        setLanguage(other);
      },
    }),
    [language],
  );
  return <WordsContext value={words}>{children}</WordsContext>;
}

export function useWords(): Words {
  const words = use(WordsContext);
  if (words === undefined) throw new Error('no LanguageProvider above');
  return words;
}
