import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { DemoLms } from '../../src/demo/demo-lms.ts';
import { openStore } from '../../src/open-store.ts';
import { HOUR, MINUTE } from '../support/build.ts';
import { brokenPromises, handInAll, NOTHING_BROKEN, type Word } from '../support/graded-journey.ts';
import { openActivity } from '../support/in-course.ts';
import { describeWithMongo, freshDatabase } from '../support/mongo.ts';
import { numbersFrom } from '../support/numbers-from.ts';
import { trailOf } from '../support/score-trail.ts';
import { killAtStart, startServer } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import type { Visitor } from '../support/visitor.ts';
import { aPlaceToRun, register } from '../support/whole-tool.ts';

/** `SHSM_TEST_SERVER_KILLS=100` for a long run on each store, `SHSM_TEST_SEED` to see a run again. */
const KILLS = Number(process.env['SHSM_TEST_SERVER_KILLS'] ?? 3);
const SEED = Number(process.env['SHSM_TEST_SEED'] ?? Date.now() % 1_000_000);
const ENTRY = ['test/support/server-on-clock.ts'];
const STUDENTS = 12;
const TEACHERS = 3;

const PROMISE = `${KILLS} SIGKILLs while teachers grade: nothing that was answered is missing (seed ${SEED})`;
const PATIENCE_MS = Math.max(120_000, KILLS * 20_000);

test(`SQLite, ${PROMISE}`, () => killAgainAndAgain('SQLite', {}), PATIENCE_MS);

await describeWithMongo('MongoDB', (mongo) => {
  const { url, drop } = freshDatabase(mongo);
  afterAll(drop);
  test(`MongoDB, ${PROMISE}`, () => killAgainAndAgain('MongoDB', { SHSM_DATABASE: url }), PATIENCE_MS);
});

async function killAgainAndAgain(name: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const random = numbersFrom(SEED);
  let ahead = 0;
  const place = await aPlaceToRun({
    now: () => Date.now() + ahead,
    studentCount: STUDENTS,
    seedColumn: false,
    faults: { busy: { share: 0.1, seed: SEED } },
  });
  const { lms } = place;
  const env = { ...place.env, ...settings };
  const config = readConfig(env);
  if (!config.ok) throw new Error(config.problems.join('\n'));
  const trail = trailOf(lms.gradebook);
  const store = await openStore(config.config.database);
  await register(store, lms);
  const clocked = () => ({ ...env, CLOCK_AHEAD_MS: String(ahead) });
  const start = () => startServer(clocked(), ENTRY);

  let server: ChildProcess = await start();
  let teacher = await openPatiently(lms);
  const ids = await handInAll(store, STUDENTS);
  const words = new Map(ids.map((id): [string, Word] => [id, { said: 0, kept: 0 }]));
  let answered = 0;
  let starts = 0;
  for (let kills = 0; kills < KILLS; kills += 1) {
    // A launch now and then, before the session ends.
    if (kills % 50 === 49) teacher = await openPatiently(lms);
    const { visitor, page } = teacher;
    const queue = new URL(page.url).pathname;
    const before = answered;
    const down = new AbortController();
    const grading = Array.from({ length: TEACHERS }, async (_, seat) => {
      const own = ids.filter((_id, at) => at % TEACHERS === seat);
      while (!down.signal.aborted) {
        const id = own[Math.floor(random() * own.length)] ?? '';
        const word = words.get(id);
        if (word === undefined) throw new Error(`no submission ${id}`);
        word.said += 1;
        if (await decide(visitor, `${queue}/submissions/${id}`, word.said, place.config.publicUrl)) {
          word.kept = word.said;
          answered += 1;
        }
      }
    });
    if (random() < 0.8) await until(() => answered > before);
    await new Promise((resolve) => setTimeout(resolve, random() * 700));
    server.kill('SIGKILL');
    down.abort();
    await once(server, 'exit');
    await Promise.all(grading);
    // Past the lease of what it held.
    ahead += MINUTE + 1_000;
    // Now and then also before it is up.
    if (random() < 0.1) {
      starts += 1;
      await killAtStart(clocked(), ENTRY, random() * 1_000);
    }
    server = await start();
  }
  server.kill('SIGKILL');
  await once(server, 'exit');
  lms.faults.clear();
  ahead += 2 * HOUR;
  server = await start();
  await until(async () => (await store.cells({})).every((cell) => cell.status !== 'pending'));
  server.kill('SIGTERM');
  await once(server, 'exit');

  expect(await brokenPromises(store, lms, words, trail)).toEqual(NOTHING_BROKEN);
  expect(answered).toBeGreaterThan(KILLS / 2);
  process.stderr.write(
    `${name}: ${KILLS} kills, ${starts} of them at the start, ${answered} decisions answered, ${trail.length} scores received, seed ${SEED}\n`,
  );
  await store.close();
  await place.close();
}

/** The teacher, who tries again when the busy LMS keeps its key set from the tool. */
async function openPatiently(lms: DemoLms): ReturnType<typeof openActivity> {
  for (;;) {
    const teacher = await openActivity(lms, 'teacher-1');
    if (teacher.page.status === 200) return teacher;
    expect(teacher.page.status).toBe(503);
  }
}

/** A teacher opens the review and decides. True when the tool answered that it is saved. */
async function decide(visitor: Visitor, path: string, number: number, origin: string): Promise<boolean> {
  try {
    const review = await visitor.open(origin + path);
    const marks = review.html
      .querySelectorAll('fieldset.levels')
      .map((one): [string, string] => [one.getAttribute('id') ?? '', String((number % 4) + 1)]);
    const saved = await visitor.send(
      review,
      'form.decision-side',
      { ...Object.fromEntries(marks), counts: 'supplementary', comment: `decision ${number}` },
      number % 3 === 0 ? 'outcome=returned' : 'outcome=accepted',
    );
    return saved.url.includes('done=');
  } catch {
    // The server is gone: nobody was told anything.
    return false;
  }
}
