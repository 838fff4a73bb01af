import type { Activity } from '../domain/activity.ts';
import { desiredScore } from '../domain/desired-score.ts';
import { dayInOntario } from '../domain/instant.ts';
import type { SubmissionChange } from '../domain/ports/submission-store.ts';
import { studentProgress } from '../domain/progress.ts';
import type { Submission } from '../domain/submission.ts';
import type { ServiceDeps } from './deps.ts';

/**
 * What the student's gradebook cell should show once `changed` is stored, beside the cell version it was worked out from.
 * null where the cell is left alone.
 */
export async function scoreAfter(
  deps: Pick<ServiceDeps, 'store' | 'rules' | 'rubric' | 'now'>,
  activity: Activity,
  changed: Submission,
): Promise<SubmissionChange['score']> {
  const { store, rules, rubric } = deps;
  if (activity.settings === null) return null;
  const cell = await store.cell({ activityId: activity.id, userId: changed.userId });
  const inCourse = (await store.submissionsBy(changed, changed.userId))
    .filter((submission) => submission.id !== changed.id)
    .concat(changed);
  const progress = studentProgress({
    rules,
    sectorId: activity.settings.sectorId,
    submissions: inCourse,
    // Only marks lines; it does not change what counts.
    graduatesOn: null,
    today: dayInOntario(deps.now()),
  });
  const required = progress.requiredTotal;
  const desired = desiredScore({
    settings: activity.settings,
    submissions: inCourse.filter((submission) => submission.activityId === activity.id),
    progress: certificationScope(activity, progress) ?? { met: progress.metTotal, required },
    rubric,
    progressSentence: null,
  });
  return desired === null ? null : { desired, fromVersion: cell?.desiredVersion ?? 0 };
}

/** An activity for one certification is complete with that one line. */
function certificationScope(
  activity: Activity,
  progress: ReturnType<typeof studentProgress>,
): { met: number; required: number } | null {
  const settings = activity.settings;
  if (settings?.kind !== 'certification') return null;
  const met = progress.lines.some(
    (line) =>
      line.certificationId === settings.certificationId && !['missing', 'waiting'].includes(line.lineStatus),
  );
  return { met: met ? 1 : 0, required: 1 };
}
