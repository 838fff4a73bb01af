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
/** Indexes that a query asks for by itself. */
export const BY_PERSON: Keys = { ...COURSE, userId: 1 };
export const BY_STATE: Keys = { ...COURSE, state: 1, submittedAt: 1, id: 1 };
/** In the order in which deliveries are claimed, so that a claim looks at no more than it takes. */
export const BY_DUE: Keys = { status: 1, platformId: 1, nextAttemptAt: 1, timestamp: 1 };

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
  {
    number: 3,
    name: 'pages of the queue',
    run: async (db) => {
      const submissions = db.collection('submissions');
      await submissions.createIndex(BY_STATE);
      await submissions.createIndex({ ...COURSE, state: 1, 'credential.outcome': 1 });
      await submissions.createIndex({ state: 1, id: 1 }, { partialFilterExpression: { state: 'submitted' } });
      await dropIndex(submissions, { ...COURSE, state: 1, submittedAt: 1 });
      const cells = db.collection('gradebook_cells');
      await cells.createIndex(BY_DUE);
      await dropIndex(cells, { status: 1, platformId: 1, nextAttemptAt: 1 });
    },
  },
  {
    number: 4,
    name: 'readings',
    run: async (db) => {
      await db
        .collection('submissions')
        .updateMany({ reading: { $exists: false } }, { $set: { reading: null, readingTries: 0 } });
      const submissions = db.collection('submissions');
      await submissions.createIndex(
        { 'reading.pace': 1, readingFreeAt: 1, id: 1 },
        { partialFilterExpression: { 'reading.pace': { $exists: true } } },
      );
      await submissions.createIndex(
        { readingOwner: 1 },
        { partialFilterExpression: { readingOwner: { $exists: true } } },
      );
    },
  },
  {
    number: 5,
    name: 'paces',
    run: async (db) => {
      await createCollection(db, 'paces');
      await db.collection('paces').createIndex({ platformId: 1 }, { unique: true });
    },
  },
  {
    number: 6,
    name: 'SHSM dates',
    run: async (db) => {
      await db
        .collection('members')
        .updateMany({ shsmDates: { $exists: false } }, { $set: { shsmDates: null } });
    },
  },
  {
    number: 7,
    name: 'student numbers',
    run: async (db) => {
      const members = db.collection('members');
      await members.updateMany({ studentNumber: { $exists: false } }, { $set: { studentNumber: null } });
    },
  },
];

type AppliedStep = {
  readonly _id: number;
  readonly name: string;
  readonly appliedAt: Date;
  readonly openedAt?: Date;
};

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
  const applied = await appliedSteps(db, steps);
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
  // Says now, and not in the middle of a lesson, that the user has no right to write.
  await notes.updateOne({ _id: steps[0]?.number ?? 0 }, { $set: { openedAt: new Date() } });
  return missing.map((step) => step.number);
}

/** The numbers of the steps that were applied. Refuses a database that another program has filled, before it is changed. */
async function appliedSteps(db: mongo.Db, steps: readonly Migration[]): Promise<number[]> {
  const read = () => db.collection<AppliedStep>('migrations').find().sort({ _id: 1 }).toArray();
  const noted = await read();
  const [first] = noted;
  if (first !== undefined && (first._id !== steps[0]?.number || first.name !== steps[0].name))
    throw foreign();
  // Another process of ours may be making it at this moment: what it has filled it has noted before.
  if (first === undefined && (await holdsRecords(db)) && (await read()).length === 0) throw foreign();
  return noted.map((step) => step._id);
}

async function holdsRecords(db: mongo.Db): Promise<boolean> {
  for (const { collectionName } of await db.collections())
    if (!collectionName.startsWith('system.') && (await db.collection(collectionName).findOne({})) !== null)
      return true;
  return false;
}

function foreign(): StoreOpenError {
  return new StoreOpenError(
    'not-a-database',
    'it holds records of another program; nothing was changed. Name a database of its own at the end of the address, such as mongodb://host:port/shsm: it is made where there is none.',
  );
}

async function createCollection(db: mongo.Db, name: string): Promise<void> {
  try {
    await db.createCollection(name);
  } catch (error) {
    const isThere = error instanceof mongo.MongoServerError && error.codeName === 'NamespaceExists';
    if (!isThere) throw error;
  }
}

/** An index that another process, or an earlier run, has dropped already is no mistake. */
async function dropIndex(collection: mongo.Collection, keys: Keys): Promise<void> {
  const name = Object.entries(keys)
    .map((part) => part.join('_'))
    .join('_');
  try {
    await collection.dropIndex(name);
  } catch (error) {
    const isGone = error instanceof mongo.MongoServerError && error.codeName === 'IndexNotFound';
    if (!isGone) throw error;
  }
}
