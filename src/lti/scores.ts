import type { Activity } from '../domain/activity.ts';
import { type GradebookCell, showsPoints } from '../domain/gradebook.ts';
import type { NewId, Now } from '../domain/instant.ts';
import type { CourseStore } from '../domain/ports/course-store.ts';
import type { GradebookStore } from '../domain/ports/gradebook-store.ts';
import type { SendScore } from '../domain/ports/lms-gradebook.ts';
import type { PlatformStore } from '../domain/ports/platform-store.ts';
import { below, MEDIA_TYPES, SCOPES, tokenUse } from './ags.ts';
import { createLineItems } from './line-items.ts';
import { createReadResults } from './results.ts';
import { type ScoreAnswer, scoreAnswer } from './score-answer.ts';
import type { ServiceCall } from './service-call.ts';
import { deliveryOf, lastingProblem, passingProblem } from './service-problem.ts';
import { sharedRead } from './shared-read.ts';

/** All requests of one delivery together stay well under the worker's lease of a minute. */
const DELIVERY_MS = 40_000;

export type SendScoreDeps = {
  readonly store: Pick<
    GradebookStore,
    'lineItem' | 'lockLineItem' | 'settleLineItem' | 'unsettleLineItem' | 'unlockLineItem'
  > &
    Pick<CourseStore, 'activity' | 'activitiesIn'> &
    Pick<PlatformStore, 'platform'>;
  readonly call: ServiceCall;
  readonly now: Now;
  readonly newId: NewId;
};

/** Sends one gradebook cell by Assignment and Grade Services (AGS 2.0 §3.4), into the one column of its activity. */
export function createSendScore(deps: SendScoreDeps): SendScore {
  const { store, call, now } = deps;
  const activityOf = sharedRead(store.activity);
  const platformOf = sharedRead(store.platform);
  const knownColumnOf = sharedRead(store.lineItem);
  const lineItems = createLineItems(deps);
  const readResults = createReadResults(deps);

  async function post(
    activity: Activity,
    cell: GradebookCell,
    columnUrl: string,
    signal: AbortSignal,
  ): Promise<ScoreAnswer> {
    const answer = await call({
      use: tokenUse(activity, SCOPES.score),
      method: 'POST',
      url: below(columnUrl, 'scores'),
      content: { type: MEDIA_TYPES.score, body: JSON.stringify(scoreBody(cell)) },
      signal,
    });
    return answer.kind === 'problem' ? deliveryOf(answer) : scoreAnswer(answer, cell.timestamp, now());
  }

  /** The column answered that it is gone: look once whether that is so, and for another; then it is a person's turn. */
  async function postElsewhere(
    activity: Activity,
    cell: GradebookCell,
    goneUrl: string,
    signal: AbortSignal,
  ): Promise<ScoreAnswer> {
    const presence = await lineItems.exists(activity, goneUrl, signal);
    if (presence === 'yes') return deliveryOf(lastingProblem('unknown-student', 404));
    if ((await store.lineItem(activity.id))?.url === goneUrl) await store.unsettleLineItem(activity.id);
    const column = await lineItems.settle(activity, {
      scoreMaximum: cell.desired.scoreMaximum,
      signal,
      gone: goneUrl,
      // Where the column cannot be looked at it may still be there, and a second one would split the marks.
      mayCreate: presence === 'no',
    });
    if (column.kind === 'problem') return deliveryOf(column);
    return post(activity, cell, column.url, signal);
  }

  return async function sendScore(cell) {
    const activity = await activityOf(cell.activityId);
    if (activity === null) return deliveryOf(lastingProblem('activity-missing'));
    const platform = await platformOf(activity.platformId);
    if (platform?.status !== 'active') return deliveryOf(passingProblem('platform-disabled'));
    if (activity.lineItemsUrl === null && activity.lineItemUrl === null) {
      return deliveryOf(lastingProblem('no-grade-service'));
    }
    if (!activity.scopes.includes(SCOPES.score)) return deliveryOf(lastingProblem('service-not-allowed'));

    const signal = AbortSignal.timeout(DELIVERY_MS);
    const known = (await knownColumnOf(activity.id))?.url ?? null;
    const column =
      known === null
        ? await lineItems.settle(activity, { scoreMaximum: cell.desired.scoreMaximum, signal })
        : { kind: 'column' as const, url: known };
    if (column.kind === 'problem') return deliveryOf(column);
    let answer = await post(activity, cell, column.url, signal);
    if (answer.kind === 'column-gone') answer = await postElsewhere(activity, cell, column.url, signal);
    if (answer.kind === 'column-gone') {
      return deliveryOf(lastingProblem('column-not-found', 404, answer.excerpt));
    }
    return answer.kind === 'stale' && (await isShown(activity, cell, signal))
      ? { kind: 'delivered' }
      : answer;
  };

  /** An earlier attempt may have arrived although its answer was lost: Moodle then refuses the same score as too old. */
  async function isShown(activity: Activity, cell: GradebookCell, signal: AbortSignal): Promise<boolean> {
    const list = await readResults(activity, { userId: cell.userId, signal });
    if (list.kind === 'problem') return false;
    const shown = list.items.find((result) => result.userId === cell.userId);
    if (shown === undefined) return false;
    const isSameComment = (shown.comment ?? '').trim() === cell.desired.comment.trim();
    return isSameComment && showsPoints(shown, cell.desired);
  }
}

/** The score as AGS 2.0 §3.4.5 wants it: the maximum only beside a score, and everything that holds sent again. */
function scoreBody({ userId, timestamp, desired }: GradebookCell): Record<string, unknown> {
  const { scoreGiven, scoreMaximum, submittedAt, scoringUserId } = desired;
  return {
    userId,
    activityProgress: desired.activityProgress,
    gradingProgress: desired.gradingProgress,
    timestamp: new Date(timestamp).toISOString(),
    comment: desired.comment,
    ...(scoreGiven !== null && { scoreGiven, scoreMaximum }),
    ...(submittedAt !== null && { submission: { submittedAt: new Date(submittedAt).toISOString() } }),
    ...(scoringUserId !== null && { scoringUserId }),
  };
}
