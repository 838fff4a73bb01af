import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { REFUSALS } from '../../src/lti/refusal.ts';

type Words = Readonly<Record<string, Readonly<Record<string, string>>>>;

test.each(['en', 'fr'])('every refusal, and nothing else, has its words in %s', (locale) => {
  const words: Words = JSON.parse(readFileSync(`config/messages/${locale}/lti-errors.json`, 'utf8'));
  expect(Object.keys(words).toSorted()).toEqual(Object.keys(REFUSALS).toSorted());
  for (const [key, said] of Object.entries(words)) {
    expect(Object.keys(said), key).toEqual(['title', 'text', 'fix']);
    for (const text of Object.values(said)) expect(text, key).toMatch(/^\p{Lu}[^{}']+$/u);
  }
});

test('no refusal of an untrusted launch is a fault of ours', () => {
  expect(Object.values(REFUSALS).filter((code) => String(code) === 'internal')).toEqual([]);
});
