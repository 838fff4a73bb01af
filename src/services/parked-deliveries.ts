import type { GradebookCell } from '../domain/gradebook.ts';
import type { Member, Viewer } from '../domain/person.ts';
import { courseOf, requireRole } from './access.ts';
import type { ServiceDeps } from './deps.ts';

export type ParkedDelivery = { readonly cell: GradebookCell; readonly member: Member | null };

/** More of them are counted, not named. */
const MOST_NAMED = 20;

/** The scores of a course that a person must see to, for its teachers. */
export function createParkedDeliveries(deps: Pick<ServiceDeps, 'store' | 'now' | 'wakePassback'>) {
  const { store, now } = deps;

  async function parkedCells(viewer: Viewer): Promise<readonly GradebookCell[]> {
    requireRole(viewer, 'teacher');
    const activities = await store.activitiesIn(courseOf(viewer));
    return store.cells({ activityIds: activities.map((activity) => activity.id), status: 'parked' });
  }

  return {
    /** All of them are counted; the first are named. */
    list: async (
      viewer: Viewer,
    ): Promise<{ readonly count: number; readonly named: readonly ParkedDelivery[] }> => {
      const cells = await parkedCells(viewer);
      const named = await Promise.all(
        cells.slice(0, MOST_NAMED).map(async (cell) => ({
          cell,
          member: await store.member(courseOf(viewer), cell.userId),
        })),
      );
      return { count: cells.length, named };
    },
    /** Makes all of them due now. */
    sendAgain: async (viewer: Viewer): Promise<void> => {
      for (const cell of await parkedCells(viewer)) await store.retryNow(cell, now());
      deps.wakePassback();
    },
  };
}
