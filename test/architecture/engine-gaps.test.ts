import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const rows = readFileSync(join(ROOT, 'docs/adr/0014-what-the-engine-lacks.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| G'))
  .map((line) => line.split(' | '));

test('every gap of the engine has a row, in order', () => {
  expect(rows.map(([gap]) => gap)).toEqual(Array.from({ length: 33 }, (_, at) => `| G${at + 1}`));
});

test('every test that a row names exists', () => {
  const named = rows.flatMap((row) =>
    (row.at(-1) ?? '')
      .replace(/ \|$/, '')
      .split(' · ')
      .map((one) => /^`(?<file>[^`]+)`: (?<title>.+)$/.exec(one)?.groups ?? { file: one, title: '' }),
  );
  expect(named.length).toBeGreaterThan(33);
  const missing = named.filter(({ file, title }) => {
    if (title === '') return true;
    const source = readFileSync(join(ROOT, `test/${file}.test.ts`), 'utf8');
    return !["'", '"', '`'].some((quote) => source.includes(`${quote}${title}${quote}`));
  });
  expect(missing).toEqual([]);
});
