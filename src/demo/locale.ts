export const LOCALES = ['en', 'fr'] as const;
export type Locale = (typeof LOCALES)[number];
export type InBoth = { readonly en: string; readonly fr: string };

export function isLocale(value: unknown): value is Locale {
  return value === 'en' || value === 'fr';
}
