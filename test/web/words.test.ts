import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadMessages } from '../../src/catalogue/load-messages.ts';

const { keys, say } = loadMessages('config');

test('both languages have the same keys', () => {
  expect([...keys.en].filter((key) => !keys.fr.has(key))).toEqual([]);
  expect([...keys.fr].filter((key) => !keys.en.has(key))).toEqual([]);
});

test('both languages fill the same blanks', () => {
  const blanks = (locale: 'en' | 'fr', key: string) => {
    const asked = new Set<string>();
    const note = (_target: object, name: string | symbol) => {
      asked.add(String(name));
      return 1;
    };
    const params = new Proxy({}, { get: note, has: () => true });
    say(locale, key, params);
    return [...asked].toSorted();
  };
  expect(blanks('en', 'teacher.review.done-accepted')).toEqual(['badge', 'student']);
  const different = [...keys.en].filter((key) => `${blanks('en', key)}` !== `${blanks('fr', key)}`);
  expect(different).toEqual([]);
});

test('every text that a view names is there', () => {
  const views = globSync('views/**/*.hbs').filter((file) => !file.includes('demo'));
  const named = views.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\{\{t "([^"]+)"/g)].map((match) => match[1] ?? ''),
  );
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((key) => !keys.en.has(key))).toEqual([]);
});

test('the apostrophe is typographic, because a straight one escapes in ICU messages', () => {
  const own = [...keys.en].filter((key) => !/^(?:quality|rubric)\./.test(key));
  const straight = (['en', 'fr'] as const).flatMap((locale) =>
    own.filter((key) => readRaw(locale, key).includes("'")).map((key) => `${locale} ${key}`),
  );
  expect(straight).toEqual([]);
});

function readRaw(locale: 'en' | 'fr', key: string): string {
  const [area = '', ...path] = key.split('.');
  let node: unknown = JSON.parse(readFileSync(`config/messages/${locale}/${area}.json`, 'utf8'));
  for (const part of path)
    node = typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[part] : undefined;
  return typeof node === 'string' ? node : '';
}
