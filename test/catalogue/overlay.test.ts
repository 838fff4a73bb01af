import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diffRules } from '../../src/catalogue/diff-rules.ts';
import { loadRules } from '../../src/catalogue/load-rules.ts';
import { placeBy } from '../../src/classify/place-by.ts';
import { typedReport } from '../../src/cli/typed-facts.ts';
import { CONFIG_DIR, catalogue, TODAY } from '../support/placing.ts';

const decision = { who: 'SHSM lead', when: '2026-09-14', why: 'Read on the ministry’s page.' };
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'overlay-'));
  cpSync(CONFIG_DIR, dir, { recursive: true });
  mkdirSync(join(dir, 'overlay.d'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function decide(content: Record<string, unknown>, file = '2026-09.json') {
  writeFileSync(join(dir, 'overlay.d', file), JSON.stringify(content));
  return loadRules(dir);
}

function rulesWith(content: Record<string, unknown>) {
  const loaded = decide(content);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded;
}

function place(content: Record<string, unknown>, sectorId: string, facts: Record<string, unknown>) {
  const { rules, quality } = rulesWith(content);
  return placeBy({ rules, quality, say: catalogue.messages.say })({
    sectorId,
    credential: typedReport(facts, 0),
    expected: null,
    today: TODAY,
    duplicates: null,
  });
}

describe('a line', () => {
  const line = {
    sector: 'mining',
    certification: 'surface-mining-common-core',
    role: 'elective',
    ...decision,
  };

  test('that the ministry approved is on the list, and says who decided it', () => {
    const report = place({ lines: [line] }, 'mining', { name: 'Surface Miner Common Core' });
    expect([report.placement, report.certification]).toEqual(['elective', 'surface-mining-common-core']);
    expect(report.reasons).toContainEqual({
      key: 'line.board-elective',
      en: 'Your board lists it as an elective of the sector Mining (SHSM lead, 2026-09-14).',
      fr: 'Votre conseil la met au choix pour le secteur Exploitation minière (SHSM lead, 2026-09-14).',
    });
  });

  test('that is not on the ministry’s list after all fills nothing', () => {
    const off = { sector: 'arts-culture', certification: 'working-at-heights', ...decision };
    expect(place({}, 'arts-culture', { name: 'Working at Heights' }).placement).toBe('elective');
    expect(place({ notOnList: [off] }, 'arts-culture', { name: 'Working at Heights' }).placement).toBe(
      'supplementary',
    );
  });
});

test('a course that the board chose says so, and a person still confirms it', () => {
  const courses = [
    {
      certification: 'customer-service',
      title: 'Welcome Desk Basics',
      issuer: 'Northern Tourism Academy',
      ...decision,
    },
  ];
  const facts = { name: 'Welcome Desk Basics', issuer: 'Northern Tourism Academy' };
  expect(place({}, 'business', facts).placement).toBe('supplementary');
  const report = place({ courses }, 'business', facts);
  expect([report.certification, report.match, report.needsConfirmation, report.reasons[0]?.key]).toEqual([
    'customer-service',
    'category',
    true,
    'match.board-course',
  ]);
  const elsewhere = place({ courses }, 'business', { ...facts, issuer: 'Another School' });
  expect(elsewhere.reasons[0]?.key).toBe('match.board-course-elsewhere');
});

test('an alias and an issuer of the board are known', () => {
  const aliases = [{ certification: 'standard-first-aid', alias: 'Rescue One', ...decision }];
  const issuers = [
    { id: 'rescue-school', names: ['Rescue School'], certifications: ['standard-first-aid'], ...decision },
  ];
  const report = place({ aliases, issuers }, 'business', { name: 'Rescue One', issuer: 'Rescue School' });
  expect([report.certification, report.needsConfirmation]).toEqual(['standard-first-aid', true]);
  expect(report.checks.find(({ id }) => id === 'issuer')?.result).toBe('pass');
});

test('numbers read from the ministry’s page replace those not known', () => {
  const counts = [{ sector: 'mining', total: 7, compulsory: 5, electives: 2, ...decision }];
  const { rules } = rulesWith({ counts });
  const [shipped, ours] = [catalogue.rules, rules].map((of) => of.sectors.find(({ id }) => id === 'mining'));
  expect([shipped?.total, ours?.total, ours?.compulsoryCount, ours?.electivesToChoose]).toEqual([
    null,
    7,
    5,
    2,
  ]);
  expect(ours?.compulsoryListComplete).toBe(false);
});

test('the version tells rules with an overlay from those without, and the difference can be shown', () => {
  const counts = [{ sector: 'mining', total: 7, compulsory: 5, electives: 2, ...decision }];
  const lines = [{ sector: 'mining', certification: 'tdg', role: 'elective', ...decision }];
  const { rules } = rulesWith({ counts, lines });
  expect(rules.version).not.toBe(catalogue.rules.version);
  expect(diffRules(catalogue.rules, rules)).toEqual([
    { where: 'mining', what: 'total', before: null, after: '7' },
    { where: 'mining', what: 'compulsory', before: null, after: '5' },
    { where: 'mining', what: 'electives to choose', before: null, after: '2' },
    { where: 'mining', what: 'tdg', before: 'elective, candidate, ask', after: 'elective, board, counts' },
  ]);
  expect(diffRules(rules, rules)).toEqual([]);
});

test('a diff names each title, course and issuer that came or went', () => {
  const { rules } = rulesWith({
    aliases: [{ certification: 'standard-first-aid', alias: 'Rescue One', ...decision }],
    courses: [
      { certification: 'customer-service', title: 'Welcome Desk Basics', issuer: 'An Academy', ...decision },
    ],
    issuers: [
      {
        id: 'our-trainer',
        names: ['Our Trainer'],
        hosts: [],
        certifications: ['standard-first-aid'],
        ...decision,
      },
    ],
  });
  const came = [
    { where: 'standard-first-aid', what: 'title', before: null, after: 'Rescue One (hint)' },
    {
      where: 'courses',
      what: 'course',
      before: null,
      after: 'customer-service: Welcome Desk Basics (An Academy)',
    },
    { where: 'issuers', what: 'issuer', before: null, after: 'our-trainer: Our Trainer' },
    { where: 'issuers', what: 'issuer', before: null, after: 'our-trainer: standard-first-aid' },
  ];
  expect(diffRules(catalogue.rules, rules)).toEqual(came);
  const went = came.map((row) => ({ ...row, before: row.after, after: null }));
  expect(diffRules(rules, catalogue.rules)).toEqual(went);
});

test('the example of the README can be used as it stands', () => {
  const readme = readFileSync(join(CONFIG_DIR, 'README.md'), 'utf8');
  const example = JSON.parse(readme.split('```json')[1]?.split('```')[0] ?? '');
  expect(decide(example)).toMatchObject({ ok: true });
});

describe('a mistake is reported with its place', () => {
  test.each<[string, Record<string, unknown>, string, RegExp]>([
    [
      'an unknown sector',
      { counts: [{ sector: 'magic', total: 1, compulsory: 1, electives: 0, ...decision }] },
      'counts[0].sector',
      /magic/,
    ],
    [
      'an unknown certification',
      { lines: [{ sector: 'mining', certification: 'x', role: 'elective', ...decision }] },
      'lines[0].certification',
      /id x/,
    ],
    [
      'nobody who decided',
      { aliases: [{ certification: 'tdg', alias: 'T', when: '2026-01-01', why: 'x' }] },
      'aliases[0].who',
      /string/,
    ],
    [
      'a course for a named certification',
      { courses: [{ certification: 'standard-first-aid', title: 'T', ...decision }] },
      'courses[0].certification',
      /named/,
    ],
    [
      'numbers that do not add up',
      { counts: [{ sector: 'mining', total: 9, compulsory: 5, electives: 2, ...decision }] },
      'counts[0].total',
      /is 9/,
    ],
    ['a word that is no part of an overlay', { alias: [] }, '', /alias/],
  ])('%s', (_name, content, path, problem) => {
    const loaded = decide(content);
    expect(loaded.ok ? [] : loaded.problems).toEqual([
      { file: 'overlay.d/2026-09.json', path, problem: expect.stringMatching(problem) },
    ]);
  });
});
