import type { ClientSession } from 'mongoose';
import { certificateKey } from '../../domain/certificate-key.ts';
import type { Instant } from '../../domain/instant.ts';
import type { SubmissionChange, SubmissionStore } from '../../domain/ports.ts';
import { recheckAt } from '../../domain/recheck.ts';
import type { Submission } from '../../domain/submission.ts';
import { appendAudit } from './audit.ts';
import type { Database } from './connection.ts';
import { courseOf } from './courses.ts';
import { desiredScoreWriter } from './desired-score.ts';

/** What the store adds is not part of a submission. */
const PLAIN = { _id: 0, recheckAt: 0, certificateKey: 0 } as const;

const derived = (submission: Submission) => ({
  recheckAt: recheckAt(submission),
  certificateKey: certificateKey(submission.credential),
});

export function submissionStore({ models, files, transact }: Database): SubmissionStore {
  const { submissions } = models;
  const desiredScore = desiredScoreWriter(models);

  async function write(change: SubmissionChange, session: ClientSession): Promise<void> {
    const { submission, fromVersion } = change;
    const version = fromVersion + 1;
    if (fromVersion === 0) {
      await submissions.insertOne(
        { ...submission, version, ...derived(submission) },
        {
          session,
        },
      );
      return;
    }
    // Whose it is and where it belongs never changes.
    const { sectorId, state, input, reflection, credential, placement, decision } = submission;
    const { updatedAt, submittedAt } = submission;
    await submissions.updateOne(
      { id: submission.id },
      {
        $set: {
          ...{ sectorId, state, input, reflection, credential, placement, decision },
          ...{ updatedAt, submittedAt, version, ...derived(submission) },
        },
      },
      { session },
    );
  }

  const save = (change: SubmissionChange, fileId: UploadedFile, at: Instant) =>
    transact(async (session): Promise<'saved' | 'conflict'> => {
      const { submission, evidence, score, audit } = change;
      const stored = await submissions
        .findOne({ id: submission.id }, { version: 1 }, { session })
        .lean<Pick<Submission, 'version'>>();
      if ((stored?.version ?? 0) !== change.fromVersion) return 'conflict';
      if (score !== null && (await desiredScore.versionOf(submission, session)) !== score.fromVersion)
        return 'conflict';
      await write(change, session);
      if (evidence !== null && fileId !== null) await files.adopt(fileId, evidence.meta, session);
      if (score !== null) await desiredScore.replace(submission, score, at, session);
      if (audit !== null) await appendAudit(models, audit, session);
      return 'saved';
    });

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
    submissionsIn: async (course, states) => {
      const found = await submissions
        .find({ ...courseOf(course), state: { $in: [...states] } }, PLAIN)
        .sort({ submittedAt: 1, id: 1 })
        .lean<Submission[]>();
      // MongoDB puts those never submitted first.
      return [
        ...found.filter((one) => one.submittedAt !== null),
        ...found.filter((one) => one.submittedAt === null),
      ];
    },
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
