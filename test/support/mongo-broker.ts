import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MongoMemoryReplSet } from 'mongodb-memory-server-core';
import type { TestProject } from 'vitest/node';
import { findMongod, startReplicaSet } from './mongod.ts';

/** What a test file is told: where the server is, or why there is none. `binary` is null when only an address is known. */
export type MongoAnswer =
  | { readonly uri: string; readonly binary: string | null }
  | { readonly problem: string };

declare module 'vitest' {
  interface ProvidedContext {
    mongoBroker: string;
  }
}

let broker: Server | null = null;
let running: MongoMemoryReplSet | null = null;
let answer: Promise<MongoAnswer> | null = null;

/**
 * One MongoDB server a test run, started when the first test file asks for it: a replica set of one member, which is the
 * least that the store needs. Runs in vitest's main process, so all files share it and it ends with the run.
 */
export async function setup(project: TestProject): Promise<void> {
  broker = createServer(async (_request, response) => {
    answer ??= start().catch((error: unknown) => ({ problem: String(error) }));
    response.end(JSON.stringify(await answer));
  });
  broker.listen(0, '127.0.0.1');
  await once(broker, 'listening');
  project.provide('mongoBroker', `http://127.0.0.1:${(broker.address() as AddressInfo).port}`);
}

export async function teardown(): Promise<void> {
  broker?.close();
  await answer;
  await running?.stop({ doCleanup: true, force: true });
}

async function start(): Promise<MongoAnswer> {
  const uri = process.env['SHSM_TEST_MONGODB_URI'];
  if (uri) return { uri, binary: null };
  const found = await findMongod();
  if ('problem' in found) return found;
  running = await startReplicaSet(found.path, 1);
  return { uri: running.getUri(), binary: found.path };
}
