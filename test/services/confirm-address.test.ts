import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CredentialReport, Recipient } from '../../src/domain/credential.ts';
import { keepTypedAddress } from '../../src/services/confirm-address.ts';
import { createRecheckBadges } from '../../src/services/recheck-badges.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open.ts';
import {
  aChange,
  aCredentialReport,
  aMember,
  anActivity,
  anInput,
  aPlacementReport,
  aSubmission,
  DAY,
  NOW,
  someFacts,
} from '../support/build.ts';

const hash = (text: string) => `sha256$${createHash('sha256').update(text, 'utf8').digest('hex')}`;
const AWARDED = { hash: hash('me@home.testsalty'), salt: 'salty' };
const say = (locale: string, key: string) => `${locale} ${key}`;

const reportOf = (recipient: Recipient): CredentialReport =>
  aCredentialReport({ credential: someFacts({ recipient }) });
const open = reportOf({ name: null, matches: null, addresses: [AWARDED] });
const confirmed = reportOf({ name: null, matches: true, by: 'typed-email', addresses: [AWARDED] });

test('what the student’s word made known stays known at the next look, with the moment of the word', () => {
  const kept = keepTypedAddress(confirmed, { ...open, checkedAt: NOW + DAY }, say);
  expect(kept.credential.recipient).toEqual({
    name: null,
    matches: true,
    by: 'typed-email',
    addresses: [AWARDED],
  });
  expect(kept.checks.find(({ id }) => id === 'recipient')).toEqual({
    id: 'recipient',
    result: 'pass',
    detail: 'en recheck.typed-email',
    detailFr: 'fr recheck.typed-email',
    at: NOW,
  });
});

test.each<[string, CredentialReport, CredentialReport]>([
  [
    'a badge that is now made out to somebody else',
    confirmed,
    reportOf({ name: null, matches: null, addresses: [{ hash: hash('other'), salt: '' }] }),
  ],
  [
    'a badge that the school’s own address fits by now',
    confirmed,
    reportOf({ name: null, matches: true, by: 'email' }),
  ],
  ['a badge that nobody confirmed', open, open],
])('nothing is carried over to %s', (_name, before, read) => {
  expect(keepTypedAddress(before, read, say)).toEqual(read);
});

test('the monthly look keeps it, in the store', async () => {
  const store = openSqliteStore({ path: ':memory:' });
  await store.recordLaunch(anActivity(), aMember({ email: null }));
  const submission = aSubmission({
    state: 'accepted',
    input: { ...anInput(), way: 'address', address: 'https://badges.example.test/1' },
    credential: confirmed,
  });
  await store.saveSubmission(aChange({ submission }), NOW);
  await createRecheckBadges({
    store,
    readCredential: async () => ({ ...open, checkedAt: NOW + 31 * DAY }),
    placeCredential: () => aPlacementReport(),
    now: () => NOW + 31 * DAY,
    newId: () => 'audit-1',
    say,
  })();
  expect((await store.submission(submission.id))?.credential).toMatchObject({
    checkedAt: NOW + 31 * DAY,
    credential: { recipient: { matches: true, by: 'typed-email' } },
  });
  await store.close();
});
