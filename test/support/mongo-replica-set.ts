import { once } from 'node:events';
import type { MongoMemoryReplSet } from 'mongodb-memory-server-core';
import { createConnection } from 'mongoose';

/** Ends the primary the way a power cut does, and resolves when it is gone. */
export async function killPrimary(servers: MongoMemoryReplSet): Promise<void> {
  const connection = await createConnection(servers.getUri()).asPromise();
  const hello = await connection.db?.admin().command({ hello: 1 });
  await connection.close();
  const port = Number(String(hello?.['primary']).split(':').at(-1));
  const primary = servers.servers.find((server) => server.instanceInfo?.port === port);
  const child = primary?.instanceInfo?.instance.mongodProcess;
  if (child === undefined) throw new Error('there is no primary to kill');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Stops them all, also when some are gone already. */
export async function stopQuietly(servers: MongoMemoryReplSet | undefined): Promise<void> {
  await servers?.stop({ doCleanup: true, force: true }).catch(() => undefined);
}
