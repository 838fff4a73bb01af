import type { Log } from './domain/ports/log.ts';
import { createReconcileGradebook, type Finding } from './services/reconcile-gradebook.ts';

/**
 * Looks for scores that a gradebook took and lost, and tells the log. It sends nothing: whether a teacher emptied a cell
 * in the LMS or the LMS lost it is for a person to say.
 */
export function reconcileAtNight(
  deps: Parameters<typeof createReconcileGradebook>[0] & { readonly log: Log },
): () => Promise<void> {
  const { log } = deps;
  const reconcile = createReconcileGradebook(deps);
  return async () => {
    const { agreeing, differences } = await reconcile({ resend: false });
    const counts = new Map<Finding, number>();
    for (const { finding } of differences) counts.set(finding, (counts.get(finding) ?? 0) + 1);
    const figures = { agreeing, ...Object.fromEntries(counts) };
    if (counts.has('missing')) {
      const activityIds = [
        ...new Set(differences.filter((d) => d.finding === 'missing').map((d) => d.cell.activityId)),
      ];
      log.error(
        { ...figures, activityIds },
        'a gradebook does not show what it took: see passback reconcile',
      );
    } else if (counts.has('unchecked')) log.warn(figures, 'some gradebooks could not be compared');
    else log.info(figures, 'gradebooks compared');
  };
}
