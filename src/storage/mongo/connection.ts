import { type ClientSession, type Connection, createConnection } from 'mongoose';
import { AppError, StoreOpenError } from '../../domain/errors.ts';
import { type EvidenceFiles, evidenceFiles } from './evidence-files.ts';
import { type Models, modelsOf } from './models.ts';
import { isDuplicate } from './mongo-failure.ts';

export type Database = {
  readonly connection: Connection;
  readonly models: Models;
  readonly files: EvidenceFiles;
  /**
   * All of it or nothing, on one snapshot. `work` may run several times: when another writer was faster it starts again and
   * sees what that one wrote, so it must check before it writes and keep nothing between runs.
   */
  readonly transact: <T>(work: (session: ClientSession) => Promise<T>) => Promise<T>;
};

/**
 * For what one more launch brings back: the write is answered by the primary alone. A failover may take the newest of it along,
 * never anything that was there before a write of the other kind.
 */
export const LIGHTLY = { writeConcern: { w: 1, j: false } } as const;

/** Long enough for a replica set to elect a new primary (10 s to notice, a moment to vote), short enough for a person. */
const PATIENCE_MS = 15_000;
const SILENT_MS = 5_000;
/** More at once only wait for each other in the server, and take memory here. */
const MOST_CONNECTIONS = 32;
const DATABASE_NAME = 'shsm';

/**
 * Connects to a replica set or a sharded cluster. A write is answered when a majority has it in the journal, so no failover
 * undoes it (mongodb.com/docs/manual/reference/write-concern). Reads ask the primary for its newest state: a new primary has
 * every answered write, but learns only later which of them a majority has, and would leave those out of a majority read.
 */
export async function connect(url: string, patienceMs = PATIENCE_MS): Promise<Database> {
  const connection = createConnection();
  // Without a listener, a fault in the background would end the process; whoever asks next is told.
  connection.on('error', () => undefined);
  try {
    await connection.openUri(url, {
      ...(namesDatabase(url) ? {} : { dbName: DATABASE_NAME }),
      appName: 'shsm-badges',
      writeConcern: { w: 'majority', journal: true },
      readConcernLevel: 'local',
      readPreference: 'primary',
      retryWrites: true,
      retryReads: true,
      serverSelectionTimeoutMS: patienceMs,
      // A server that is there and says nothing is noticed after the sum of these two.
      connectTimeoutMS: Math.min(patienceMs, SILENT_MS),
      heartbeatFrequencyMS: SILENT_MS,
      maxPoolSize: MOST_CONNECTIONS,
      ignoreUndefined: true,
      bufferCommands: false,
      autoIndex: false,
      autoCreate: false,
    });
    await refuseStandalone(connection);
    return {
      connection,
      models: modelsOf(connection),
      files: evidenceFiles(connection),
      transact: (work) => transact(connection, patienceMs, work),
    };
  } catch (error) {
    await connection.close().catch(() => undefined);
    throw error;
  }
}

/** Decisions, evidence, gradebook and audit are written as one, which needs transactions, which need an oplog. */
async function refuseStandalone(connection: Connection): Promise<void> {
  const hello = await connection.db?.admin().command({ hello: 1 });
  if (hello?.['setName'] !== undefined || hello?.['msg'] === 'isdbgrid') return;
  throw new StoreOpenError(
    'standalone',
    'it is a standalone server, which cannot write several records as one. Start mongod with --replSet rs0 and run rs.initiate() once in mongosh: a replica set of one member is enough.',
  );
}

/**
 * What a process that was killed left open holds its records until the server ends it (`transactionLifetimeLimitSeconds`, a
 * minute unless it is set): whoever waits for one of them is told after `patienceMs`.
 */
async function transact<T>(
  connection: Connection,
  patienceMs: number,
  work: (session: ClientSession) => Promise<T>,
): Promise<T> {
  const giveUpAt = performance.now() + patienceMs;
  let isLate = false;
  const attempt = () =>
    connection.getClient().withSession((session) =>
      session.withTransaction(
        async () => {
          if (isLate) throw new AppError('unavailable', 'errors.unavailable');
          // The driver runs it again for two minutes, whatever it is told.
          isLate = performance.now() > giveUpAt;
          return work(session);
        },
        {
          readConcern: { level: 'snapshot' },
          writeConcern: { w: 'majority', journal: true },
          readPreference: 'primary',
          maxCommitTimeMS: PATIENCE_MS,
        },
      ),
    );
  try {
    return await attempt();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    // Another writer added the same record after our snapshot: the second run finds it and answers accordingly.
    return attempt();
  }
}

function namesDatabase(url: string): boolean {
  return /^mongodb(\+srv)?:\/\/[^/?]+\/[^?]+/.test(url);
}
