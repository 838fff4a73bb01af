import { z } from 'zod';
import { certificateKey } from '../../domain/certificate-key.ts';
import type { SubmissionChange, SubmissionStore } from '../../domain/ports/submission-store.ts';
import { recheckAt } from '../../domain/recheck.ts';
import type { Evidence, Submission } from '../../domain/submission.ts';
import type { AppendAudit } from './audit.ts';
import type { Connection } from './connection.ts';
import type { DesiredScoreWriter } from './desired-score.ts';
import { courseOf, IN_COURSE } from './in-course.ts';
import {
  credentialColumn,
  decisionColumn,
  inputColumn,
  json,
  placementColumn,
  readingColumn,
  word,
} from './json-columns.ts';

export const submissionRow: z.ZodType<Submission> = z.object({
  id: z.string(),
  activityId: z.string(),
  platformId: z.string(),
  deploymentId: z.string(),
  contextId: z.string(),
  userId: z.string(),
  sectorId: z.string(),
  state: word<Submission['state']>(),
  input: json(inputColumn),
  reflection: z.string(),
  reading: json(readingColumn).nullable(),
  credential: json(credentialColumn).nullable(),
  placement: json(placementColumn).nullable(),
  decision: json(decisionColumn).nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
  submittedAt: z.number().nullable(),
  version: z.number(),
});

const evidenceRow: z.ZodType<Evidence> = z.object({
  id: z.string(),
  submissionId: z.string(),
  fileName: z.string(),
  mediaType: z.string(),
  size: z.number(),
  sha256: z.string(),
  createdAt: z.number(),
});

/** No moment is before 1970 or after the last that a `Date` can hold. */
const BEFORE_ALL = {
  'oldest-first': { submittedAt: -1, id: '' },
  'newest-first': { submittedAt: 8.64e15, id: '' },
} as const;
const NONE = { draft: 0, submitted: 0, returned: 0, accepted: 0, withdrawn: 0 } as const;
/** A change that is not about the reading leaves whoever is at it alone. */
const SAME_READING = "reading ->> '$.id' IS excluded.reading ->> '$.id'";

const EVIDENCE_COLUMNS = 'id, submission_id, file_name, media_type, size, sha256, created_at';

