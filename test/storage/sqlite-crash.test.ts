import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store } from '../../src/domain/ports/store.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open.ts';
import { aCell, aMember, anActivity, COURSE } from '../support/build.ts';
import { start } from './processes/start.ts';
import { writtenChange } from './processes/written-change.ts';

const KILLS = 20;
/** Two at a time: the one that goes on, or starts, cleans up behind the other. */
const WRITERS = 2;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shsm-store-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('killed processes lose nothing that they answered with success, and leave nothing half done', async () => {
  const seed = Number(process.env['SHSM_TEST_SEED'] ?? Date.now() % 1_000_000);
  const random = seeded(seed);
  const path = join(folder, 'shsm.db');
  const store = openSqliteStore({ path });
  await store.recordLaunch(anActivity(), aMember());
  await store.close();

  const answered: number[] = [];
  for (let kill = 0; kill < KILLS; kill += WRITERS) {
    const rounds = Array.from({ length: WRITERS }, (_, writer) =>
      // Numbers that nobody tried before: one that was killed in flight stays as it was left.
      answersUntilKilled(path, (kill + writer) * 1000, { answers: 1 + random(12), ms: random(8) }),
    );
    answered.push(...(await Promise.all(rounds)).flat());
  }

  const after = openSqliteStore({ path });
  const stored = (
    await after.submissionsIn(COURSE, 'submitted', { order: 'oldest-first', after: null, limit: 100_000 })
  ).map((s) => Number(s.id.split('-')[1]));
  expect({ seed, lost: answered.filter((n) => !stored.includes(n)) }).toEqual({ seed, lost: [] });
  expect(answered.length).toBeGreaterThanOrEqual(KILLS);
  // Also those that were written but not yet answered when the kill came: whole, too.
  for (const n of stored) expect({ seed, ...(await partsOf(after, n)) }).toEqual({ seed, ...expected(n) });
  expect(await after.cells({})).toHaveLength(stored.length);
  await after.close();
}, 120_000);

/** Lets the writer go on for some answers and a few milliseconds more, kills it, and returns all that it answered. */
async function answersUntilKilled(path: string, first: number, at: { answers: number; ms: number }) {
  const { child, lines, ended } = start('writer', path, String(first));
  const answers: number[] = [];
  while (answers.length < at.answers) {
    const line = await lines.next();
    if (line.done) throw new Error('the writer ended by itself');
    answers.push(Number(line.value));
  }
  await wait(at.ms);
  child.kill('SIGKILL');
  await ended;
  for (let line = await lines.next(); !line.done; line = await lines.next()) answers.push(Number(line.value));
  return answers;
}

async function partsOf(store: Store, n: number) {
  const submission = await store.submission(`submission-${n}`);
  const evidence = await store.evidence(`evidence-${n}`);
  const cell = await store.cell({ activityId: 'activity-1', userId: `student-${n}` });
  const audit = await store.auditOf(`submission-${n}`);
  return { submission, evidence, cell, audit };
}

function expected(n: number) {
  const { submission, evidence, score, audit } = writtenChange(n);
  const cell = aCell({ userId: submission.userId, desired: score.desired });
  return { submission, evidence, cell, audit: [audit] };
}

/** Whole numbers below `limit`, the same ones for the same seed (mulberry32). */
function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}
