import {
  type DeliveryError,
  type GradebookCell,
  type GradebookResult,
  showsPoints,
} from '../domain/gradebook.ts';
import type { Now } from '../domain/instant.ts';
import type { ReadGradebook } from '../domain/ports/lms-gradebook.ts';
import type { Store } from '../domain/ports/store.ts';

/**
 * `waiting`: still on its way. `failed`: a person must act first. `missing`: the LMS took it and shows nothing.
 * `changed`: the LMS shows something else, which is a teacher's right (AGS 2.0 §3.3). `unchecked`: the LMS did not let us
 * look, so nothing is said about it.
 */
export type Finding = 'waiting' | 'failed' | 'missing' | 'changed' | 'unchecked';

export type Difference = {
  readonly platformId: string;
  readonly cell: GradebookCell;
  readonly finding: Finding;
  readonly shown: GradebookResult | null;
  /** Why it failed or could not be looked at. */
  readonly error: DeliveryError | null;
  /** True when it was made due again just now. */
  readonly resent: boolean;
};

export type Reconciliation = {
  /** Cells that the LMS shows as they should be. */
  readonly agreeing: number;
  readonly differences: readonly Difference[];
};

type Compared = Omit<Difference, 'platformId' | 'resent'>;

/** Compares the desired state of every cell with what the LMS gradebooks show. */
export function createReconcileGradebook(deps: {
  readonly store: Pick<Store, 'cells' | 'cell' | 'activity' | 'sendAgain'>;
  readonly readGradebook: ReadGradebook;
  readonly now: Now;
}) {
  const { store, readGradebook, now } = deps;

  /**
   * Platforms are asked side by side, the activities of one after the other; a platform that does not answer once is not
   * asked again. `resend` makes the missing ones due again; what was changed in the LMS is never overwritten.
   */
  async function reconcile(options: { readonly resend: boolean }): Promise<Reconciliation> {
    const cells = await store.cells({});
    const byActivity = Map.groupBy(cells, (cell) => cell.activityId);
    const activities = await Promise.all(
      [...byActivity].map(async ([id, own]) => ({ activity: await store.activity(id), cells: own })),
    );
    const byPlatform = Map.groupBy(activities, ({ activity }) => activity?.platformId ?? '');
    const found = await Promise.all(
      [...byPlatform].map(async ([platformId, own]) =>
        (await comparePlatform(own)).map((one) => ({ ...one, platformId, resent: false })),
      ),
    );
    const differences: Difference[] = [];
    for (const one of found.flat())
      differences.push({
        ...one,
        resent: options.resend && one.finding === 'missing' && (await sendAgain(one.cell)),
      });
    return { agreeing: cells.length - differences.length, differences };
  }

  async function comparePlatform(
    activities: readonly {
      readonly activity: Parameters<ReadGradebook>[0] | null;
      readonly cells: readonly GradebookCell[];
    }[],
  ): Promise<readonly Compared[]> {
    const compared: Compared[] = [];
    let silence: DeliveryError | null = null;
    for (const { activity, cells } of activities) {
      const delivered = cells.filter((cell) => cell.status === 'delivered');
      compared.push(...cells.filter((cell) => cell.status !== 'delivered').map(undelivered));
      if (activity === null || delivered.length === 0) continue;
      const read: Awaited<ReturnType<ReadGradebook>> =
        silence === null ? await readGradebook(activity) : { kind: 'problem', error: silence };
      if (read.kind === 'problem') {
        if (read.error.key === 'lms-unavailable') silence = read.error;
        compared.push(...delivered.map((cell) => unchecked(cell, read.error)));
        continue;
      }
      const shown = new Map(read.items.map((result) => [result.userId, result]));
      for (const cell of delivered) {
        const difference = await compare(cell, shown.get(cell.userId) ?? null, read.isComplete);
        if (difference !== null) compared.push(difference);
      }
    }
    return compared;
  }

  /** null when the LMS shows what it should, or need not show anything. */
  async function compare(
    cell: GradebookCell,
    shown: GradebookResult | null,
    isComplete: boolean,
  ): Promise<Compared | null> {
    const { desired } = cell;
    // Platforms need not show what is not fully graded (AGS 2.0 §3.4.8).
    const mustShow = desired.scoreGiven !== null && desired.gradingProgress === 'FullyGraded';
    const isShown = shown !== null && shown.score !== null;
    if (isShown ? showsPoints(shown, desired) : !mustShow) return null;
    if (shown === null && !isComplete) return unchecked(cell, null);
    const latest = await store.cell(cell);
    if (latest !== null && latest.desiredVersion !== cell.desiredVersion) return undelivered(latest);
    return { cell, finding: isShown ? 'changed' : 'missing', shown, error: null };
  }

  async function sendAgain(cell: GradebookCell): Promise<boolean> {
    return store.sendAgain(cell, cell.desiredVersion, now());
  }

  return reconcile;
}

function undelivered(cell: GradebookCell): Compared {
  return {
    cell,
    finding: cell.status === 'parked' ? 'failed' : 'waiting',
    shown: null,
    error: cell.lastError,
  };
}

function unchecked(cell: GradebookCell, error: DeliveryError | null): Compared {
  return { cell, finding: 'unchecked', shown: null, error };
}

/** Whether somebody has to look: what only waits will arrive by itself. */
export function needsAttention({ finding }: Pick<Difference, 'finding'>): boolean {
  return finding !== 'waiting';
}
