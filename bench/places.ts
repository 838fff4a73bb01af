import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../src/config.ts';
import { findMongod, startReplicaSet } from '../test/support/mongod.ts';

/** An empty database of one of the two kinds, on the disk. */
export type Place = {
  readonly kind: 'SQLite' | 'MongoDB';
  readonly folder: string;
  readonly database: Config['database'];
  /** The same as `SHSM_DATABASE` says it. */
  readonly variable: string;
};

/** Measures on an empty SQLite file and on an empty database of a real MongoDB replica set, one after the other. */
export async function onBoth(measure: (place: Place) => Promise<readonly string[]>): Promise<string> {
  const wanted = process.env['SHSM_BENCH_STORE'];
  const lines: string[] = [];
  if (wanted !== 'mongodb') lines.push(...(await inFolder((folder) => measure(sqliteIn(folder)))));
  if (wanted !== 'sqlite') lines.push(...(await onMongo(measure)));
  return lines.join('\n');
}

export async function onMongo(
  measure: (place: Place) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const found = await findMongod();
  if ('problem' in found) return [`MongoDB: not measured (${found.problem})`];
  return inFolder(async (folder) => {
    const servers = await startReplicaSet(found.path, 1, 'disk');
    const url = servers.getUri(`bench-${randomUUID()}`);
    try {
      return await measure({ kind: 'MongoDB', folder, database: { kind: 'mongodb', url }, variable: url });
    } finally {
      await servers.stop({ doCleanup: true, force: true });
    }
  });
}

export function sqliteIn(folder: string): Place {
  const path = join(folder, `${randomUUID()}.db`);
  return { kind: 'SQLite', folder, database: { kind: 'sqlite', path }, variable: `sqlite:${path}` };
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'shsm-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
