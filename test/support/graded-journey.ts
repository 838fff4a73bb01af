import type { DemoLms } from '../../src/demo/demo-lms.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { aSubmission, DAY } from './build.ts';
import { brokenTimes, type trailOf } from './score-trail.ts';

/** What was said on one submission: the number of the last decision, and of the last that was answered with success. */
export type Word = { said: number; kept: number };

/** A submission of each of the first students of the demo course, as the pages write it. The activity must have been opened. */
export async function handInAll(store: Store, students: number): Promise<readonly string[]> {
  const [platform] = await store.platforms();
  const [deployment] = await store.deployments(platform?.id ?? '');
  if (platform === undefined || deployment === undefined) throw new Error('not registered');
  const course = { platformId: platform.id, deploymentId: deployment.deploymentId, contextId: 'course-1' };
  const [activity] = await store.activitiesIn(course);
  if (activity === undefined) throw new Error('not launched');
  const ids = Array.from({ length: students }, (_, at) => `submission-${at + 1}`);
  for (const [at, id] of ids.entries()) {
    const userId = `student-${at + 1}`;
    const submittedAt = Date.now() - DAY;
    const submission = aSubmission({ id, ...course, activityId: activity.id, userId, submittedAt });
    await store.saveSubmission(
      { submission, fromVersion: 0, evidence: null, score: null, audit: null },
      Date.now(),
    );
  }
  return ids;
}

/**
 * What breaks the promises: decisions that were answered and are not there, cells whose gradebook does not show the last
 * decision, more than one column, times that do not rise.
 */
export async function brokenPromises(
  store: Store,
  lms: DemoLms,
  words: ReadonlyMap<string, Word>,
  trail: ReturnType<typeof trailOf>,
) {
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
  return { missing, differing, columns: lms.gradebook.lineItems().length, times: brokenTimes(trail) };
}

export const NOTHING_BROKEN = { missing: [], differing: [], columns: 1, times: [] };
