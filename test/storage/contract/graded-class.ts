import type { DesiredScore } from '../../../src/domain/gradebook.ts';
import type { Store } from '../../../src/domain/ports/store.ts';
import { aChange, aDesiredScore, aMember, anActivity, aSubmission, NOW } from '../../support/build.ts';
import type { Open } from '../store-contract.ts';

export const CELL = { activityId: 'activity-1', userId: 'student-1' };

/** A store with one activity, in which each of these students has a cell that is due at `NOW`. */
export async function classOf(open: Open, userIds: readonly string[]): Promise<Store> {
  const store = await open();
  await store.recordLaunch(anActivity(), aMember());
  for (const userId of userIds) await decide(store, userId, aDesiredScore(), NOW);
  return store;
}

/** Gives the student's cell a newer state. */
export async function decide(
  store: Store,
  userId: string,
  desired: DesiredScore,
  at: number,
  activity = anActivity(),
): Promise<void> {
  const { id: activityId, platformId, deploymentId, contextId } = activity;
  const cellVersion = (await store.cell({ activityId, userId }))?.desiredVersion ?? 0;
  const id = `submission-${activityId}-${userId}`;
  const known = await store.submission(id);
  const submission = aSubmission({ id, activityId, platformId, deploymentId, contextId, userId });
  const saved = await store.saveSubmission(
    aChange({
      submission,
      fromVersion: known?.version ?? 0,
      score: { desired, fromVersion: cellVersion },
    }),
    at,
  );
  if (saved !== 'saved') throw new Error(`the decision on ${userId} was not saved: ${saved}`);
}