export function submissionStore(
  connection: Connection,
  desiredScore: DesiredScoreWriter,
  append: AppendAudit,
): SubmissionStore {
  const { query, command, together } = connection;
  const versionOf = query(
    'SELECT version FROM submissions WHERE id = :id',
    z.object({ version: z.number() }),
  );
  // Whose it is and where it belongs never changes.
  const writeSubmission = command(
    `INSERT INTO submissions (id, activity_id, platform_id, deployment_id, context_id, user_id, sector_id, state, input,
       reflection, reading, reading_free_at, reading_tries, credential, placement, decision, created_at, updated_at, submitted_at,
       recheck_at, certificate_key, version)
     VALUES (:id, :activityId, :platformId, :deploymentId, :contextId, :userId, :sectorId, :state, :input,
       :reflection, :reading, :readingFreeAt, 0, :credential, :placement, :decision, :createdAt, :updatedAt, :submittedAt,
       :recheckAt, :certificateKey, :version)
     ON CONFLICT (id) DO UPDATE SET
       sector_id = excluded.sector_id, state = excluded.state, input = excluded.input,
       reflection = excluded.reflection, credential = excluded.credential, placement = excluded.placement,
       reading = excluded.reading,
       reading_free_at = iif(${SAME_READING}, reading_free_at, excluded.reading_free_at),
       reading_owner = iif(${SAME_READING}, reading_owner, NULL),
       reading_tries = iif(${SAME_READING}, reading_tries, 0),
       decision = excluded.decision, updated_at = excluded.updated_at, submitted_at = excluded.submitted_at,
       recheck_at = excluded.recheck_at, certificate_key = excluded.certificate_key, version = excluded.version`,
  );
  const insertEvidence = command(
    `INSERT INTO evidence (${EVIDENCE_COLUMNS}, bytes)
     VALUES (:id, :submissionId, :fileName, :mediaType, :size, :sha256, :createdAt, :bytes)`,
  );

  const submissionById = query('SELECT * FROM submissions WHERE id = :id', submissionRow);
  const byPerson = query(
    `SELECT * FROM submissions WHERE ${IN_COURSE} AND user_id = :userId ORDER BY updated_at DESC, id`,
    submissionRow,
  );
  const ofState = `SELECT * FROM submissions WHERE ${IN_COURSE} AND state = :state AND (submitted_at, id)`;
  const inState = {
    'oldest-first': query(
      `${ofState} > (:submittedAt, :id) ORDER BY submitted_at, id LIMIT :limit`,
      submissionRow,
    ),
    'newest-first': query(
      `${ofState} < (:submittedAt, :id) ORDER BY submitted_at DESC, id DESC LIMIT :limit`,
      submissionRow,
    ),
  };
  // The plus sign keeps SQLite from going by state, which would read the whole course.
  const ofPeople = query(
    `SELECT * FROM submissions
     WHERE ${IN_COURSE} AND user_id IN (SELECT value FROM json_each(:userIds))
       AND +state IN (SELECT value FROM json_each(:states))
     ORDER BY submitted_at, id`,
    submissionRow,
  );
  const counts = query(
    `SELECT state, count(*) AS count FROM submissions WHERE ${IN_COURSE} GROUP BY state`,
    z.object({ state: word<Submission['state']>(), count: z.number() }),
  );
  // They are few: the plus sign keeps SQLite from reading all accepted ones in order instead.
  const accepted = query(
    `SELECT * FROM submissions
     WHERE ${IN_COURSE} AND state = 'accepted' AND outcome IN (SELECT value FROM json_each(:outcomes))
     ORDER BY +submitted_at, id LIMIT :limit`,
    submissionRow,
  );
  // Three short look-ups: with OR, SQLite reads every submission of the deployment.
  const sameCredential = query(
    `SELECT * FROM submissions
     WHERE id IN (SELECT id FROM submissions
                  WHERE identity_credential_id = :credentialId AND identity_issuer_id = :issuerId
                  UNION
                  SELECT submissions.id FROM evidence JOIN submissions ON submissions.evidence_id = evidence.id
                  WHERE evidence.sha256 = :sha256
                  UNION
                  SELECT id FROM submissions WHERE certificate_key = :certificateKey)
       AND +platform_id = :platformId AND deployment_id = :deploymentId AND id <> :exceptId
     ORDER BY created_at, id`,
    submissionRow,
  );
  const waiting = query(
    "SELECT * FROM submissions WHERE state = 'submitted' AND id > :afterId ORDER BY id LIMIT :limit",
    submissionRow,
  );
  const toRecheck = query(
    'SELECT * FROM submissions WHERE recheck_at <= :now ORDER BY recheck_at, id LIMIT :limit',
    submissionRow,
  );
  const evidenceById = query(`SELECT ${EVIDENCE_COLUMNS} FROM evidence WHERE id = :id`, evidenceRow);
  const evidenceBytes = query(
    'SELECT bytes FROM evidence WHERE id = :id',
    z.object({ bytes: z.instanceof(Uint8Array) }),
  );

  function write(change: SubmissionChange): void {
    const { submission, fromVersion, evidence } = change;
    writeSubmission({
      ...submission,
      input: JSON.stringify(submission.input),
      reading: orNull(submission.reading),
      readingFreeAt: submission.reading?.since ?? null,
      credential: orNull(submission.credential),
      placement: orNull(submission.placement),
      decision: orNull(submission.decision),
      recheckAt: recheckAt(submission),
      certificateKey: certificateKey(submission.credential),
      version: fromVersion + 1,
    });
    if (evidence !== null) insertEvidence({ ...evidence.meta, bytes: evidence.bytes });
  }

  return {
    saveSubmission: (change, at) =>
      together(() => {
        const { submission, score, audit } = change;
        if ((versionOf.get({ id: submission.id })?.version ?? 0) !== change.fromVersion) return 'conflict';
        if (score !== null && desiredScore.versionOf(submission) !== score.fromVersion) return 'conflict';
        write(change);
        if (score !== null) desiredScore.replace(submission, score.desired, at);
        if (audit !== null) append(audit);
        return 'saved';
      }),
    submission: async (id) => submissionById.get({ id }),
    submissionsBy: async (course, userId) => byPerson.all({ ...courseOf(course), userId }),
    submissionsIn: async (course, state, { order, after, limit }) =>
      inState[order].all({ ...courseOf(course), state, limit, ...(after ?? BEFORE_ALL[order]) }),
    submissionsOf: async (course, userIds, states) =>
      ofPeople.all({
        ...courseOf(course),
        userIds: JSON.stringify(userIds),
        states: JSON.stringify(states),
      }),
    countSubmissions: async (course) => ({
      ...NONE,
      ...Object.fromEntries(counts.all(courseOf(course)).map(({ state, count }) => [state, count])),
    }),
    acceptedWith: async (course, outcomes, limit) =>
      accepted.all({ ...courseOf(course), outcomes: JSON.stringify(outcomes), limit }),
    sameCredential: async ({ platformId, deploymentId, exceptId, identity, sha256, certificateKey }) =>
      sameCredential.all({
        certificateKey,
        platformId,
        deploymentId,
        exceptId,
        credentialId: identity?.credentialId ?? null,
        issuerId: identity?.issuerId ?? null,
        sha256,
      }),
    submissionsWaiting: async (afterId, limit) => waiting.all({ afterId, limit }),
    submissionsToRecheck: async (now, limit) => toRecheck.all({ now, limit }),
    evidence: async (id) => {
      const meta = evidenceById.get({ id });
      const stored = evidenceBytes.get({ id });
      return meta === null || stored === null ? null : { meta, bytes: stored.bytes };
    },
    evidenceMeta: async (id) => evidenceById.get({ id }),
  };
}

function orNull(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
