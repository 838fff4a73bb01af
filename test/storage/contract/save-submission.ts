import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Store } from '../../../src/domain/ports/store.ts';
import type { SubmissionChange } from '../../../src/domain/ports/submission-store.ts';
import {
  aCell,
  aChange,
  aDecision,
  aDesiredScore,
  aMember,
  anActivity,
  anAuditEvent,
  anInput,
  aSubmission,
  MINUTE,
  NOW,
  SECOND,
  someEvidence,
  someTypedText,
} from '../../support/build.ts';
import type { Open } from '../store-contract.ts';

const CELL = { activityId: 'activity-1', userId: 'student-1' };

const complete: SubmissionChange = aChange({
  submission: aSubmission({ input: anInput({ way: 'file', address: '', evidenceId: 'evidence-1' }) }),
  evidence: someEvidence(),
  score: { desired: aDesiredScore(), fromVersion: 0 },
  audit: anAuditEvent(),
});

/** Everything a change could have touched. */
async function everything(store: Store) {
  return {
    submission: await store.submission('submission-1'),
    evidence: await store.evidence('evidence-1'),
    laterEvidence: await store.evidence('evidence-2'),
    cell: await store.cell(CELL),
    audit: await store.auditOf('submission-1'),
  };
}

export function saveSubmissionContract(open: Open): void {
  const inCourse = async () => {
    const store = await open();
    await store.recordLaunch(anActivity(), aMember());
    return store;
  };

  test('the submission, its file, its gradebook cell and its audit line are written together', async () => {
    const store = await inCourse();
    expect(await store.saveSubmission(complete, NOW)).toBe('saved');
    expect(await everything(store)).toEqual({
      submission: complete.submission,
      evidence: someEvidence(),
      laterEvidence: null,
      cell: aCell(),
      audit: [anAuditEvent()],
    });
    expect(await store.evidenceMeta('evidence-1')).toEqual(someEvidence().meta);
  });

  test('a draft without anything read leaves the cell alone', async () => {
    const store = await inCourse();
    const draft = aSubmission({ state: 'draft', credential: null, placement: null, submittedAt: null });
    await store.saveSubmission(aChange({ submission: draft }), NOW);
    expect(await everything(store)).toEqual({
      submission: draft,
      evidence: null,
      laterEvidence: null,
      cell: null,
      audit: [],
    });
    expect(await store.evidenceMeta('evidence-1')).toBeNull();
  });

  test('a change replaces what may change and counts the version up', async () => {
    const store = await inCourse();
    await store.saveSubmission(complete, NOW);
    const accepted = aSubmission({
      ...complete.submission,
      sectorId: 'arts-culture',
      state: 'accepted',
      input: anInput({ way: 'typed', typed: someTypedText({ title: 'First aid', issuedOn: '2026-3' }) }),
      reflection: 'Changed.',
      credential: null,
      placement: null,
      decision: aDecision({ marks: { depth: 3, clarity: 2.5 } }),
      updatedAt: NOW + MINUTE,
      submittedAt: NOW + SECOND,
      version: 2,
    });
    expect(await store.saveSubmission(aChange({ submission: accepted, fromVersion: 1 }), NOW)).toBe('saved');
    expect(await store.submission('submission-1')).toEqual(accepted);
    expect(await store.evidence('evidence-1')).toEqual(someEvidence());
  });

  test('the store counts the version, whatever the caller wrote into it', async () => {
    const store = await inCourse();
    await store.saveSubmission(aChange({ submission: aSubmission({ version: 41 }) }), NOW);
    expect(await store.submission('submission-1')).toEqual(aSubmission({ version: 1 }));
  });

  const second: SubmissionChange = {
    ...complete,
    submission: { ...complete.submission, reflection: 'Changed.', version: 2 },
    fromVersion: 1,
    evidence: someEvidence({ id: 'evidence-2' }),
    score: { desired: aDesiredScore({ scoreGiven: 5 }), fromVersion: 1 },
    audit: anAuditEvent({ id: 'audit-2' }),
  };

  test.each<[string, SubmissionChange]>([
    ['as new, though it exists', { ...second, fromVersion: 0 }],
    ['from a version that is ahead', { ...second, fromVersion: 2 }],
    ['with a score worked out before there was a cell', scoreFrom(second, 0)],
    ['with a score worked out from a version that is ahead', scoreFrom(second, 2)],
  ])('a change made %s is a conflict and writes nothing', async (_, change) => {
    const store = await inCourse();
    await store.saveSubmission(complete, NOW);
    const before = await everything(store);
    expect(await store.saveSubmission(change, NOW + MINUTE)).toBe('conflict');
    expect(await everything(store)).toEqual(before);
    expect(await store.saveSubmission(second, NOW + MINUTE)).toBe('saved');
  });

  test('a change of what does not exist is a conflict and writes nothing', async () => {
    const store = await inCourse();
    expect(await store.saveSubmission(second, NOW)).toBe('conflict');
    expect(await everything(store)).toEqual({
      submission: null,
      evidence: null,
      laterEvidence: null,
      cell: null,
      audit: [],
    });
  });

  test('of many changes from one version exactly one is saved', async () => {
    const stores = [await inCourse(), await open()];
    await stores[0]?.saveSubmission(complete, NOW);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        stores[n % 2]?.saveSubmission(
          { ...second, evidence: null, audit: anAuditEvent({ id: `audit-race-${n}` }) },
          NOW,
        ),
      ),
    );
    expect(answers.toSorted()).toEqual([...Array(7).fill('conflict'), 'saved']);
    expect(await stores[0]?.auditOf('submission-1')).toHaveLength(2);
    expect((await stores[0]?.cell(CELL))?.desiredVersion).toBe(2);
  });

  test('a class that hands in at the same moment: each is saved whole, and one that cannot be stops nobody', async () => {
    const store = await inCourse();
    const handedIn = (at: number, evidenceId = `evidence-${at}`): SubmissionChange => {
      const id = `submission-${at}`;
      const bytes = new Uint8Array(at === 3 ? 300_000 : 100).fill(at);
      return aChange({
        submission: aSubmission({ id, userId: `student-${at}`, input: anInput({ way: 'file', evidenceId }) }),
        evidence: someEvidence({ id: evidenceId, submissionId: id }, bytes),
        audit: anAuditEvent({ id: `event-${at}`, subject: id }),
      });
    };
    const all = Array.from({ length: 30 }, (_, at) => handedIn(at));
    expect(new Set(await Promise.all(all.map((one) => store.saveSubmission(one, NOW))))).toEqual(
      new Set(['saved']),
    );
    const changes = all.map(({ submission }, at) => {
      const changed = { ...submission, reflection: `changed ${at}`, version: 2 };
      return aChange({ submission: changed, fromVersion: at === 7 ? 9 : 1 });
    });
    const taken = handedIn(40, 'evidence-1');
    const outcomes = await Promise.allSettled(
      [...changes, handedIn(41), handedIn(41, 'evidence-41-again'), taken].map((one) =>
        store.saveSubmission(one, NOW),
      ),
    );
    const values = outcomes.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'));
    expect(values.slice(0, 30)).toEqual(changes.map((_, at) => (at === 7 ? 'conflict' : 'saved')));
    // A double click: one of the two, whichever was faster.
    expect([values.slice(30, 32).toSorted(), values[32]]).toEqual([['conflict', 'saved'], 'failed']);
    for (const [at, { submission, evidence }] of all.entries()) {
      const reflection = at === 7 ? submission.reflection : `changed ${at}`;
      expect(await store.submission(submission.id)).toEqual({
        ...submission,
        ...{ reflection, version: at === 7 ? 1 : 2 },
      });
      expect(await store.evidence(`evidence-${at}`)).toEqual(evidence);
      expect(await store.auditOf(submission.id)).toHaveLength(1);
    }
    expect(await store.submission('submission-40')).toBeNull();
  });

  test('two decisions on one student at the same moment cannot hide each other', async () => {
    const stores = [await inCourse(), await open()];
    const answers = await Promise.all(
      stores.map((store, n) =>
        store.saveSubmission(
          aChange({
            submission: aSubmission({ id: `submission-${n}` }),
            score: { desired: aDesiredScore({ scoreGiven: n }), fromVersion: 0 },
          }),
          NOW,
        ),
      ),
    );
    expect(answers.toSorted()).toEqual(['conflict', 'saved']);
    const saved = answers.indexOf('saved');
    expect(await stores[0]?.cell(CELL)).toEqual(aCell({ desired: aDesiredScore({ scoreGiven: saved }) }));
  });

  test('a change that fails at its last step writes nothing at all', async () => {
    const store = await inCourse();
    await store.saveSubmission(complete, NOW);
    const before = await everything(store);
    const taken = { ...second, audit: anAuditEvent({ id: 'audit-1', actor: 'teacher-1' }) };
    await expect(store.saveSubmission(taken, NOW + MINUTE)).rejects.toThrow();
    expect(await everything(store)).toEqual(before);
    expect(await store.saveSubmission(second, NOW + MINUTE)).toBe('saved');
  });

  test('stored evidence is never replaced', async () => {
    const store = await inCourse();
    await store.saveSubmission(complete, NOW);
    const before = await everything(store);
    const forged = { ...second, evidence: someEvidence({}, new TextEncoder().encode('something else')) };
    await expect(store.saveSubmission(forged, NOW)).rejects.toThrow();
    expect(await everything(store)).toEqual(before);
  });

  test.each([
    ['empty', new Uint8Array(0)],
    ['of every byte', Uint8Array.from({ length: 256 }, (_, byte) => byte)],
    ['of five megabytes', new Uint8Array(randomBytes(5 * 1024 * 1024))],
    ['cut from a larger buffer', new Uint8Array(randomBytes(4096)).subarray(17, 1017)],
  ])('a file %s comes back byte for byte', async (_, bytes) => {
    const store = await inCourse();
    const evidence = someEvidence({}, bytes);
    await store.saveSubmission({ ...complete, evidence }, NOW);
    const stored = await store.evidence('evidence-1');
    expect(stored?.meta).toEqual(evidence.meta);
    expect(Buffer.from(stored?.bytes ?? []).equals(bytes)).toBe(true);
  });

  test('whatever a person writes comes back as it was written', async () => {
    const store = await inCourse();
    const words = fc.string({ unit: 'binary', maxLength: 200 });
    let n = 0;
    await fc.assert(
      fc.asyncProperty(words, words, words, async (reflection, title, fileName) => {
        n += 1;
        const submission = aSubmission({
          id: `written-${n}`,
          reflection,
          input: anInput({ address: fileName, typed: someTypedText({ title }) }),
          decision: aDecision({ comment: reflection }),
        });
        const evidence = someEvidence({ id: `file-${n}`, submissionId: submission.id, fileName });
        await store.saveSubmission(aChange({ submission, evidence }), NOW);
        expect(await store.submission(submission.id)).toEqual(submission);
        expect(await store.evidenceMeta(`file-${n}`)).toEqual(evidence.meta);
      }),
      { numRuns: 25, examples: [['a\u0000b', '\u0000', '\r\n\t\u2028']] },
    );
  });
}

function scoreFrom(change: SubmissionChange, fromVersion: number): SubmissionChange {
  return { ...change, score: { desired: aDesiredScore({ scoreGiven: 5 }), fromVersion } };
}
