import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { migrations } from '../../src/storage/sqlite/migrate.ts';
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

const OPENERS = 4;
const ROUNDS = 10;

test('many that open a new file at the same moment all get it, and one of them makes the tables', async () => {
  const round = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { round, folder, rounds: ROUNDS };
  const workers = Array.from(
    { length: OPENERS },
    () => new Worker(join(import.meta.dirname, 'processes', 'opener.ts'), { workerData }),
  );
  const ends = workers.map((worker) => once(worker, 'exit'));
  const applied = [];
  for (let n = 1; n <= ROUNDS; n += 1) {
    const answers = workers.map((worker) => once(worker, 'message'));
    Atomics.store(round, 0, n);
    Atomics.notify(round, 0);
    applied.push((await Promise.all(answers)).map(([answer]) => answer));
  }
  const all = migrations().length;
  expect(
    applied.map((answers) => answers.map((answer) => answer.error ?? answer.applied).toSorted()),
  ).toEqual(Array(ROUNDS).fill([...Array(OPENERS - 1).fill(0), all]));
  await Promise.all(ends);
});

test('a new file that another is just setting up is waited for', async () => {
  const path = join(folder, 'shsm.db');
  const holder = new Worker(join(import.meta.dirname, 'processes', 'holder.ts'), { workerData: { path } });
  const ended = once(holder, 'exit');
  expect(await once(holder, 'message')).toEqual(['held']);
  const store = openSqliteStore({ path });
  await store.ping();
  await store.close();
  await ended;
});
