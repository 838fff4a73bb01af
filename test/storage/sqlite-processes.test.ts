import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openSqliteStore } from '../../src/storage/sqlite/open.ts';
import { aDesiredScore, aLogin, aMember, anActivity, NOW } from '../support/build.ts';
import { decide } from './contract/graded-class.ts';
import { type Started, start } from './processes/start.ts';

const RACERS = 3;
const CELLS = 120;
const LOGINS = 60;
const won = z.object({ cells: z.array(z.string()), spent: z.array(z.number()) });

let folder: string;
let started: Started[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shsm-store-'));
  started = [];
});
afterEach(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await Promise.all(started.map(({ ended }) => ended));
  await rm(folder, { recursive: true, force: true });
});

/** Starts the racers on one file, lets them go together and returns what each of them won. */
async function race(path: string) {
  started = Array.from({ length: RACERS }, (_, n) => start('racer', path, `racer-${n}`, String(LOGINS)));
  for (const { lines } of started) expect((await lines.next()).value).toBe('ready');
  for (const { child } of started) child.stdin?.write('go\n');
  return Promise.all(started.map(async ({ lines }) => won.parse(JSON.parse((await lines.next()).value))));
}

test('processes that race for cells and logins each win different ones, and together all of them', async () => {
  const path = join(folder, 'shsm.db');
  const store = openSqliteStore({ path });
  await store.recordLaunch(anActivity(), aMember());
  const students = Array.from({ length: CELLS }, (_, n) => `student-${n}`);
  for (const student of students) await decide(store, student, aDesiredScore(), NOW);
  for (let n = 0; n < LOGINS; n += 1) await store.openLogin(aLogin({ stateHash: `state-${n}` }));
  await store.close();

  const results = await race(path);
  expect(results.flatMap((result) => result.cells).toSorted()).toEqual(students.toSorted());
  expect(results.flatMap((result) => result.spent).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: LOGINS }, (_, n) => n),
  );
});

test('processes that open a new file at the same moment all get it, with every table', async () => {
  const results = await race(join(folder, 'new', 'shsm.db'));
  expect(results).toEqual(Array(RACERS).fill({ cells: [], spent: [] }));
});
