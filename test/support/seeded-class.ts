import { crc32, deflateSync } from 'node:zlib';
import type { QualityAnswer } from '../../src/domain/placement.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import {
  aCell,
  aCredentialReport,
  aDecision,
  aMember,
  anActivity,
  anInput,
  aPlacementReport,
  aSubmission,
  DAY,
  HOUR,
  NOW,
  someEvidence,
  someFacts,
  someTypedText,
} from './build.ts';
import { put } from './web-tool.ts';

/** A small real picture. */
export function aPng(width = 32, height = 24): Buffer {
  const rows = Buffer.alloc((width * 3 + 1) * height, 200);
  for (let y = 0; y < height; y += 1) rows[y * (width * 3 + 1)] = 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = 2;
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const quality: QualityAnswer[] = (['yes', 'no', 'not-stated'] as const).map((answer, at) => ({
  id: `quality-${at}`,
  answer,
  from: 'badge',
  en: 'Was the learning assessed, not only attended?',
  fr: 'L’apprentissage a-t-il été évalué, et non seulement suivi?',
}));

/** A course in the middle of things: every state of a submission, every kind of proposal, a score on its way. */
export async function seedClass(store: Store): Promise<void> {
  const names = ['Student One', 'Student Two', 'Student Three', null];
  for (const [at, name] of names.entries())
    await store.recordLaunch(anActivity(), aMember({ userId: `student-${at + 1}`, name, email: null }));
  await put(
    store,
    aSubmission({
      id: 'accepted-1',
      state: 'accepted',
      decision: aDecision({ marks: { understanding: 3, connection: 4 } }),
    }),
  );
  await put(
    store,
    aSubmission({
      id: 'draft-1',
      state: 'draft',
      credential: null,
      placement: null,
      submittedAt: null,
      input: anInput({
        way: 'file',
        address: '',
        typed: someTypedText({ title: 'Mental Health First Aid' }),
      }),
    }),
  );
  await put(
    store,
    aSubmission({
      id: 'returned-1',
      state: 'returned',
      credential: aCredentialReport({ credential: someFacts({ name: 'Infection Control Basics' }) }),
      decision: aDecision({
        outcome: 'returned',
        placement: null,
        lines: [],
        comment: 'Please add one example.',
      }),
    }),
  );
  await put(
    store,
    aSubmission({
      id: 'typed-1',
      submittedAt: NOW - HOUR,
      input: anInput({
        way: 'typed',
        address: '',
        typed: someTypedText({ title: 'WHMIS' }),
        evidenceId: 'evidence-1',
      }),
      credential: aCredentialReport({ outcome: 'self-reported', format: 'typed', facts: { name: 'typed' } }),
      placement: aPlacementReport({ certification: 'whmis', also: [], needsConfirmation: true }),
    }),
    someEvidence({ submissionId: 'typed-1', fileName: 'photo.png' }, aPng()),
  );
  await put(store, aSubmission({ id: 'verified-2', userId: 'student-2', submittedAt: NOW - DAY }));
  await put(
    store,
    aSubmission({
      id: 'supplementary-3',
      userId: 'student-3',
      credential: aCredentialReport({
        outcome: 'issuer-unproven',
        credential: someFacts({ name: 'Peer Leadership' }),
        checks: [
          { id: 'signature', result: 'pass', detail: 'Unchanged.', detailFr: 'Non modifié.' },
          { id: 'issuer', result: 'unknown', detail: 'Not on a list.', detailFr: 'Sur aucune liste.' },
          { id: 'recipient', result: 'fail', detail: 'Another name.', detailFr: 'Un autre nom.' },
        ],
      }),
      placement: aPlacementReport({
        placement: 'supplementary',
        certification: null,
        also: [],
        match: 'none',
        quality,
      }),
    }),
  );
  const accepted = aSubmission({
    id: 'accepted-2',
    userId: 'student-2',
    state: 'accepted',
    decision: aDecision({ lines: ['whmis'] }),
  });
  await store.saveSubmission(
    {
      submission: accepted,
      fromVersion: 0,
      evidence: null,
      score: { desired: aCell().desired, fromVersion: 0 },
      audit: null,
    },
    NOW,
  );
}

const STUDENT = '/a/activity-1/student';
const TEACHER = '/a/activity-1/teacher';

/** Every page of the seeded course, by who sees it. */
export const PAGES = {
  student: [
    STUDENT,
    `${STUDENT}?done=withdrawn`,
    `${STUDENT}/new`,
    `${STUDENT}/dates`,
    `${STUDENT}/submissions/draft-1`,
    `${STUDENT}/submissions/returned-1`,
    `${STUDENT}/submissions/typed-1?done=submitted`,
    `${STUDENT}/submissions/accepted-1`,
  ],
  teacher: [
    TEACHER,
    `${TEACHER}?show=returned`,
    `${TEACHER}?show=accepted&done=accepted-2`,
    `${TEACHER}/submissions/verified-2`,
    `${TEACHER}/submissions/typed-1?done=accepted-2`,
    `${TEACHER}/submissions/supplementary-3`,
    `${TEACHER}/submissions/accepted-2`,
    `${TEACHER}/progress`,
    `${TEACHER}/students/student-1/dates`,
    `${TEACHER}/set-up?done=saved`,
  ],
  picker: ['/a/picking-1/pick'],
  administrator: [
    '/a/activity-1/admin',
    '/a/activity-1/admin/launches',
    '/a/activity-1/admin/services',
    '/a/activity-1/admin/set-up',
  ],
  nobody: ['/', '/setup', '/help', '/help?for=teacher', '/privacy', '/accessibility', '/nowhere', STUDENT],
} as const;
