import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { Store } from '../../src/domain/ports.ts';
import { openStore } from '../../src/open-store.ts';
import { aSubmission, DAY, HOUR, MINUTE } from '../support/build.ts';
import { openActivity } from '../support/in-course.ts';
import { brokenTimes, trailOf } from '../support/score-trail.ts';
import { startServer } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import type { Visitor } from '../support/visitor.ts';
import { aPlaceToRun, register } from '../support/whole-tool.ts';

/** `SHSM_TEST_KILLS=500` for a long run, `SHSM_TEST_SEED` to see a run again. */
const KILLS = Number(process.env['SHSM_TEST_KILLS'] ?? 8);
const SEED = Number(process.env['SHSM_TEST_SEED'] ?? Date.now() % 1_000_000);
const STUDENTS = 12;
const TEACHERS = 3;

type Word = { said: number; kept: number };

test(
  `${KILLS} SIGKILLs while teachers grade: nothing that was answered is missing (seed ${SEED})`,
  async () => {
    const random = numbersFrom(SEED);
    let ahead = 0;
    const place = await aPlaceToRun({
      now: () => Date.now() + ahead,
      studentCount: STUDENTS,
      seedColumn: false,
      faults: { busy: { share: 0.1, seed: SEED } },
    });
    const { lms, config, env } = place;
    const trail = trailOf(lms.gradebook);
    const store = await openStore(config.database);
    await register(store, lms);
    const start = () =>
      startServer({ ...env, CLOCK_AHEAD_MS: String(ahead) }, ['test/support/server-on-clock.ts']);

    let server: ChildProcess = await start();
    let teacher = await openActivity(lms, 'teacher-1');
    const ids = await handInAll(store);
    const words = new Map(ids.map((id): [string, Word] => [id, { said: 0, kept: 0 }]));
    let answered = 0;
    for (let kills = 0; kills < KILLS; kills += 1) {
      // A launch now and then, before the session ends.
      if (kills % 50 === 49) teacher = await openActivity(lms, 'teacher-1');
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

    const missing: unknown[] = [];
    const differing: unknown[] = [];
    for (const [id, { said, kept }] of words) {
      const submission = await store.submission(id);
      const last = Number(submission?.decision?.comment.replace('decision ', '') ?? 0);
      if (last < kept || last > said) missing.push({ id, last, kept, said });
      if (submission === null || last === 0) continue;
      const cell = await store.cell({ activityId: submission.activityId, userId: submission.userId });
      const shown = lms.gradebook.cells().find((one) => one.userId === submission.userId);
      const states = [cell?.status, cell?.desired.comment, shown?.score.comment, shown?.score.scoreGiven];
      const wanted = ['delivered', `decision ${last}`, `decision ${last}`, cell?.desired.scoreGiven];
      if (JSON.stringify(states) !== JSON.stringify(wanted)) differing.push({ id, states, wanted });
    }
    expect({
      missing,
      differing,
      columns: lms.gradebook.lineItems().length,
      times: brokenTimes(trail),
    }).toEqual({ missing: [], differing: [], columns: 1, times: [] });
    expect(answered).toBeGreaterThan(KILLS / 2);
    process.stderr.write(
      `${KILLS} kills, ${answered} decisions answered, ${trail.length} scores received, seed ${SEED}\n`,
    );
    await store.close();
    await place.close();
  },
  Math.max(120_000, KILLS * 20_000),
);

/** A submission of each student, as the pages write it. */
async function handInAll(store: Store): Promise<readonly string[]> {
  const [platform] = await store.platforms();
  const [deployment] = await store.deployments(platform?.id ?? '');
  if (platform === undefined || deployment === undefined) throw new Error('not registered');
  const course = { platformId: platform.id, deploymentId: deployment.deploymentId, contextId: 'course-1' };
  const [activity] = await store.activitiesIn(course);
  if (activity === undefined) throw new Error('not launched');
  const ids = Array.from({ length: STUDENTS }, (_, at) => `submission-${at + 1}`);
  for (const [at, id] of ids.entries()) {
    const submission = aSubmission({
      id,
      ...course,
      activityId: activity.id,
      userId: `student-${at + 1}`,
      submittedAt: Date.now() - DAY,
    });
    await store.saveSubmission(
      { submission, fromVersion: 0, evidence: null, score: null, audit: null },
      Date.now(),
    );
  }
  return ids;
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

/** Numbers in [0, 1) that repeat for the same seed (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
