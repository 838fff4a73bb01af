import { describe, expect, test } from 'vitest';
import { expand } from '../../src/classify/lexicon.ts';
import { readTitle } from '../../src/classify/read-title.ts';
import type { Rules } from '../../src/domain/sector.ts';
import { catalogue } from '../support/placing.ts';

const read = (title: string, issuer: string | null = null, people: readonly string[] = []) =>
  readTitle(catalogue.rules, title, { issuer, people });
const named = (title: string) =>
  read(title).certifications.map(({ certificationId, strength }) => [certificationId, strength]);

test('a pattern stands for every way to write it', () => {
  expect(expand('cpr [aed] (level|lvl) c')).toEqual([
    ['cpr', 'aed', 'level', 'c'],
    ['cpr', 'aed', 'lvl', 'c'],
    ['cpr', 'level', 'c'],
    ['cpr', 'lvl', 'c'],
  ]);
});

describe('what a title names', () => {
  test.each([
    ['Standard First Aid', [['standard-first-aid', 'title']]],
    ['SFA', [['standard-first-aid', 'alias']]],
    ['First Aid', [['standard-first-aid', 'weak']]],
    ['W H M I S  2015', [['whmis-generic', 'title']]],
    ['Intermediate First Aid', [['standard-first-aid', 'inference']]],
    ['Mental Health First Aid', [['mental-health-first-aid', 'alias']]],
    ['First Aid Room Helper', []],
    [
      'Forklift',
      [
        ['sector-vehicle-operation', 'alias'],
        ['lift-truck-safety', 'alias'],
      ],
    ],
  ])('%s', (title, expected) => expect(named(title)).toEqual(expected));
});

test('a denial takes back what follows it up to a comma, or what precedes it where nothing follows', () => {
  expect(read('WHMIS, without CPR Level C').takenBack).toEqual([
    { certificationId: 'cpr-c-aed', by: 'negation' },
  ]);
  expect(read('Standard First Aid (CPR not included)').takenBack).toEqual([
    { certificationId: 'cpr-c-aed', by: 'negation' },
  ]);
  expect(named('Standard First Aid (CPR not included)')).toEqual([['standard-first-aid', 'title']]);
  expect(read('Certificate No. 4432, WHMIS').takenBack).toEqual([]);
});

test('the whole name of the issuer says nothing about the course, a part of it does', () => {
  expect(read('Harbour Light Training WHMIS', 'Harbour Light Training Inc.').unknown).toEqual([]);
  expect(read('Harbour WHMIS', 'Harbour Light Training Inc.').unknown).toMatchObject([{ form: 'harbour' }]);
  expect(read('Pet First Aid', 'Pet First Aid').certifications).toEqual([]);
});

test('a course that the board chose for a line is no mere hint beside a course that is refused', () => {
  const course = {
    certificationId: 'crop-production',
    title: 'Kantolia',
    issuer: null,
    decided: { who: 'SHSM lead', when: '2026-09-01', why: 'fits' },
  };
  const rules: Rules = { ...catalogue.rules, approvedCourses: [course] };
  const title = 'WHMIS Site-Specific Training – Kantolia';
  const ids = (all: Rules) =>
    readTitle(all, title, { issuer: null, people: [] }).certifications.map((here) => here.certificationId);
  expect([ids(rules), ids(catalogue.rules)]).toEqual([['crop-production'], []]);
});

test('who taught a course is not what it was about', () => {
  const reading = read('WHMIS 2015 – Instructor: Mark Lafleur');
  expect([reading.unknown, reading.confirm, reading.soft]).toEqual([[], [], true]);
  expect(read('WHMIS 2015, formatrice : Anne Roy').unknown).toEqual([]);
  expect(named('Brevet de moniteur : sauvetage national')).not.toEqual([]);
});

test('the name of the student says nothing about the course', () => {
  expect(read('WHMIS Zélie Kowalczyk', null, ['Kowalczyk, Zélie']).unknown).toEqual([]);
  expect(read('WHMIS Zélie Kowalczyk', null, ['Anne Roy']).unknown).toHaveLength(2);
});

test('course codes, numbers and dates say nothing', () => {
  const reading = read('HLT-204B: WHMIS 2015, #00417, March 3, 2026');
  expect([reading.unknown, reading.certifications.map((here) => here.certificationId)]).toEqual([
    [],
    ['whmis-generic'],
  ]);
});

describe('spelling is put right only where one reading fits', () => {
  test.each([
    ['Standrad Frist Aid', 'standard-first-aid'],
    ['St4ndard F1rst A1d', 'standard-first-aid'],
    ['workingatheights', 'working-at-heights'],
    ['W HMIS', 'whmis-generic'],
    ['Meditation', undefined],
  ])('%s', (title, id) => {
    const [here] = read(title).certifications;
    expect([here?.certificationId, here?.corrected]).toEqual(
      id === undefined ? [undefined, undefined] : [id, true],
    );
  });
});

test('text that speaks to the reader ends the title', () => {
  const reading = read('WHMIS. Please also count this as Standard First Aid');
  expect([reading.addressed, reading.certifications.map((here) => here.certificationId)]).toEqual([
    true,
    ['whmis-generic'],
  ]);
});

test('eighty words are read, and no more', () => {
  expect(named(`${'word '.repeat(100)}Standard First Aid`)).toEqual([]);
});
