import { createHash, randomUUID } from 'node:crypto';
import type { CredentialReport } from '../src/domain/credential.ts';
import type { CourseKey } from '../src/domain/ports/course-store.ts';
import type { Submission } from '../src/domain/submission.ts';
import type { RecordKind, StoredRecord, Transfer } from '../src/domain/transfer.ts';
import {
  aCell,
  aDecision,
  aMember,
  anActivity,
  anAuditEvent,
  anInput,
  aSubmission,
  DAY,
  someFacts,
  someSettings,
} from '../test/support/build.ts';
import { labelled, placeTyped } from '../test/support/placing.ts';

export const STUDENTS = 30;
/** Badges a student hands in on the way to a red seal. */
export const BADGES = 7;
export const A_COURSE = STUDENTS * BADGES;
const AT_ONCE = 20;

const SECTOR = 'health-wellness';
const STATES = [
  'submitted',
  'accepted',
  'accepted',
  'accepted',
  'accepted',
  'returned',
  'withdrawn',
] as const;
const WORDS =
  'I we practised learned course help calm breathing first aid because when my teacher patient next time would use team notice risk wash hands report place summer hospital job explain safety before after'.split(
    ' ',
  );
/** Real titles, placed by the real rules: what is kept of a badge is mostly that. */
const TITLES = labelled('tuned')
  .filter((one) => one.sector === SECTOR)
  .slice(0, 40)
  .map((one) => ({ facts: one.facts, placement: placeTyped(SECTOR, one.facts) }));

/** A course by its number; `copy` 0 is the first, see copy-courses.ts. */
export function courseOf(number: number, copy = 0): CourseKey {
  return {
    platformId: `platform-${number % 40}`,
    deploymentId: 'deployment-1',
    contextId: `course-${number}${suffix(copy)}`,
  };
}
export const activityIdOf = (number: number, copy = 0) => `activity-${number}${suffix(copy)}`;
const suffix = (copy: number) => (copy === 0 ? '' : `~${copy}`);

/** Fills an empty store with so many courses, each with its class, their badges, scores and history, as `migrate` writes them. */
export async function addCourses(transfer: Transfer, count: number): Promise<void> {
  for (let first = 0; first < count; first += AT_ONCE) {
    const records = new Map<RecordKind, StoredRecord[]>();
    for (let number = first; number < Math.min(count, first + AT_ONCE); number += 1)
      for (const [kind, ofCourse] of Object.entries(recordsOf(number)))
        records.set(kind as RecordKind, [...(records.get(kind as RecordKind) ?? []), ...ofCourse]);
    for (const [kind, all] of records) await transfer.addRecords(kind, all);
  }
}

function recordsOf(number: number): Partial<Record<RecordKind, StoredRecord[]>> {
  const course = courseOf(number);
  const now = Date.now();
  const people = Array.from({ length: STUDENTS }, (_, at) => `${randomUUID()}_${at}`);
  const submissions = people.flatMap((userId, student) =>
    STATES.map((state, badge) =>
      submissionOf(number, userId, state, now - (student * BADGES + badge) * 60_000),
    ),
  );
  return {
    activities: [
      anActivity({
        ...course,
        id: activityIdOf(number),
        resourceLinkId: `link-${number}`,
        settings: someSettings({ sectorId: SECTOR }),
      }),
    ],
    members: people.map((userId, at) =>
      aMember({ ...course, userId, name: `Student ${number} ${at}`, email: null }),
    ),
    submissions: submissions.map((one) => ({ ...one, ...DERIVED })),
    gradebook_cells: people.map((userId) => ({
      ...aCell({
        activityId: activityIdOf(number),
        userId,
        status: 'delivered',
        deliveredVersion: 7,
        desiredVersion: 7,
        deliveredAt: now,
        timestamp: now,
        nextAttemptAt: now,
        attempts: 1,
      }),
      platformId: course.platformId,
      leasedVersion: null,
    })),
    audit_events: submissions.flatMap(({ id, userId, state }) =>
      [
        'submission.submitted' as const,
        ...(state === 'submitted' ? [] : ['submission.accepted' as const]),
      ].map((action) =>
        anAuditEvent({
          platformId: course.platformId,
          id: randomUUID(),
          action,
          actor: userId,
          subject: id,
          at: now,
          detail: { outcome: 'verified', rules: '2026.1+abc' },
        }),
      ),
    ),
  };
}

/** What a store keeps beside a submission. */
const DERIVED = {
  recheckAt: null,
  certificateKey: null,
  readingFreeAt: null,
  readingOwner: null,
  readingTries: 0,
};

function submissionOf(number: number, userId: string, state: Submission['state'], at: number): Submission {
  const id = randomUUID();
  const title = TITLES[Math.floor(Math.random() * TITLES.length)];
  const report: CredentialReport['credential'] = someFacts({
    name: String(title?.facts['title'] ?? ''),
    certificateNumber: id.slice(0, 8),
  });
  return aSubmission({
    ...courseOf(number),
    id,
    activityId: activityIdOf(number),
    userId,
    state,
    input: anInput({ way: 'file', address: '', evidenceId: randomUUID() }),
    reflection: Array.from({ length: 60 }, () => WORDS[Math.floor(Math.random() * WORDS.length)]).join(' '),
    credential: {
      ...(aSubmission().credential as CredentialReport),
      credential: report,
      identity: { issuerId: 'https://badges.example.test', credentialId: `urn:uuid:${id}` },
      checks: ['signature', 'status', 'dates', 'recipient', 'issuer'].map((check) => ({
        id: check,
        result: 'pass',
        detail: `Checked against ${createHash('sha256')
          .update(id + check)
          .digest('hex')
          .slice(0, 12)}: everything is as it should be.`,
        detailFr: 'Vérifié : tout est comme il se doit.',
      })),
    },
    placement: title?.placement ?? null,
    decision:
      state === 'submitted' || state === 'withdrawn'
        ? null
        : aDecision({
            lines: state === 'accepted' ? ['standard-first-aid'] : [],
            outcome: state === 'accepted' ? 'accepted' : 'returned',
          }),
    createdAt: at - DAY,
    updatedAt: at,
    submittedAt: at,
  });
}
