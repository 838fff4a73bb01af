export const LOCALES = ['en', 'fr'] as const;
export type Locale = (typeof LOCALES)[number];

/** The same words in both languages of the province. */
export type LocalText = { readonly en: string; readonly fr: string };

/** A sentence by its key in `config/messages`, with what fills its blanks. */
export type Message = { readonly key: string; readonly params: Readonly<Record<string, string | number>> };

/** Turns a message into words. The texts live in `config/messages/{en,fr}/*.json`. */
export type Say = (locale: Locale, key: string, params?: Readonly<Record<string, string | number>>) => string;
