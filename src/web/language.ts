import type { RequestHandler } from 'express';
import { LOCALES, type Locale } from '../domain/local-text.ts';
import { extendContext } from './page-context.ts';

/** The language of whoever has no session yet: `?lang=`, then what the browser asks for, then English. */
export const chooseLanguage: RequestHandler = (req, res, next) => {
  const asked = LOCALES.find((locale) => locale === req.query['lang']);
  extendContext(res, { locale: asked ?? browserLocale(req.headers['accept-language'] ?? '') });
  next();
};

/** The language the browser likes best of those we have (RFC 9110 §12.5.4). */
export function browserLocale(header: string): Locale {
  const wishes = header
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [range = '', ...params] = part.trim().split(';');
      const quality = params.map((param) => /^\s*q=([\d.]+)$/.exec(param)?.[1]).find((q) => q !== undefined);
      return { language: range.slice(0, 2).toLowerCase(), quality: Number(quality ?? 1) };
    })
    .filter((wish) => wish.quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  for (const wish of wishes) {
    const locale = LOCALES.find((candidate) => candidate === wish.language);
    if (locale !== undefined) return locale;
  }
  return 'en';
}
