import { describe, expect, test } from 'vitest';
import { findDates } from '../../src/badges/certificate-dates.ts';
import { type Proposal, readCertificate } from '../../src/badges/certificate-text.ts';
import { readHours } from '../../src/badges/hours.ts';

describe('a date in a certificate', () => {
  test.for<[string, readonly string[]]>([
    ['2026-03-02', ['2026-03-02']],
    ['2026/3/2', ['2026-03-02']],
    ['2026.03.02', ['2026-03-02']],
    ['March 2, 2026', ['2026-03-02']],
    ['Mar. 2nd, 2026', ['2026-03-02']],
    ['MARCH 02 2026', ['2026-03-02']],
    ['2 March 2026', ['2026-03-02']],
    ['the 2nd day of March, 2026', ['2026-03-02']],
    ['02-Mar-2026', ['2026-03-02']],
    ['02-MAR-26', ['2026-03-02']],
    ['2026 Mar 02', ['2026-03-02']],
    ['2026-MR-02', ['2026-03-02']],
    ['2 mars 2026', ['2026-03-02']],
    ['1er février 2026', ['2026-02-01']],
    ['le 15 août 2026', ['2026-08-15']],
    ['15 déc. 2026', ['2026-12-15']],
    ['25/12/2026', ['2026-12-25']],
    ['12/25/2026', ['2026-12-25']],
    ['25.12.2026', ['2026-12-25']],
    ['03/03/2026', ['2026-03-03']],
    ['03/02/2026', []],
    ['from 03/02/2026 to 03/20/2029', ['2026-03-02', '2029-03-20']],
    ['2026-02-30', []],
    ['31 avril 2026', []],
    ['March 2026', []],
    ['call 416-555-2026', []],
    ['version 1.2.2026.4', []],
  ])('%s: %j', ([text, days]) => {
    expect(findDates(text).map((date) => date.day)).toEqual(days);
  });
});

test.for<[string, number | null]>([
  ['13 hours', 13],
  ['a 6.5-hour course', 6.5],
  ['durée : 6,5 heures', 6.5],
  ['20 h', 20],
  ['8 hrs', 8],
  ['4 hours of theory and 4 hours of practice', 4],
  ['8 hours, of which 2 hours online', null],
  ['24 horses', null],
  ['no length', null],
])('length in %s: %s', ([text, hours]) => {
  expect(readHours(text)).toBe(hours);
});

const NOTHING: Proposal = {
  title: null,
  person: null,
  issuer: null,
  issuedOn: null,
  expiresOn: null,
  hours: null,
  certificateNumber: null,
};
const issuers = [
  { id: 'red-cross', names: ['Canadian Red Cross', 'Croix-Rouge canadienne'], hosts: [], keys: [] },
];
const propose = (text: string) =>
  readCertificate(
    text.split('\n').map((line) => {
      const [, size, words] = /^(?:(\d+)\|)?(.*)$/.exec(line) ?? [];
      return { text: words ?? '', size: size === undefined ? null : Number(size) };
    }),
    issuers,
  ).proposal;

describe('what a certificate says', () => {
  test.for<[string, string, Partial<Proposal>]>([
    [
      'a first aid certificate',
      'Canadian Red Cross\nCertificate of Completion\nThis certifies that\nStudent One\nhas successfully completed\nStandard First Aid & CPR Level C\nCourse length: 13 hours\nIssue date: March 2, 2026\nExpiry date: March 2, 2029\nCertificate number: ABC-123456',
      {
        title: 'Standard First Aid & CPR Level C',
        person: 'Student One',
        issuer: 'Canadian Red Cross',
        issuedOn: '2026-03-02',
        expiresOn: '2029-03-02',
        hours: 13,
        certificateNumber: 'ABC-123456',
      },
    ],
    [
      'the same in French',
      'Croix-Rouge canadienne\nAttestation de réussite\nCertifie que Élève Un a réussi le cours\nSecourisme général et RCR niveau C\nDurée : 13 heures\nDélivré le 2 mars 2026\nValide jusqu’au 2 mars 2029\nNuméro de certificat : 99-1234',
      {
        title: 'Secourisme général et RCR niveau C',
        person: 'Élève Un',
        issuer: 'Croix-Rouge canadienne',
        issuedOn: '2026-03-02',
        expiresOn: '2029-03-02',
        hours: 13,
        certificateNumber: '99-1234',
      },
    ],
    [
      'labels before values',
      'Name: Student One\nCourse: WHMIS 2015\nIssued by: Safety Provider Inc.\nCompleted on 2026-02-11\nCertificate ID: 8842-AA',
      {
        title: 'WHMIS 2015',
        person: 'Student One',
        issuer: 'Safety Provider Inc',
        issuedOn: '2026-02-11',
        certificateNumber: '8842-AA',
      },
    ],
    [
      'the title in the biggest letters',
      '10|Awarded to\n14|Student One\n28|Working at Heights\n30|Certificate of Training\n9|Date: 2026-05-01',
      { title: 'Working at Heights', person: 'Student One', issuedOn: '2026-05-01' },
    ],
    [
      'a date that stands below its label',
      'Expires\nMay 1, 2029\nIssued\nMay 1, 2026',
      { issuedOn: '2026-05-01', expiresOn: '2029-05-01' },
    ],
    [
      'a name between the title and the sentence, and a score',
      'WHMIS 2015 - GHS\nCertificate of Completion\nStudent One\nhas completed the course\nScore: 95%\nDate: 11/23/2026',
      { title: 'WHMIS 2015 - GHS', person: 'Student One', issuedOn: '2026-11-23' },
    ],
    ['a birthday is not an issue date', 'Date of birth: 2009-01-01', {}],
    ['two dates without a label', '2026-01-01 and then 2027-01-01', {}],
    ['text that is no certificate', '', {}],
  ])('%s', ([, text, expected]) => {
    const found = propose(text);
    expect({ ...NOTHING, ...found, ...('title' in expected ? {} : { title: null }) }).toEqual({
      ...NOTHING,
      ...expected,
    });
  });
});
