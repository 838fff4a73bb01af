import { IntlMessageFormat } from 'intl-messageformat';
import en from '../../views/demo/messages/en.json' with { type: 'json' };
import fr from '../../views/demo/messages/fr.json' with { type: 'json' };
import type { Locale } from './locale.ts';

type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The texts of the demo's pages; `fr` must have every key of `en`. */
const TEXTS: Readonly<Record<Locale, Texts>> = { en, fr: fr satisfies typeof en };

/** An ICU message by `page.key`. An unknown key is a mistake in a template, and throws. */
export function say(locale: Locale, key: string, params: Record<string, string | number> = {}): string {
  const dot = key.indexOf('.');
  const text = TEXTS[locale][key.slice(0, dot)]?.[key.slice(dot + 1)];
  if (text === undefined) throw new Error(`no text is called ${key}`);
  return String(new IntlMessageFormat(text, `${locale}-CA`, undefined, { ignoreTag: true }).format(params));
}
