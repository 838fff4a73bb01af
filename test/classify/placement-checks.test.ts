import { describe, expect, test } from 'vitest';
import { addMonths } from '../../src/classify/placement-checks.ts';
import { typedReport } from '../../src/cli/typed-facts.ts';
import type { CheckResult } from '../../src/domain/credential.ts';
import { catalogue, placeCredential, TODAY } from '../support/placing.ts';

type Question = Parameters<typeof placeCredential>[0];

function check(id: string, facts: Record<string, unknown>, more: Partial<Question> = {}) {
  const report = placeCredential({
    sectorId: 'construction',
    credential: typedReport({ name: 'Standard First Aid', ...facts }, 0),
    expected: null,
    today: TODAY,
    duplicates: null,
    ...more,
  });
  return report.checks.find((candidate) => candidate.id === id)?.result;
}

const cases = (rows: readonly (readonly [string, Record<string, unknown>, CheckResult])[]) => rows;

describe('issuer', () => {
  test.each(
    cases([
      ['known for it', { issuer: 'Canadian Red Cross' }, 'pass'],
      ['known in French', { issuer: 'Croix-Rouge canadienne' }, 'pass'],
      ['known by its address', { issuer: { name: null, url: 'https://www.sja.ca/badges/1' } }, 'pass'],
      ['a branch of one', { issuer: 'St. John Ambulance – Ottawa Branch' }, 'pass'],
      ['known for other courses', { issuer: 'Smart Serve Ontario' }, 'unknown'],
      ['not known', { issuer: 'Corner Store Training' }, 'unknown'],
      ['an address that only begins alike', { issuer: { url: 'https://sja.ca.example.com/' } }, 'unknown'],
      ['not named', {}, 'unknown'],
    ]),
  )('%s', (_name, facts, result) => expect(check('issuer', facts)).toBe(result));
});

describe('recipient', () => {
  const expected = { name: 'Élodie Tremblay-Roy', emails: [], studentNumber: null };
  test.each(
    cases([
      ['proven', { recipient: { matches: true } }, 'pass'],
      ['somebody else, proven', { recipient: { matches: false } }, 'fail'],
      ['other order, no accents', { recipient: 'TREMBLAY ROY Elodie' }, 'pass'],
      ['an initial', { recipient: 'E. Tremblay-Roy' }, 'pass'],
      ['a middle name', { recipient: 'Elodie Marie Tremblay-Roy' }, 'pass'],
      ['half of the family name', { recipient: 'Élodie Tremblay' }, 'pass'],
      ['the first name only', { recipient: 'Élodie' }, 'unknown'],
      ['another first name', { recipient: 'Marc Tremblay-Roy' }, 'unknown'],
      ['another person', { recipient: 'Ahmed Khan' }, 'fail'],
      ['not named', {}, 'unknown'],
    ]),
  )('%s', (_name, facts, result) => expect(check('recipient', facts, { expected })).toBe(result));
});

describe('assessed', () => {
  test.each(
    cases([
      ['an exam', { criteria: 'Pass mark of 75% on the written exam' }, 'pass'],
      ['an exam in French', { criteria: 'Réussir l’examen final' }, 'pass'],
      ['attendance only', { criteria: 'Attended the two-hour session' }, 'fail'],
      ['no assessment', { criteria: 'Attended; without assessment' }, 'fail'],
      ['nothing', {}, 'unknown'],
    ]),
  )('%s', (_name, facts, result) => expect(check('assessed', facts)).toBe(result));
});

describe('hours', () => {
  test.each(
    cases([
      ['enough', { hours: 16 }, 'pass'],
      ['just enough', { hours: 13 }, 'pass'],
      ['too few', { hours: 6.5 }, 'fail'],
      ['not stated', {}, 'unknown'],
      ['no rule for it', { name: 'WHMIS', hours: 1 }, 'unknown'],
    ]),
  )('%s', (_name, facts, result) => expect(check('hours', facts)).toBe(result));
});

describe('dates', () => {
  test.each(
    cases([
      ['today', { issuedOn: TODAY }, 'pass'],
      ['tomorrow', { issuedOn: '2026-11-24' }, 'fail'],
      ['ends before it begins', { issuedOn: '2026-03-02', expiresOn: '2026-03-01' }, 'fail'],
      ['not stated', {}, 'unknown'],
      ['no such day', { issuedOn: '2026-02-30' }, 'unknown'],
    ]),
  )('%s', (_name, facts, result) => expect(check('dates', facts)).toBe(result));
});

describe('expiry', () => {
  test.each(
    cases([
      ['in force today', { expiresOn: TODAY }, 'pass'],
      ['over yesterday', { expiresOn: '2026-11-22' }, 'fail'],
      ['the usual three years are not over', { issuedOn: '2024-01-10' }, 'pass'],
      ['the usual three years are over', { issuedOn: '2023-11-22' }, 'fail'],
      ['no usual term', { name: 'WHMIS', issuedOn: '2019-01-10' }, 'unknown'],
      ['no dates', {}, 'unknown'],
    ]),
  )('%s', (_name, facts, result) => expect(check('expiry', facts)).toBe(result));

  test('it says so when a certificate ends before graduation', () => {
    const report = placeCredential({
      sectorId: 'construction',
      credential: typedReport({ name: 'Standard First Aid', expiresOn: '2027-02-01' }, 0),
      expected: null,
      today: TODAY,
      duplicates: null,
      graduatesOn: '2027-06-30',
    });
    expect(report.checks.find(({ id }) => id === 'expiry')).toMatchObject({
      result: 'fail',
      en: 'It is valid now, but ends on 2027-02-01, before graduation.',
    });
  });
});

describe('duplicate', () => {
  test.each([
    [null, 'unknown'],
    [{ own: 0, others: 0 }, 'pass'],
    [{ own: 1, others: 0 }, 'fail'],
    [{ own: 0, others: 1 }, 'fail'],
  ] as const)('%o: %s', (duplicates, result) => expect(check('duplicate', {}, { duplicates })).toBe(result));
});

describe('earned before the SHSM', () => {
  test.each([
    ['2026-09-01', { issuedOn: '2026-10-01' }, 'pass'],
    ['2026-09-01', { issuedOn: '2026-07-01' }, 'unknown'],
    [null, { issuedOn: '2026-07-01' }, 'unknown'],
  ] as const)('began %s, %o: %s', (startedOn, facts, result) =>
    expect(check('earned-before', facts, { startedOn })).toBe(result),
  );
});

test('months end on the last day where the day is missing', () => {
  expect([addMonths('2026-01-31', 1), addMonths('2024-02-29', 12), addMonths('2023-11-23', 36)]).toEqual([
    '2026-02-28',
    '2025-02-28',
    '2026-11-23',
  ]);
});

test('every check has its words in both languages', () => {
  const keys = [...catalogue.messages.keys.en].filter((key) => key.startsWith('placement-checks.'));
  expect(keys.length).toBeGreaterThan(30);
  expect(keys.filter((key) => !catalogue.messages.has(key))).toEqual([]);
});
