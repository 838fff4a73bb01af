import { createConnection, type mongo } from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../../src/domain/ports/store.ts';
import { openMongoStore } from '../../src/storage/mongo/open.ts';
import {
  aChange,
  aCredentialReport,
  aDeliveryError,
  aDesiredScore,
  aMember,
  anActivity,
  anAuditEvent,
  aSubmission,
  COURSE,
  HOUR,
  MINUTE,
  NOW,
} from '../support/build.ts';
import { describeWithMongo, freshDatabase } from '../support/mongo.ts';

const COURSES = 4;
const STUDENTS = 20;
const STATES = ['submitted', 'accepted', 'returned', 'draft'] as const;
const OLDEST = { order: 'oldest-first', after: null, limit: 5 } as const;

type Ran = {
  readonly op: string;
  readonly planSummary?: string;
  readonly docsExamined?: number;
  readonly keysExamined?: number;
};

/** What pages, requests and the worker ask of the store again and again, and how many records may be looked at for it. */
const HOT: Readonly<Record<string, readonly [number, (store: Store) => Promise<unknown>]>> = {
  'the queue': [5, (store) => store.submissionsIn(COURSE, 'submitted', OLDEST)],
  'the next page of the queue': [
    6,
    (store) =>
      store.submissionsIn(COURSE, 'submitted', { ...OLDEST, after: { submittedAt: NOW + 4, id: 'x' } }),
  ],
  'the newest decisions': [
    5,
    (store) => store.submissionsIn(COURSE, 'accepted', { ...OLDEST, order: 'newest-first' }),
  ],
  // One entry of the index for each submission of the course, and no record.
  'the counts of the queue': [STUDENTS * STATES.length, (store) => store.countSubmissions(COURSE)],
  'accepted badges that changed': [5, (store) => store.acceptedWith(COURSE, ['revoked'], 100)],
  'some students of a class': [
    8,
    (store) => store.submissionsOf(COURSE, ['student-1', 'student-2'], ['accepted']),
  ],
  'their cells': [
    2,
    (store) => store.cells({ activityIds: ['activity-0'], userIds: ['student-1', 'student-2'] }),
  ],
  'the class list': [STUDENTS, (store) => store.members(COURSE)],
  'some of the class list': [2, (store) => store.members(COURSE, ['student-1', 'student-2'])],
  'a student’s page': [4, (store) => store.submissionsBy(COURSE, 'student-1')],
  'a submission': [1, (store) => store.submission('0-1-submitted')],
  'an activity': [1, (store) => store.activity('activity-0')],
  'a session': [0, (store) => store.session('nobody')],
  'the same badge': [
    STUDENTS * STATES.length * COURSES,
    (store) =>
      store.sameCredential({
        ...COURSE,
        exceptId: '0-1-submitted',
        identity: { issuerId: 'https://badges.example.test', credentialId: 'urn:uuid:credential-1' },
        sha256: 'nothing',
        certificateKey: 'nothing',
      }),
  ],
  'badges to look at again': [1, (store) => store.submissionsToRecheck(NOW - HOUR, 1)],
  'all that waits': [5, (store) => store.submissionsWaiting('', 5)],
  'the next to be read': [0, (store) => store.claimReadings('quick', NOW, NOW + MINUTE, 'reader-1', 4)],
  'readings kept': [0, (store) => store.keepReadings('reader-1', NOW + MINUTE)],
  'readings given back': [0, (store) => store.releaseReadings('reader-1')],
  'how many are read before': [0, (store) => store.readingsBefore('quick', NOW)],
  'a claim': [12, (store) => store.claimDue('platform-1', NOW + HOUR, NOW + 2 * HOUR, 'worker-1', 4)],
  'a delivery written down': [
    1,
    (store) => store.markDelivered({ activityId: 'activity-0', userId: 'student-1' }, 'nobody', 1, NOW),
  ],
  'a failure written down': [
    1,
    (store) =>
      store.markParked({ activityId: 'activity-0', userId: 'student-1' }, 'nobody', aDeliveryError()),
  ],
  // Those that are leased are passed over.
  'the lanes that are due': [5, (store) => store.platformsDue(NOW + HOUR)],
  'the oldest due': [1, (store) => store.oldestDue(NOW + HOUR)],
  'a column': [0, (store) => store.lineItem('activity-0')],
  'the history of a submission': [0, (store) => store.auditOf('submission-1')],
  'a decision': [
    2,
    (store) =>
      store.saveSubmission(
        aChange({
          submission: aSubmission({ id: '0-1-submitted', activityId: 'activity-0', state: 'accepted' }),
          fromVersion: 1,
          audit: anAuditEvent({ id: 'decided', subject: '0-1-submitted' }),
        }),
        NOW + MINUTE,
      ),
  ],
};

await describeWithMongo('on a server that says how it found things', (mongo) => {
  const { url, drop } = freshDatabase(mongo);
  let store: Store;
  let db: mongo.Db;
  beforeAll(async () => {
    store = await openMongoStore({ url });
    const connection = await createConnection(url).asPromise();
    db = connection.db as mongo.Db;
    await seed(store);
    return () => connection.close();
  });
  afterAll(async () => {
    await store.close();
    await drop();
  });

  test.each(Object.entries(HOT))(
    '%s goes by an index and looks at no more than it must',
    async (_, [most, ask]) => {
      await db.command({ profile: 0 });
      await db.collection('system.profile').drop();
      await db.command({ profile: 2 });
      await ask(store);
      await db.command({ profile: 0 });
      const ran = await db
        .collection<Ran>('system.profile')
        .find({
          ns: { $not: /system\.profile/ },
          op: { $in: ['query', 'update', 'remove', 'command', 'getmore'] },
          planSummary: { $exists: true },
        })
        .toArray();
      expect(ran.length).toBeGreaterThan(0);
      expect(
        ran
          .map((one) => one.planSummary)
          .filter((plan) => !/^(IXSCAN|DISTINCT_SCAN|COUNT_SCAN)/.test(plan ?? '')),
      ).toEqual([]);
      expect(Math.max(...ran.map((one) => one.docsExamined ?? 0))).toBeLessThanOrEqual(most);
      // An index is left and entered again between the values that are looked for.
      expect(Math.max(...ran.map((one) => one.keysExamined ?? 0))).toBeLessThanOrEqual(2 * most + 2);
    },
  );
});

async function seed(store: Store): Promise<void> {
  for (let at = 0; at < COURSES; at += 1) {
    const course = { ...COURSE, contextId: at === 0 ? COURSE.contextId : `context-${at + 10}` };
    const activity = anActivity({ id: `activity-${at}`, ...course });
    for (let student = 1; student <= STUDENTS; student += 1) {
      const userId = `student-${student}`;
      await store.recordLaunch(activity, aMember({ ...course, userId }));
      for (const state of STATES)
        await store.saveSubmission(
          aChange({
            submission: aSubmission({
              id: `${at}-${student}-${state}`,
              activityId: activity.id,
              ...course,
              userId,
              state,
              submittedAt: state === 'draft' ? null : NOW + student,
              credential: aCredentialReport({ outcome: student > 15 ? 'revoked' : 'verified' }),
            }),
            score: state === 'accepted' ? { desired: aDesiredScore(), fromVersion: 0 } : null,
          }),
          NOW,
        );
    }
  }
}
