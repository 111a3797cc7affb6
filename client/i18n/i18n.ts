import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { DataFault, Refusal } from '#twin/wire/api.ts';
import type { AgeWords } from '../format/time.ts';
import { type Language, useView } from '../state/view.ts';
import { en } from './en.ts';
import type { FaultWords } from './faults.ts';
import { type Words, zh } from './zh.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'words';
    resources: { words: Words };
  }
}

/** Starts translation in the viewer's language and follows it. */
export function startI18n(): void {
  const show = (language: Language) => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  };
  i18next.use(initReactI18next).init({
    lng: useView.getState().language,
    fallbackLng: 'zh',
    defaultNS: 'words',
    resources: { zh: { words: zh }, en: { words: en } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  show(useView.getState().language);
  useView.subscribe((view, before) => {
    if (view.language === before.language) return;
    i18next.changeLanguage(view.language);
    show(view.language);
  });
}

export interface LocalName {
  zh: string;
  en: string;
}

/** The words of the viewer's language: `t` for texts, `local` for names that come in both, `ages` for ages. */
export function useWords() {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const texts = language === 'zh' ? zh : en;
  return {
    t,
    language,
    local: (name: LocalName) => name[language] || name.zh,
    ages: texts.age satisfies AgeWords,
    faults: texts.faults satisfies Record<DataFault, FaultWords>,
    refusals: texts.refusals satisfies Record<Refusal, FaultWords>,
  };
}
