import type { ClientSession } from 'mongoose';
import { certificateKey } from '../../domain/certificate-key.ts';
import type { Instant } from '../../domain/instant.ts';
import type { SubmissionChange, SubmissionStore } from '../../domain/ports.ts';
import { recheckAt } from '../../domain/recheck.ts';
import type { Submission } from '../../domain/submission.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './connection.ts';
import { courseOf, literally } from './courses.ts';
import { desiredScoreWriter } from './desired-score.ts';
import { BY_PERSON, BY_STATE } from './migrate.ts';

/** What the store adds is not part of a submission. */
export const PLAIN = {
  ...{ _id: 0, recheckAt: 0, certificateKey: 0 },
  ...{ readingFreeAt: 0, readingOwner: 0, readingTries: 0 },
} as const;

/** No moment is before 1970 or after the last that a `Date` can hold. */
const FIRST = { submittedAt: -1, id: '' } as const;
const LAST = { submittedAt: 8.64e15, id: '' } as const;
const NONE = { draft: 0, submitted: 0, returned: 0, accepted: 0, withdrawn: 0 } as const;

const derived = (submission: Submission) => ({
  recheckAt: recheckAt(submission),
  certificateKey: certificateKey(submission.credential),
});

/** A reading that begins to wait, or none. A change that is not about it leaves whoever is at it alone. */
const line = ({ reading }: Submission) => ({
  readingFreeAt: reading?.since ?? null,
  readingOwner: null,
  readingTries: 0,
});

export function submissionStore({ models, files, transact }: Database): SubmissionStore {
  const { submissions } = models;
  const desiredScore = desiredScoreWriter(models);

  /** Says no when the stored one is not the version the change was made from. */
  async function write(change: SubmissionChange, session: ClientSession): Promise<boolean> {
    const { submission, fromVersion } = change;
    const version = fromVersion + 1;
    if (fromVersion === 0) {
      // Looked for first: a refused insert would end the transaction.
      if ((await submissions.exists({ id: submission.id }).session(session)) !== null) return false;
      await submissions.insertOne(
        { ...submission, version, ...derived(submission), ...line(submission) },
        { session },
      );
      return true;
    }
    // Whose it is and where it belongs never changes.
    const { sectorId, state, input, reflection, reading, credential, placement, decision } = submission;
    const { updatedAt, submittedAt } = submission;
    const changed = {
      ...{ sectorId, state, input, reflection, reading, credential, placement, decision },
      ...{ updatedAt, submittedAt, version, ...derived(submission) },
    };
    const isSameReading = { $eq: [{ $ifNull: ['$reading.id', null] }, literally(reading?.id ?? null)] };
    const inLine = Object.entries(line(submission)).map(([field, value]) => [
      field,
      { $cond: [isSameReading, `$${field}`, literally(value)] },
    ]);
    const { matchedCount } = await submissions.updateOne(
      { id: submission.id, version: fromVersion },
      [
        {
          $set: {
            ...Object.fromEntries(Object.entries(changed).map(([field, value]) => [field, literally(value)])),
            ...Object.fromEntries(inLine),
          },
        },
      ],
      { session, updatePipeline: true },
    );
    return matchedCount === 1;
  }

  /** As few round trips as it takes: each write carries the check that it depends on. */
  async function save(
    change: SubmissionChange,
    fileId: UploadedFile,
    at: Instant,
  ): Promise<'saved' | 'conflict'> {
    try {
      await transact(async (session) => {
        const { submission, evidence, score, audit } = change;
        if (!(await write(change, session))) throw new Conflict();
        if (score !== null && !(await desiredScore.replace(submission, score, at, session)))
          throw new Conflict();
        if (evidence !== null && fileId !== null) await files.adopt(fileId, evidence.meta, session);
        if (audit !== null) await appendAudit(models, audit, session);
      });
      return 'saved';
    } catch (error) {
      if (error instanceof Conflict) return 'conflict';
      throw error;
    }
  }

  return {
    saveSubmission: async (change, at) => {
      const fileId = change.evidence === null ? null : await files.upload(change.evidence.bytes);
      let outcome: 'saved' | 'conflict' | 'failed' = 'failed';
      try {
        outcome = await save(change, fileId, at);
        return outcome;
      } finally {
        // After an error the transaction may have come through all the same: then its bytes stay, and abandoned ones are
        // swept later.
        if (fileId !== null && outcome === 'conflict') await files.discard(fileId).catch(() => undefined);
      }
    },
    submission: (id) => submissions.findOne({ id }, PLAIN).lean<Submission>(),
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

type UploadedFile = Awaited<ReturnType<Database['files']['upload']>> | null;

/** Ends a transaction whose change was made from something that is not there any more; nothing of it is kept. */
class Conflict extends Error {}
