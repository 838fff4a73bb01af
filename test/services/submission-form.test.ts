import { describe, expect, test } from 'vitest';
import { formProblems, type SubmissionForm, typedFacts } from '../../src/services/submission-form.ts';

const TODAY = '2026-03-02';

function form(
  over: Partial<Omit<SubmissionForm, 'typed'>> & { typed?: Partial<SubmissionForm['typed']> },
): SubmissionForm {
  return {
    way: 'typed',
    address: '',
    reflection: 'I learned to stay calm.',
    file: null,
    anyway: false,
    ...over,
    typed: {
      title: 'Standard First Aid',
      issuer: 'Canadian Red Cross',
      issuedOn: '2026-02-20',
      expiresOn: '2029-02-20',
      hours: '13',
      certificateNumber: '',
      ...over.typed,
    },
  };
}

const found = (over: Parameters<typeof form>[0], hasFile = true) =>
  formProblems(form(over), hasFile, TODAY).map(
    (problem) => `${problem.field}: ${problem.key.replace('problems.', '')}`,
  );

describe('what must be mended before a badge can be handed in', () => {
  test.each<[string, Parameters<typeof form>[0], boolean, string[]]>([
    ['a complete certificate with its proof', {}, true, []],
    ['a certificate without proof', {}, false, ['file: proof-missing']],
    [
      'no title and no issuer',
      { typed: { title: ' ', issuer: '' } },
      true,
      ['title: title-missing', 'issuer: issuer-missing'],
    ],
    ['no file where a file was chosen', { way: 'file' }, false, ['file: file-missing']],
    ['a file and no words', { way: 'file', typed: { title: '', issuer: '' } }, true, []],
    ['no address', { way: 'address' }, false, ['address: address-missing']],
    [
      'words instead of an address',
      { way: 'address', address: 'my badge' },
      false,
      ['address: address-form'],
    ],
    [
      'an address of another scheme',
      { way: 'address', address: 'javascript:alert(1)' },
      false,
      ['address: address-form'],
    ],
    ['a web address', { way: 'address', address: ' https://badges.example/1 ' }, false, []],
    [
      'typed dates do not matter for an address',
      { way: 'address', address: 'https://b.example/1', typed: { issuedOn: 'May' } },
      false,
      [],
    ],
    ['a date in words', { typed: { issuedOn: 'March 2' } }, true, ['issuedOn: date-form']],
    ['a day that does not exist', { typed: { issuedOn: '2026-02-30' } }, true, ['issuedOn: date-form']],
    ['a date in the future', { typed: { issuedOn: '2026-03-03' } }, true, ['issuedOn: date-future']],
    ['an end before the beginning', { typed: { expiresOn: '2026-01-01' } }, true, ['expiresOn: date-order']],
    ['hours in words', { typed: { hours: 'two days' } }, true, ['hours: hours-form']],
    ['hours with a French comma', { typed: { hours: '6,5' } }, true, []],
    ['no reflection', { reflection: '\n ' }, true, ['reflection: reflection-missing']],
    [
      'a reflection that is too long',
      { reflection: 'a'.repeat(20_001) },
      true,
      ['reflection: reflection-long'],
    ],
  ])('%s', (_name, over, hasFile, expected) => {
    expect(found(over, hasFile)).toEqual(expected);
  });
});

test('typed words become facts, and what is empty stays unknown', () => {
  expect(
    typedFacts({
      title: ' SIMDUT ',
      issuer: 'École',
      issuedOn: '2026-02-20',
      expiresOn: '',
      hours: '2,5',
      certificateNumber: ' A-1 ',
    }),
  ).toEqual({
    title: 'SIMDUT',
    issuer: 'École',
    issuedOn: '2026-02-20',
    expiresOn: null,
    hours: 2.5,
    certificateNumber: 'A-1',
  });
});
