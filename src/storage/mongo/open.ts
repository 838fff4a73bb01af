import type { Store } from '../../domain/ports.ts';
import { auditLog } from './audit.ts';
import { connect } from './connection.ts';
import { courseStore } from './courses.ts';
import { gradebookStore } from './gradebook.ts';
import { inviteStore } from './invites.ts';
import { launchStore } from './launches.ts';
import { migrate } from './migrate.ts';
import { guarded } from './mongo-failure.ts';
import { platformStore } from './platforms.ts';
import { rosterStore } from './rosters.ts';
import { submissionStore } from './submissions.ts';
import { turnStore } from './turns.ts';

/** Monitoring asks often and must not wait for an election. */
const PING_MS = 2_000;
/** No upload takes this long: bytes that still belong to no evidence then never will. */
const ABANDONED_MS = 60 * 60_000;

/**
 * Opens the store in a MongoDB replica set and brings it to the newest migration. Any number of processes may share it.
 * Throws `StoreOpenError`, whose message is one line for the operator.
 */
export async function openMongoStore({ url }: { readonly url: string }): Promise<Store> {
  const database = await connect(url);
  const { connection, files } = database;
  try {
    await migrate(connection);
    await files.discardAbandoned(ABANDONED_MS);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return guarded({
    ...platformStore(database),
    ...inviteStore(database),
    ...launchStore(database),
    ...courseStore(database),
    ...rosterStore(database),
    ...submissionStore(database),
    ...gradebookStore(database),
    ...auditLog(database),
    ...turnStore(database),
    ping: async () => {
      await connection.db?.collection('migrations').findOne({}, { timeoutMS: PING_MS });
    },
    close: () => connection.close(),
  });
}
