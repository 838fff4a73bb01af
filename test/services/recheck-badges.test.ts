import { expect, test } from 'vitest';
import type { CredentialReport, Outcome } from '../../src/domain/credential.ts';
import { recheckAt } from '../../src/domain/recheck.ts';
import type { Submission } from '../../src/domain/submission.ts';
import { createRecheckBadges } from '../../src/services/recheck-badges.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open.ts';
import {
  aChange,
  aCredentialReport,
  aDesiredScore,
  aMember,
  anActivity,
  anInput,
  aPlacementReport,
  aSubmission,
  DAY,
  HOUR,
  MINUTE,
  NOW,
} from '../support/build.ts';

const ADDRESS = { ...anInput(), way: 'address', address: 'https://badges.example.test/1' } as const;

/** A night on which the issuer says `answer` about a badge that was handed in and stands as `over` says. */
async function nightAfter(over: Partial<Submission>, answer: Partial<CredentialReport>, nights = 1) {
  const store = openSqliteStore({ path: ':memory:' });
  await store.recordLaunch(anActivity(), aMember());
  const submission = aSubmission({ input: ADDRESS, ...over });
  const desired = aDesiredScore();
  await store.saveSubmission(aChange({ submission, score: { desired, fromVersion: 0 } }), NOW);
  const before = await store.cell(submission);
  let asked = 0;
  const recheck = createRecheckBadges({
    store,
    readCredential: async () => {
      asked += 1;
      return aCredentialReport({ ...answer, checkedAt: NOW + 31 * DAY });
    },
    placeCredential: () => aPlacementReport({ placement: 'elective' }),
    now: () => NOW + 31 * DAY,
    newId: () => 'audit-1',
    say: (locale, key) => `${locale} ${key}`,
  });
  let result = { looked: 0, changed: 0 };
  for (let night = 0; night < nights; night += 1) result = await recheck();
  const after = await store.submission(submission.id);
  const audit = (await store.auditOf(submission.id)).filter(
    ({ action }) => action === 'submission.rechecked',
  );
  return {
    result,
    asked,
    after,
    audit,
    cellKept: (await store.cell(submission))?.desiredVersion === before?.desiredVersion,
  };
}

const unchecked = aCredentialReport({ outcome: 'could-not-check' });

test('a badge that could not be checked is read and placed anew, and stays with the teacher', async () => {
  const night = await nightAfter({ state: 'submitted', credential: unchecked }, { outcome: 'verified' });
  expect(night.result).toEqual({ looked: 1, changed: 1 });
  expect(night.after).toMatchObject({
    state: 'submitted',
    credential: { outcome: 'verified' },
    placement: { placement: 'elective' },
  });
  expect(night.audit.map(({ actor, detail }) => ({ actor, detail }))).toEqual([
    { actor: 'system', detail: { before: 'could-not-check', after: 'verified' } },
  ]);
});

test('an accepted badge that its issuer withdrew keeps its decision and its score', async () => {
  const accepted = aSubmission({ state: 'accepted' });
  const night = await nightAfter(
    { state: 'accepted', decision: accepted.decision, placement: accepted.placement },
    { outcome: 'revoked' },
  );
  expect(night.after).toMatchObject({ state: 'accepted', credential: { outcome: 'revoked' } });
  expect(night.after?.decision).toEqual(accepted.decision);
  expect(night.after?.placement).toEqual(accepted.placement);
  expect(night.cellKept).toBe(true);
});

test('an issuer that does not answer takes nothing away from an accepted badge', async () => {
  const night = await nightAfter({ state: 'accepted' }, { outcome: 'could-not-check' });
  expect(night.result).toEqual({ looked: 1, changed: 0 });
  expect(night.after?.credential).toMatchObject({ outcome: 'verified', checkedAt: NOW + 31 * DAY });
  expect(night.after?.credential?.checks.at(-1)).toEqual({
    id: 'again',
    result: 'unknown',
    detail: 'en recheck.no-answer',
    detailFr: 'fr recheck.no-answer',
    at: NOW + 31 * DAY,
  });
});

test('a night asks about each badge once', async () => {
  const night = await nightAfter({ state: 'accepted' }, { outcome: 'verified' }, 2);
  expect(night.asked).toBe(1);
});

test.each<[string, Partial<Submission>, Outcome, number | null]>([
  ['just handed in, not checked', { state: 'submitted' }, 'could-not-check', NOW + 15 * MINUTE],
  ['not checked for an hour', { state: 'submitted', submittedAt: NOW - HOUR }, 'could-not-check', NOW + HOUR],
  [
    'not checked for a week',
    { state: 'submitted', submittedAt: NOW - 7 * DAY },
    'could-not-check',
    NOW + DAY,
  ],
  ['accepted all the same', { state: 'accepted' }, 'could-not-check', NOW + 15 * MINUTE],
  ['handed in, checked', { state: 'submitted' }, 'verified', null],
  ['accepted, genuine', { state: 'accepted' }, 'verified', NOW + 30 * DAY],
  ['accepted, issuer unproven', { state: 'accepted' }, 'issuer-unproven', NOW + 30 * DAY],
  ['accepted, typed in', { state: 'accepted' }, 'self-reported', null],
  ['accepted, already withdrawn', { state: 'accepted' }, 'revoked', null],
  ['with the student', { state: 'returned' }, 'could-not-check', null],
  [
    'not checked for two months',
    { state: 'submitted', submittedAt: NOW - 61 * DAY },
    'could-not-check',
    null,
  ],
])('when to look again: %s', (_name, over, outcome, expected) => {
  expect(recheckAt(aSubmission({ ...over, credential: aCredentialReport({ outcome }) }))).toBe(expected);
});
