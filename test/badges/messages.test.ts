import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadMessages } from '../../src/catalogue/load-messages.ts';

const { keys, has } = loadMessages(join(import.meta.dirname, '../../config'));
const source = globSync(join(import.meta.dirname, '../../src/{badges,services}/*.ts'))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

test('every sentence of a check exists in both languages', () => {
  const used = [...source.matchAll(/\b(?:pass|fail|unknown)\(\s*'([a-z]+\.[a-z-]+)'/g)].map(
    (match) => match[1] ?? '',
  );
  expect(used.length).toBeGreaterThan(60);
  expect(used.filter((key) => !has(`checks.${key}`))).toEqual([]);
});

test('no sentence is left over', () => {
  const left = [...keys.en]
    .filter((key) => key.startsWith('checks.'))
    .filter((key) => {
      const [, id = '', name = ''] = key.split('.');
      // Keys of these are put together: `baking.${note}`, `why.${problem}`, `issuer.${missing}-unreachable`.
      if (['baking', 'why'].includes(id)) return !source.includes(`'${name}'`);
      if (/^(badge|issuer)-unreachable$/.test(name)) return !source.includes('-unreachable`');
      return !source.includes(`${id}.${name}'`);
    });
  expect(left).toEqual([]);
});
