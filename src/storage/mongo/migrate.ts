import type { Connection } from 'mongoose';
import { mongo } from 'mongoose';
import { StoreOpenError } from '../../domain/errors.ts';

export type Migration = {
  readonly number: number;
  readonly name: string;
  /** May be run twice, also by two processes at once: every step must come out the same. */
  readonly run: (db: mongo.Db) => Promise<void>;
};

type Keys = Readonly<Record<string, 1 | -1>>;
const COURSE: Keys = { platformId: 1, deploymentId: 1, contextId: 1 };

/** The first unique index of a collection is its key. */
const FIRST: Readonly<
  Record<string, { readonly unique: readonly Keys[]; readonly plain?: readonly Keys[] }>
> = {
  platforms: { unique: [{ id: 1 }, { issuer: 1, clientId: 1 }] },
  deployments: { unique: [{ platformId: 1, deploymentId: 1 }] },
  tool_keys: { unique: [{ kid: 1 }] },
  invites: { unique: [{ codeHash: 1 }] },
  logins: { unique: [{ stateHash: 1 }], plain: [{ expiresAt: 1 }] },
  sessions: { unique: [{ idHash: 1 }], plain: [{ expiresAt: 1 }] },
  activities: { unique: [{ id: 1 }, { ...COURSE, resourceLinkId: 1 }] },
  members: { unique: [{ ...COURSE, userId: 1 }] },
  submissions: {
    unique: [{ id: 1 }],
    plain: [
      { ...COURSE, userId: 1 },
      { ...COURSE, state: 1, submittedAt: 1 },
      { 'credential.identity.credentialId': 1, 'credential.identity.issuerId': 1 },
      { 'input.evidenceId': 1 },
      { activityId: 1 },
      { recheckAt: 1 },
      { certificateKey: 1 },
    ],
  },
  gradebook_cells: {
    unique: [{ activityId: 1, userId: 1 }],
    plain: [{ status: 1, platformId: 1, nextAttemptAt: 1 }, { leaseOwner: 1 }],
  },
  line_items: { unique: [{ activityId: 1 }], plain: [{ lockOwner: 1 }] },
  launch_notes: { unique: [], plain: [{ requestId: 1 }, { platformId: 1, _id: -1 }, { at: 1 }] },
  turns: { unique: [{ job: 1 }] },
  audit_events: { unique: [{ id: 1 }], plain: [{ subject: 1, at: -1 }] },
  'evidence.chunks': { unique: [{ files_id: 1, n: 1 }] },
  'evidence.files': {
    unique: [],
    plain: [{ filename: 1, uploadDate: 1 }, { 'metadata.sha256': 1 }, { 'metadata.submissionId': 1 }],
  },
};

/** The steps in order. A step that was released is never edited: a change is a new step. */
export const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'first',
    run: async (db) => {
      for (const [name, { unique, plain = [] }] of Object.entries(FIRST)) {
        await createCollection(db, name);
        for (const keys of unique) await db.collection(name).createIndex(keys, { unique: true });
        for (const keys of plain) await db.collection(name).createIndex(keys);
      }
      await db.collection('evidence.files').createIndex(
        { 'metadata.id': 1 },
        // Bytes that are not adopted yet have no record.
        { unique: true, partialFilterExpression: { 'metadata.id': { $exists: true } } },
      );
    },
  },
  {
    number: 2,
    name: 'rosters',
    run: async (db) => {
      await createCollection(db, 'rosters');
      await db.collection('rosters').createIndex(COURSE, { unique: true });
    },
  },
];

type AppliedStep = { readonly _id: number; readonly name: string; readonly appliedAt: Date };

/**
 * Brings the database to the newest step and returns the numbers applied now.
 * Refuses (`StoreOpenError`) a database that a newer version of the program has been at work on.
 */
export async function migrate(
  { db }: Connection,
  steps: readonly Migration[] = MIGRATIONS,
): Promise<number[]> {
  if (db === undefined) throw new Error('not connected');
  const notes = db.collection<AppliedStep>('migrations');
  const applied = (await notes.find().toArray()).map((step) => step._id);
  const newest = Math.max(0, ...applied);
  const known = Math.max(0, ...steps.map((step) => step.number));
  if (newest > known)
    throw new StoreOpenError(
      'newer',
      `it was written by a newer version of this program (step ${newest}; this version knows ${known}). Update the program, or restore a backup made before the update.`,
    );

  const missing = steps.filter((step) => !applied.includes(step.number));
  for (const step of missing) {
    await step.run(db);
    await notes.updateOne(
      { _id: step.number },
      { $setOnInsert: { name: step.name, appliedAt: new Date() } },
      { upsert: true },
    );
  }
  return missing.map((step) => step.number);
}

async function createCollection(db: mongo.Db, name: string): Promise<void> {
  try {
    await db.createCollection(name);
  } catch (error) {
    const isThere = error instanceof mongo.MongoServerError && error.codeName === 'NamespaceExists';
    if (!isThere) throw error;
  }
}
