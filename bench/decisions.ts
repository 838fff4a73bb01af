import { setTimeout as pause } from 'node:timers/promises';
import { startChild } from './child.ts';
import { type ClassOfStudents, startClass } from './class-of-students.ts';
import { judged, load, percentile, sized } from './figures.ts';
import { addPendingScores } from './pending-scores.ts';
import { onBoth, type Place, sqliteIn } from './places.ts';
import type { PlatformReport, ScorePlatformOptions } from './score-platform.ts';

/** The other LMS takes so few a second that its scores wait all the time. */
const SLOW_PER_SECOND = 20;

/**
 * From the moment in which a teacher presses the button until the LMS has the score: with nothing else to do, and while
 * thousands of scores wait for another LMS.
 */
export async function decisionsBench(): Promise<string> {
  return onBoth(async (place) => {
    const decisions = sized(50, 10);
    const waiting = sized(10_000, 1_000);
    const alone = await measure(place, decisions, 0);
    const beside = await measure(another(place), decisions, waiting);
    const line = (what: string, times: readonly number[], goal: number) =>
      `${place.kind}: decision to gradebook, ${what} p95 ${judged(percentile(times, 0.95), goal, 'at-most', ' ms')}, median ${percentile(times, 0.5).toFixed(0)} ms (${load()})`;
    return [line('LMS is well           ', alone, 2_000), line(`${waiting} wait for another`, beside, 5_000)];
  });
}

function another(place: Place): Place {
  if (place.database.kind === 'sqlite') return sqliteIn(place.folder);
  const url = new URL(place.variable);
  url.pathname += '-beside';
  return { ...place, database: { kind: 'mongodb', url: url.href }, variable: url.href };
}

async function measure(place: Place, decisions: number, waiting: number): Promise<readonly number[]> {
  const other = await startChild<{ url: string }, PlatformReport[]>('score-platform.ts', {
    platforms: 1,
    perSecond: SLOW_PER_SECOND,
    latencyMs: 20,
    hanging: 0,
  } satisfies ScorePlatformOptions);
  if (waiting > 0) await addPendingScores(place, other.ready.url, [0], waiting);
  const klass = await startClass(place, decisions);
  try {
    await handInAll(klass);
    return await decideAll(klass, decisions);
  } finally {
    await klass.stop();
    await other.stop();
  }
}

async function handInAll(klass: ClassOfStudents): Promise<void> {
  for (const badge of await klass.badges()) {
    const { visitor, page } = await klass.open(badge.studentId);
    const form = await visitor.follow(page, 'a[href$="/new"]');
    const file = new File([new Uint8Array(badge.bytes)], badge.fileName);
    const reflection = `I am ${badge.studentId} and I learned how to help somebody who is not breathing.`;
    await visitor.send(form, 'form[data-draft]', { way: 'file', file, reflection }, 'action=submit');
  }
}

/** One review after the other, as the pages lead on; the times until each score was there, in milliseconds. */
async function decideAll(klass: ClassOfStudents, decisions: number): Promise<readonly number[]> {
  const { visitor, page } = await klass.open('teacher-1');
  const pressedAt: number[] = [];
  let review = await visitor.follow(page, 'main a[href*="/submissions/"]');
  for (let at = 0; at < decisions; at += 1) {
    const levels = Object.fromEntries(
      review.html.querySelectorAll('fieldset.levels').map((one) => [one.getAttribute('id') ?? '', '3']),
    );
    pressedAt.push(Date.now());
    const fields = { ...levels, counts: 'proposed', comment: 'Well explained.' };
    review = await visitor.send(review, 'form.decision-side', fields, 'outcome=accepted');
    if (review.status !== 200) throw new Error(`a decision was answered with ${review.status}`);
    await pause(100);
  }
  const arrivedAt = await untilArrived(klass, decisions);
  return pressedAt.map((pressed, at) => (arrivedAt[at] ?? Number.NaN) - pressed);
}

/** Teachers decide in the order of the queue, and scores of one LMS arrive in the order they were decided or nearly so. */
async function untilArrived(klass: ClassOfStudents, decisions: number): Promise<readonly number[]> {
  for (;;) {
    const graded = (await klass.arrivals()).filter(
      ({ gradingProgress }) => gradingProgress === 'FullyGraded',
    );
    if (graded.length >= decisions) return graded.map(({ at }) => at).toSorted((a, b) => a - b);
    await pause(100);
  }
}
