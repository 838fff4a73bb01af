import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { backupSqlite, type CopyResult, restoreSqlite } from '../storage/sqlite/backup.ts';
import type { Answer } from './command.ts';

const NOT_HERE =
  'This command is for the embedded store. A MongoDB store is copied with its own tools: mongodump and mongorestore, or a snapshot of the cluster.';

/** A consistent copy, also while the server runs. The secret is not in it: it is kept apart. */
export async function backup(config: Config, file: string): Promise<Answer> {
  if (config.database.kind !== 'sqlite') return answer({ ok: false, problem: NOT_HERE }, {}, '');
  const target = resolve(file);
  return answer(
    backupSqlite(resolve(config.database.path), target),
    { file: target },
    `The copy is ${target}. It holds students' records. Keep it and SHSM_SECRET in two safe places: one needs the other.`,
  );
}

/** Puts a copy back. What was there stays beside it. */
export async function restore(config: Config, file: string): Promise<Answer> {
  if (config.database.kind !== 'sqlite') return answer({ ok: false, problem: NOT_HERE }, {}, '');
  const path = resolve(config.database.path);
  const isNew = !existsSync(path);
  const aside = `${path}.before-restore-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  return answer(
    restoreSqlite(resolve(file), path, aside),
    isNew ? { path } : { path, aside },
    isNew
      ? `${path} is what ${file} held.`
      : `${path} is what ${file} held. What was there before is ${aside}; delete it once you are sure.`,
  );
}

function answer(result: CopyResult, data: Readonly<Record<string, string>>, text: string): Answer {
  return result.ok
    ? { code: 0, data, text }
    : { code: 2, data: { problems: [result.problem] }, text: result.problem };
}
