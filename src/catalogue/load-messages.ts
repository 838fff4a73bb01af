import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { z } from 'zod';
import { LOCALES, type Locale, type Say } from '../domain/local-text.ts';

type Texts = { readonly [key: string]: string | Texts };
const texts: z.ZodType<Texts> = z.lazy(() => z.record(z.string(), z.union([z.string(), texts])));

export type Messages = {
  readonly say: Say;
  /** Whether both languages have this key. */
  readonly has: (key: string) => boolean;
  readonly keys: Readonly<Record<Locale, ReadonlySet<string>>>;
};

/**
 * Reads `messages/{en,fr}/*.json`. The file name is the first part of a key: `student.json {"home":{"title":…}}` is
 * `student.home.title`. Texts are ICU messages. A key that is missing shows itself, so that a page never breaks;
 * a test and `rules check` make sure that none is.
 */
export function loadMessages(configDir: string): Messages {
  const tables = Object.fromEntries(
    LOCALES.map((locale) => [locale, readTable(join(configDir, 'messages', locale))]),
  ) as Record<Locale, Map<string, string>>;
  const ready = { en: new Map<string, Ready>(), fr: new Map<string, Ready>() };

  const say: Say = (locale, key, params) => {
    let words = ready[locale].get(key);
    if (words === undefined) {
      const text = tables[locale].get(key);
      if (text === undefined) return key;
      words = readied(text, locale);
      ready[locale].set(key, words);
    }
    return typeof words === 'string' ? words : String(words.format(params));
  };
  return {
    say,
    has: (key) => LOCALES.every((locale) => tables[locale].has(key)),
    keys: { en: new Set(tables.en.keys()), fr: new Set(tables.fr.keys()) },
  };
}

/** A message without blanks is its own words; most are. */
type Ready = string | IntlMessageFormat;

function readied(text: string, locale: Locale): Ready {
  const format = new IntlMessageFormat(text, `${locale}-CA`, undefined, { ignoreTag: true });
  return text.includes('{') ? format : String(format.format());
}

function readTable(dir: string): Map<string, string> {
  const table = new Map<string, string>();
  for (const file of readdirSync(dir).filter((name) => name.endsWith('.json'))) {
    const parsed = texts.parse(JSON.parse(readFileSync(join(dir, file), 'utf8')));
    flatten(parsed, basename(file, '.json'), table);
  }
  return table;
}

function flatten(node: Texts, prefix: string, into: Map<string, string>): void {
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'string') into.set(`${prefix}.${key}`, value);
    else flatten(value, `${prefix}.${key}`, into);
  }
}
