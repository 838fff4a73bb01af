import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadRules } from '../../src/catalogue/load-rules.ts';
import { CONFIG_DIR } from '../support/placing.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rules-'));
  cpSync(CONFIG_DIR, dir, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Sets what a path of keys leads to; undefined takes it away. */
function change(file: string, path: readonly (string | number)[], value: unknown): void {
  const full = join(dir, file);
  const content: unknown = JSON.parse(readFileSync(full, 'utf8'));
  const last = path.at(-1) ?? '';
  const holder = path.slice(0, -1).reduce<unknown>((node, key) => Object(node)[key], content);
  Object.assign(Object(holder), { [last]: value });
  writeFileSync(full, JSON.stringify(content));
}

function problems() {
  const loaded = loadRules(dir);
  return loaded.ok ? [] : loaded.problems;
}

test('the rules that ship are whole: 19 sectors, 200 certifications, every name in both languages', () => {
  const loaded = loadRules(CONFIG_DIR);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { rules, rubric, quality } = loaded;
  expect([rules.sectors.length, rules.certifications.length, quality.length]).toEqual([19, 200, 12]);
  expect(rubric.criteria.map(({ levels }) => levels.map(({ points }) => points))).toEqual(
    rubric.criteria.map(() => [0, 1, 2, 3, 4]),
  );
  const construction = rules.sectors.find(({ id }) => id === 'construction');
  expect(construction).toMatchObject({
    total: 7,
    compulsoryCount: 5,
    electivesToChoose: 2,
    status: 'sourced',
  });
  expect(
    construction?.lines.filter(({ role }) => role === 'compulsory').map((line) => line.certificationId),
  ).toEqual([
    'cpr-c-aed',
    'standard-first-aid',
    'whmis-generic',
    'health-and-safety-basic',
    'working-at-heights',
  ]);
  expect(rules.sectors.filter(({ total }) => total === null).map(({ id }) => id)).toContain('mining');
});

test('every sector shares first aid, CPR and WHMIS as compulsory lines', () => {
  const loaded = loadRules(CONFIG_DIR);
  const shared = ['cpr-c-aed', 'standard-first-aid', 'whmis-generic'];
  const without = (loaded.ok ? loaded.rules.sectors : []).filter(
    ({ lines }) =>
      !shared.every((id) =>
        lines.some((line) => line.certificationId === id && line.role === 'compulsory' && line.countsAlone),
      ),
  );
  expect(without).toEqual([]);
});

test('no candidate counts alone', () => {
  const loaded = loadRules(CONFIG_DIR);
  const lines = loaded.ok ? loaded.rules.sectors.flatMap((sector) => sector.lines) : [];
  expect(lines.filter((line) => line.layer === 'candidate').length).toBeGreaterThan(500);
  expect(lines.filter((line) => line.layer === 'candidate' && line.countsAlone)).toEqual([]);
});

test('the version names the edition and changes with the content', () => {
  const before = loadRules(dir);
  change('sectors/business.json', ['note'], 'Looked at again.');
  const after = loadRules(dir);
  if (!before.ok || !after.ok) throw new Error('the rules do not load');
  expect(before.rules.version).toMatch(/^2026\.1\+[0-9a-f]{8}$/);
  expect(after.rules.version).toMatch(/^2026\.1\+[0-9a-f]{8}$/);
  expect(after.rules.version).not.toBe(before.rules.version);
});

describe('a mistake is reported with its file and its place in it', () => {
  const firstLine = ['certifications', 'compulsory', 0];
  test.each<[string, string, (string | number)[], unknown, string, RegExp]>([
    [
      'a line that no certification has',
      'sectors/business.json',
      [...firstLine, 'id'],
      'juggling',
      'certifications.compulsory[0].id',
      /no certification has the id juggling/,
    ],
    [
      'numbers that do not add up',
      'sectors/business.json',
      ['certifications', 'total'],
      9,
      'certifications.total',
      /is 9, but 4 \+ 2 = 6/,
    ],
    [
      'a name without French',
      'certifications.json',
      [0, 'name', 'fr'],
      undefined,
      '[0].name.fr',
      /expected string/,
    ],
    [
      'one alias for two certifications',
      'certifications.json',
      [1, 'aliases', 0],
      'SFA',
      '[1].aliases[0]',
      /also leads to standard-first-aid/,
    ],
    [
      'a candidate that counts alone',
      'sectors/energy.json',
      ['candidates', 'electives', 0, 'countsAlone'],
      true,
      'candidates.electives[0].countsAlone',
      /never counts alone/,
    ],
    [
      'a source that nobody lists',
      'sectors/energy.json',
      [...firstLine, 'sourceIds', 0],
      'hearsay',
      'certifications.compulsory[0].sourceIds[0]',
      /no source has the id hearsay/,
    ],
    [
      'a broken expression',
      'title-words.json',
      ['addressed', 0],
      'treat (this',
      'addressed[0]',
      /not a regular expression/,
    ],
    ['an id unlike the file', 'sectors/energy.json', ['id'], 'power', 'id', /unlike the name of its file/],
  ])('%s', (_name, file, at, value, path, problem) => {
    change(file, at, value);
    expect(problems()).toContainEqual({ file, path, problem: expect.stringMatching(problem) });
  });

  test('a file that is no JSON, and one that is not there', () => {
    writeFileSync(join(dir, 'rubric.json'), '{"id": ');
    rmSync(join(dir, 'sources.json'));
    expect(problems().map(({ file }) => file)).toEqual(['rubric.json', 'sources.json']);
  });
});
