import type { ClientSession } from 'mongoose';
import type { Instant } from '../../domain/instant.ts';
import type { SubmissionChange, SubmissionStore } from '../../domain/ports/submission-store.ts';
import type { Submission } from '../../domain/submission.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './connection.ts';
import { courseOf } from './courses.ts';
import { desiredScoreWriter } from './desired-score.ts';
import { byKey, gather } from './gather.ts';
import { BY_PERSON, BY_STATE } from './migrate.ts';
import { type StoredChange, saveTogether } from './save-together.ts';
import { newRecord, PLAIN, versionUpdate } from './submission-record.ts';

/** What one transaction should hold (mongodb.com/docs/manual/core/transactions-production-consideration). */
const MOST_TOGETHER = 100;

/** No moment is before 1970 or after the last that a `Date` can hold. */
const FIRST = { submittedAt: -1, id: '' } as const;
const LAST = { submittedAt: 8.64e15, id: '' } as const;
const NONE = { draft: 0, submitted: 0, returned: 0, accepted: 0, withdrawn: 0 } as const;

export function submissionStore(database: Database): SubmissionStore {
  const { models, files, transact } = database;
  const { submissions } = models;
  const desiredScore = desiredScoreWriter(models);
  const saveAll = saveTogether(database);

  /** Says no when the stored one is not the version the change was made from. */
  async function write(change: SubmissionChange, session: ClientSession): Promise<boolean> {
    if (change.fromVersion === 0) {
      // Looked for first: a refused insert would end the transaction.
      if ((await submissions.exists({ id: change.submission.id }).session(session)) !== null) return false;
      await submissions.insertOne(newRecord(change), { session });
      return true;
    }
    const { filter, update } = versionUpdate(change);
    const { matchedCount } = await submissions.updateOne(filter, update, { session, updatePipeline: true });
    return matchedCount === 1;
  }

  /** As few round trips as it takes: each write carries the check that it depends on. */
  async function saveAlone({ change, fileId }: StoredChange, at: Instant): Promise<'saved' | 'conflict'> {
    try {
      await transact(async (session) => {
        const { submission, evidence, score, audit } = change;
        if (!(await write(change, session))) throw new Conflict();
        if (score !== null && !(await desiredScore.replace(submission, score, at, session)))
          throw new Conflict();
        if (evidence !== null && fileId !== null)
          await files.adopt([{ fileId, meta: evidence.meta }], session);
        if (audit !== null) await appendAudit(models, audit, session);
      });
      return 'saved';
    } catch (error) {
      if (error instanceof Conflict) return 'conflict';
      throw error;
    }
  }

  const submissionById = gather(async (ids: readonly string[]) => {
    const found = await submissions.find({ id: { $in: [...ids] } }, PLAIN).lean<Submission[]>();
    return byKey(ids, found, (submission) => submission.id);
  });

  const saveBeside = gather(
    async (asked: readonly { readonly stored: StoredChange; readonly at: Instant }[]) => {
      const areSaved = asked.length > 1 && (await saveAll(asked.map(({ stored }) => stored)));
      return asked.map(
        ({ stored, at }) =>
          async () =>
            areSaved ? ('saved' as const) : saveAlone(stored, at),
      );
    },
    MOST_TOGETHER,
  );

  return {
    saveSubmission: async (change, at) => {
      const fileId = change.evidence === null ? null : await files.upload(change.evidence.bytes);
      const stored = { change, fileId };
      let outcome: 'saved' | 'conflict' | 'failed' = 'failed';
      try {
        outcome =
          change.score === null ? await (await saveBeside({ stored, at }))() : await saveAlone(stored, at);
        return outcome;
      } finally {
        // After an error the transaction may have come through all the same: then its bytes stay, and abandoned ones are
        // swept later.
        if (fileId !== null && outcome === 'conflict') await files.discard(fileId).catch(() => undefined);
      }
    },
    submission: submissionById,
    submissionsBy: (course, userId) =>
      submissions
        .find({ ...courseOf(course), userId }, PLAIN)
        .sort({ updatedAt: -1, id: 1 })
        .lean<Submission[]>(),
    submissionsIn: (course, state, { order, after, limit }) => {
      const isOldest = order === 'oldest-first';
      const from = after ?? (isOldest ? FIRST : LAST);
      const [beyond, at, direction] = isOldest
        ? (['$gt', '$gte', 1] as const)
        : (['$lt', '$lte', -1] as const);
      return submissions
        .find(
          {
            ...courseOf(course),
            state,
            // The range that the index is read from, and in it what comes after `from`.
            submittedAt: { [at]: from.submittedAt },
            $or: [{ submittedAt: { [beyond]: from.submittedAt } }, { id: { [beyond]: from.id } }],
          },
          PLAIN,
        )
        .sort({ submittedAt: direction, id: direction })
        .limit(limit)
        .lean<Submission[]>();
    },
    submissionsOf: (course, userIds, states) =>
      submissions
        .find({ ...courseOf(course), userId: { $in: [...userIds] }, state: { $in: [...states] } }, PLAIN)
        .hint(BY_PERSON)
        .sort({ submittedAt: 1, id: 1 })
        .lean<Submission[]>(),
    countSubmissions: async (course) => {
      const counts = await submissions
        .aggregate<{ _id: Submission['state']; count: number }>([
          { $match: courseOf(course) },
          { $group: { _id: '$state', count: { $sum: 1 } } },
        ])
        .hint(BY_STATE);
      return { ...NONE, ...Object.fromEntries(counts.map(({ _id, count }) => [_id, count])) };
    },
    acceptedWith: (course, outcomes, limit) =>
      submissions
        .find({ ...courseOf(course), state: 'accepted', 'credential.outcome': { $in: [...outcomes] } }, PLAIN)
        .sort({ submittedAt: 1, id: 1 })
        .limit(limit)
        .lean<Submission[]>(),
    sameCredential: async ({ platformId, deploymentId, exceptId, identity, sha256, certificateKey }) => {
      const sameFile = sha256 === null ? [] : await files.idsBySha256(sha256);
      const same = [
        ...(identity === null
          ? []
          : [
              {
                'credential.identity.credentialId': identity.credentialId,
                'credential.identity.issuerId': identity.issuerId,
              },
            ]),
        ...(certificateKey === null ? [] : [{ certificateKey }]),
        ...(sameFile.length === 0 ? [] : [{ 'input.evidenceId': { $in: sameFile } }]),
      ];
      if (same.length === 0) return [];
      return submissions
        .find({ $or: same, platformId, deploymentId, id: { $ne: exceptId } }, PLAIN)
        .sort({ createdAt: 1, id: 1 })
        .lean<Submission[]>();
    },
    submissionsWaiting: (afterId, limit) =>
      submissions
        .find({ state: 'submitted', id: { $gt: afterId } }, PLAIN)
        .sort({ id: 1 })
        .limit(limit)
        .lean<Submission[]>(),
    submissionsToRecheck: (now, limit) =>
      submissions
        .find({ recheckAt: { $ne: null, $lte: now } }, PLAIN)
        .sort({ recheckAt: 1, id: 1 })
        .limit(limit)
        .lean<Submission[]>(),
    evidence: async (id) => {
      const [meta, bytes] = [await files.meta(id), await files.bytes(id)];
      return meta === null || bytes === null ? null : { meta, bytes };
    },
    evidenceMeta: (id) => files.meta(id),
  };
}

/** Ends a transaction whose change was made from something that is not there any more; nothing of it is kept. */
class Conflict extends Error {}
