import { join } from 'node:path';
import { expect, test } from 'vitest';
import { badgeRead } from '../../src/cli/badge-read.ts';
import { readConfig } from '../../src/config.ts';
import type { CredentialReport } from '../../src/domain/credential.ts';

const CASES = join(import.meta.dirname, '../badges/fixtures/1edtech/cases');
const read = readConfig({ SHSM_OUTBOUND: 'off', SHSM_SECRET: 'x'.repeat(40) });
if (!read.ok) throw new Error(read.problems.join());
const { config } = read;
const today = { today: '2026-11-22' };

test.for([
  ['ob30/simple.json', 'issuer-unproven', 0],
  ['ob20/basic-assertion.json', 'could-not-check', 0],
  ['ob30/simple-err-expired.json', 'expired', 1],
  ['ob30/simple-err-proof-method.json', 'invalid', 1],
  ['clr20/simple_v1.json', 'not-a-badge', 1],
] as const)('%s is %s, exit code %i', async ([name, outcome, code]) => {
  const answer = await badgeRead(config, join(CASES, name), today);
  expect([(answer.data as CredentialReport).outcome, answer.code]).toEqual([outcome, code]);
  expect(answer.text.split('\n')[0]).toContain(outcome);
});

test('the report is the one of the operator interface', async () => {
  const { data } = await badgeRead(config, join(CASES, 'ob30/simple.json'), today);
  expect(Object.keys(data as object)).toEqual([
    'format',
    'outcome',
    'credential',
    'checks',
    'facts',
    'identity',
    'checkedAt',
  ]);
});

test('dates are judged as of the day that was given', async () => {
  const answer = await badgeRead(config, join(CASES, 'ob30/simple.json'), { today: '2009-12-31' });
  expect((answer.data as CredentialReport).outcome).toBe('not-yet-valid');
});

test('an address is read as one, and a name that is no file is wrong use', async () => {
  const address = await badgeRead(config, 'https://issuer.test/badge', today);
  expect([(address.data as CredentialReport).outcome, address.code]).toEqual(['could-not-check', 0]);
  expect((await badgeRead(config, join(CASES, 'nothing.json'), today)).code).toBe(2);
  expect((await badgeRead(config, CASES, today)).code).toBe(2);
});
