import { AppError } from '../../domain/errors.ts';
import type { Store } from '../../domain/ports/store.ts';
import { auditLog } from './audit.ts';
import { connect, type Database } from './connection.ts';
import { courseStore } from './courses.ts';
import { gradebookStore } from './gradebook.ts';
import { inviteStore } from './invites.ts';
import { launchLog } from './launch-notes.ts';
import { launchStore } from './launches.ts';
import { migrate } from './migrate.ts';
import { guarded } from './mongo-failure.ts';
import { openProblem } from './open-problem.ts';
import { paceStore } from './paces.ts';
import { platformStore } from './platforms.ts';
import { readingStore } from './readings.ts';
import { rosterStore } from './rosters.ts';
import { submissionStore } from './submissions.ts';
import { turnStore } from './turns.ts';

/** Monitoring asks often and must not wait for an election. */
const PING_MS = 2_000;
/** No upload takes this long: bytes that still belong to no evidence then never will. */
const ABANDONED_MS = 60 * 60_000;

/**
 * Opens the store in a MongoDB replica set and brings it to the newest migration. Any number of processes may share it.
 * While it has no primary every method says `unavailable`, after `patienceMs` in which a new one may be elected.
 * Throws `StoreOpenError`, whose message is one line for the operator.
 */
export async function openMongoStore(options: {
  readonly url: string;
  readonly patienceMs?: number;
}): Promise<Store> {
  const database = await open(options.url, options.patienceMs);
  const { connection } = database;
  return guarded({
    ...platformStore(database),
    ...inviteStore(database),
    ...launchStore(database),
    ...courseStore(database),
    ...rosterStore(database),
    ...submissionStore(database),
    ...readingStore(database),
    ...gradebookStore(database),
    ...auditLog(database),
    ...turnStore(database),
    ...paceStore(database),
    ...launchLog(database),
    ping: () => within(PING_MS, async () => connection.db?.collection('migrations').findOne({})),
    close: () => connection.close(),
  });
}

/** The driver itself waits for an election, and takes no shorter time. */
async function within(ms: number, work: () => Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new AppError('unavailable', 'errors.unavailable')), ms);
  try {
    await Promise.race([work(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function open(url: string, patienceMs?: number): Promise<Database> {
  let database: Database | null = null;
  try {
    database = await connect(url, patienceMs);
    await migrate(database.connection);
    await database.files.discardAbandoned(ABANDONED_MS);
    return database;
  } catch (error) {
    await database?.connection.close();
    throw openProblem(url, error);
  }
}
