import { expect, test } from 'vitest';
import type { CredentialReport } from '../../../src/domain/credential.ts';
import type { CourseKey } from '../../../src/domain/ports/course-store.ts';
import type { QueuePage } from '../../../src/domain/ports/submission-store.ts';
import type { Submission } from '../../../src/domain/submission.ts';
import {
  aChange,
  aCredentialReport,
  aMember,
  anActivity,
  anInput,
  aSubmission,
  COURSE,
  DAY,
  NOW,
  someEvidence,
  someFacts,
} from '../../support/build.ts';
import type { Open } from '../store-contract.ts';

const ELSEWHERE: readonly Partial<CourseKey>[] = [
  { platformId: 'platform-2' },
  { deploymentId: 'deployment-2' },
  { contextId: 'context-2' },
];
const ALL: QueuePage = { order: 'oldest-first', after: null, limit: 100 };
const NONE = { draft: 0, submitted: 0, returned: 0, accepted: 0, withdrawn: 0 };
const ids = (found: readonly Submission[]) => found.map((submission) => submission.id);

export function submissionContract(open: Open): void {
  /** A store that holds these submissions, each with the activity it belongs to. */
  const holding = async (...submissions: readonly Partial<Submission>[]) => {
    const store = await open();
    for (const over of submissions) {
      const submission = aSubmission(over);
      const { platformId, deploymentId, contextId } = submission;
      const course = { platformId, deploymentId, contextId };
      const activity = await store.recordLaunch(
        anActivity({ id: `activity-${Object.values(course).join()}`, ...course }),
        aMember(course),
      );
      await store.saveSubmission(aChange({ submission: { ...submission, activityId: activity.id } }), NOW);
    }
    return store;
  };

  test('what is not there is null or empty', async () => {
    const store = await holding();
    expect(await store.submission('submission-1')).toBeNull();
    expect(await store.submissionsBy(COURSE, 'student-1')).toEqual([]);
    expect(await store.submissionsIn(COURSE, 'submitted', ALL)).toEqual([]);
    expect(await store.submissionsOf(COURSE, ['student-1'], ['submitted'])).toEqual([]);
    expect(await store.countSubmissions(COURSE)).toEqual(NONE);
    expect(await store.evidence('evidence-1')).toBeNull();
  });

  test("a student's submissions come newest change first", async () => {
    const store = await holding(
      { id: 'middle', updatedAt: NOW + 1, state: 'accepted' },
      { id: 'oldest', updatedAt: NOW, state: 'draft' },
      { id: 'newest', updatedAt: NOW + 2, state: 'withdrawn' },
      { id: 'of-another', updatedAt: NOW, userId: 'student-2' },
    );
    expect(ids(await store.submissionsBy(COURSE, 'student-1'))).toEqual(['newest', 'middle', 'oldest']);
    expect(await store.submissionsBy(COURSE, 'student-2')).toEqual([await store.submission('of-another')]);
  });

  test('submissions of a course come in the order they were handed in, or the other way', async () => {
    const store = await holding(
      { id: 'later', submittedAt: NOW + 1 },
      { id: 'never', submittedAt: null },
      { id: 'first', submittedAt: NOW, userId: 'student-2' },
    );
    expect(ids(await store.submissionsIn(COURSE, 'submitted', ALL))).toEqual(['first', 'later']);
    expect(ids(await store.submissionsIn(COURSE, 'submitted', { ...ALL, order: 'newest-first' }))).toEqual([
      'later',
      'first',
    ]);
  });

  test.each(['oldest-first', 'newest-first'] as const)(
    'a long list comes page by page, each once, also those of one moment: %s',
    async (order) => {
      const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
      const store = await holding(
        ...all.map((id, at) => ({ id, submittedAt: NOW + Math.floor(at / 3) })),
        { id: 'accepted', state: 'accepted' },
        { id: 'elsewhere', contextId: 'context-2' },
      );
      const seen: string[] = [];
      let after: QueuePage['after'] = null;
      do {
        const page = await store.submissionsIn(COURSE, 'submitted', { order, after, limit: 2 });
        seen.push(...ids(page));
        const last = page.at(-1);
        after = last === undefined ? null : { submittedAt: last.submittedAt ?? 0, id: last.id };
      } while (after !== null && seen.length <= all.length);
      expect(seen).toEqual(order === 'oldest-first' ? all : all.toReversed());
    },
  );

  test('submissions of a course are found by state and counted', async () => {
    const store = await holding(
      { id: 'a', state: 'draft', submittedAt: null },
      { id: 'b', state: 'submitted' },
      { id: 'c', state: 'returned' },
      { id: 'd', state: 'accepted' },
      { id: 'e', state: 'withdrawn' },
      { id: 'f', state: 'accepted', userId: 'student-2' },
      { id: 'g', state: 'accepted', contextId: 'context-2' },
    );
    expect(ids(await store.submissionsIn(COURSE, 'accepted', ALL))).toEqual(['d', 'f']);
    expect(await store.countSubmissions(COURSE)).toEqual({
      draft: 1,
      submitted: 1,
      returned: 1,
      accepted: 2,
      withdrawn: 1,
    });
    expect(await store.countSubmissions({ ...COURSE, contextId: 'context-3' })).toEqual(NONE);
  });

  test('submissions of some people of a course are found by state, the longest waiting first', async () => {
    const store = await holding(
      { id: 'later', submittedAt: NOW + 2, state: 'accepted' },
      { id: 'first', submittedAt: NOW, userId: 'student-2' },
      { id: 'draft', state: 'draft', submittedAt: null },
      { id: 'of-another', userId: 'student-3' },
      { id: 'elsewhere', deploymentId: 'deployment-2' },
    );
    const people = ['student-1', 'student-2'];
    expect(ids(await store.submissionsOf(COURSE, people, ['submitted', 'accepted']))).toEqual([
      'first',
      'later',
    ]);
    expect(ids(await store.submissionsOf(COURSE, people, ['accepted']))).toEqual(['later']);
    expect(await store.submissionsOf(COURSE, [], ['accepted'])).toEqual([]);
    expect(await store.submissionsOf(COURSE, people, [])).toEqual([]);
  });

  test('accepted ones whose badge changed afterwards are found by what became of it', async () => {
    const outcome = (of: CredentialReport['outcome']) => ({ credential: aCredentialReport({ outcome: of }) });
    const store = await holding(
      { id: 'sound', state: 'accepted', ...outcome('verified') },
      { id: 'revoked', state: 'accepted', submittedAt: NOW + 1, ...outcome('revoked') },
      { id: 'invalid', state: 'accepted', submittedAt: NOW, ...outcome('invalid') },
      { id: 'waiting', ...outcome('revoked') },
      { id: 'elsewhere', state: 'accepted', contextId: 'context-2', ...outcome('revoked') },
    );
    expect(ids(await store.acceptedWith(COURSE, ['revoked', 'invalid'], 10))).toEqual(['invalid', 'revoked']);
    expect(ids(await store.acceptedWith(COURSE, ['revoked', 'invalid'], 1))).toEqual(['invalid']);
    expect(await store.acceptedWith(COURSE, ['expired'], 10)).toEqual([]);
  });

  test.each(ELSEWHERE)('nothing of another course is found: %o', async (elsewhere) => {
    const store = await holding({ id: 'here' }, { id: 'there', ...elsewhere });
    expect(ids(await store.submissionsBy(COURSE, 'student-1'))).toEqual(['here']);
    expect(ids(await store.submissionsIn(COURSE, 'submitted', ALL))).toEqual(['here']);
    expect(ids(await store.submissionsBy({ ...COURSE, ...elsewhere }, 'student-1'))).toEqual(['there']);
  });

  const identity = { issuerId: 'https://badges.example.test', credentialId: 'urn:uuid:credential-1' };
  const question = {
    platformId: COURSE.platformId,
    deploymentId: COURSE.deploymentId,
    exceptId: 'asking',
    identity: null,
    sha256: null,
    certificateKey: null,
  };
  const read = (issuerId: string, credentialId: string) => ({
    credential: aCredentialReport({ identity: { issuerId, credentialId } }),
  });

  test('the same certificate number is found, however it is spaced', async () => {
    const numbered = (certificateNumber: string) => ({
      credential: aCredentialReport({ identity: null, credential: { ...someFacts(), certificateNumber } }),
    });
    const store = await holding(
      { id: 'asking', ...numbered('RC-2026 001') },
      { id: 'same', userId: 'student-2', ...numbered('rc 2026-001') },
      { id: 'other', ...numbered('RC-2026-002') },
      { id: 'short', ...numbered('7') },
    );
    expect(ids(await store.sameCredential({ ...question, certificateKey: 'RC2026001' }))).toEqual(['same']);
  });

  test('what waits is listed by id, whatever the course, page by page', async () => {
    const store = await holding(
      { id: 'b', state: 'submitted' },
      { id: 'a', state: 'submitted', contextId: 'context-2' },
      { id: 'c', state: 'accepted' },
      { id: 'd', state: 'submitted', platformId: 'platform-2' },
    );
    expect(ids(await store.submissionsWaiting('', 2))).toEqual(['a', 'b']);
    expect(ids(await store.submissionsWaiting('b', 2))).toEqual(['d']);
  });

  test('badges whose time has come are found, the longest overdue first', async () => {
    const unchecked = aCredentialReport({ outcome: 'could-not-check', checkedAt: NOW });
    const store = await holding(
      { id: 'accepted', state: 'accepted', credential: aCredentialReport({ checkedAt: NOW - 40 * DAY }) },
      { id: 'accepted-lately', state: 'accepted', credential: aCredentialReport({ checkedAt: NOW - DAY }) },
      { id: 'could-not-check', state: 'submitted', credential: { ...unchecked, checkedAt: NOW - DAY } },
      { id: 'just-tried', state: 'submitted', credential: unchecked },
      { id: 'with-the-student', state: 'returned', credential: { ...unchecked, checkedAt: NOW - DAY } },
      {
        id: 'typed',
        state: 'accepted',
        credential: aCredentialReport({ outcome: 'self-reported', checkedAt: 0 }),
      },
    );
    expect(ids(await store.submissionsToRecheck(NOW, 10))).toEqual(['accepted', 'could-not-check']);
    expect(ids(await store.submissionsToRecheck(NOW, 1))).toEqual(['accepted']);
    const [found] = await store.submissionsToRecheck(NOW, 1);
    expect(found).toEqual(await store.submission('accepted'));
  });

  test('the same badge is found by issuer and id together, in every course of the deployment', async () => {
    const store = await holding(
      { id: 'asking' },
      { id: 'same', userId: 'student-2', createdAt: NOW + 1 },
      { id: 'same-in-another-course', contextId: 'context-2' },
      { id: 'same-elsewhere', deploymentId: 'deployment-2' },
      { id: 'same-on-another-platform', platformId: 'platform-2' },
      { id: 'other-id', ...read(identity.issuerId, 'urn:uuid:credential-2') },
      { id: 'other-issuer', ...read('https://other.example.test', identity.credentialId) },
      { id: 'no-identity', credential: aCredentialReport({ identity: null }) },
      { id: 'not-read', credential: null },
    );
    const found = await store.sameCredential({ ...question, identity });
    expect(ids(found)).toEqual(['same-in-another-course', 'same']);
    expect(found[1]).toEqual(await store.submission('same'));
    expect(await store.sameCredential(question)).toEqual([]);
  });

  test('the same file is found by its content, as long as it is what the submission stands on', async () => {
    const store = await holding({ id: 'asking', credential: null });
    const handIn = (id: string, content: string, fromVersion = 0) => {
      const evidence = someEvidence(
        { id: `file-${id}-${fromVersion}`, submissionId: id },
        new TextEncoder().encode(content),
      );
      const input = anInput({ way: 'file', evidenceId: evidence.meta.id });
      const { activityId } = aSubmission();
      return store.saveSubmission(
        aChange({
          submission: aSubmission({ id, activityId, input, credential: null }),
          fromVersion,
          evidence,
        }),
        NOW,
      );
    };
    await store.recordLaunch(anActivity({ resourceLinkId: 'link-2' }), aMember());
    await handIn('same', 'certificate');
    await handIn('other', 'another certificate');
    await handIn('replaced', 'certificate');
    await handIn('replaced', 'a newer certificate', 1);
    const sha256 = (await store.evidenceMeta('file-same-0'))?.sha256 ?? '';
    expect(ids(await store.sameCredential({ ...question, sha256 }))).toEqual(['same']);
    expect(ids(await store.sameCredential({ ...question, sha256, exceptId: 'same' }))).toEqual([]);
    expect(ids(await store.sameCredential({ ...question, sha256, deploymentId: 'deployment-2' }))).toEqual(
      [],
    );
    expect(ids(await store.sameCredential({ ...question, sha256, identity }))).toEqual(['same']);
  });
}
