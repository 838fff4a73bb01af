export const ACTIVITY_PROGRESS = ['Initialized', 'Started', 'InProgress', 'Submitted', 'Completed'] as const;
export const GRADING_PROGRESS = ['FullyGraded', 'Pending', 'PendingManual', 'Failed', 'NotReady'] as const;

/** A column of the gradebook (AGS 2.0 §3.2). */
export type LineItem = {
  readonly id: string;
  readonly label: string;
  readonly scoreMaximum: number;
  readonly resourceLinkId: string | null;
  readonly resourceId: string | null;
  readonly tag: string | null;
};

/** What the tool last said about one student's work (AGS 2.0 §3.4). */
export type Score = {
  readonly userId: string;
  /** null clears the score (§3.4.1). */
  readonly scoreGiven: number | null;
  readonly scoreMaximum: number | null;
  readonly comment: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly activityProgress: (typeof ACTIVITY_PROGRESS)[number];
  readonly gradingProgress: (typeof GRADING_PROGRESS)[number];
  readonly submittedAt: number | null;
  readonly scoringUserId: string | null;
};

/** A score beside its cell, in the scale of the column. */
export type Cell = {
  readonly lineItemId: string;
  readonly userId: string;
  readonly points: number | null;
  readonly score: Score;
};

export type Gradebook = {
  readonly lineItems: () => readonly LineItem[];
  readonly lineItem: (id: string) => LineItem | undefined;
  readonly addLineItem: (item: Omit<LineItem, 'id'>) => LineItem;
  readonly changeLineItem: (item: LineItem) => void;
  readonly removeLineItem: (id: string) => void;
  /**
   * Takes a score unless the cell already holds one that is as new (AGS 2.0 §3.4.9). Moodle compares whole seconds.
   */
  readonly record: (lineItemId: string, score: Score, compareSeconds: boolean) => 'recorded' | 'not-newer';
  /** A teacher changes the points in the LMS itself: the LMS has the last word (AGS 2.0 §3.3). */
  readonly override: (lineItemId: string, userId: string, points: number) => void;
  /** Loses a score, as an LMS does that is put back from an old copy. */
  readonly forget: (lineItemId: string, userId: string) => void;
  readonly cells: () => readonly Cell[];
  readonly cell: (lineItemId: string, userId: string) => Cell | undefined;
  /** Resolves when the gradebook looks as asked; rejects after the time-out with what it looked like. */
  readonly until: (wanted: (cells: readonly Cell[]) => boolean, timeoutMs?: number) => Promise<void>;
};

export function createGradebook(): Gradebook {
  const lineItems = new Map<string, LineItem>();
  const scores = new Map<string, Map<string, { readonly score: Score; readonly override: number | null }>>();
  const watchers = new Set<() => void>();
  let lastNumber = 0;

  const cells = (): Cell[] =>
    [...lineItems.values()].flatMap((item) =>
      [...(scores.get(item.id) ?? [])].map(([userId, { score, override }]) => ({
        lineItemId: item.id,
        userId,
        points: override ?? pointsOf(score, item),
        score,
      })),
    );
  const put = (lineItemId: string, userId: string, score: Score, override: number | null): void => {
    const column = scores.get(lineItemId) ?? new Map();
    scores.set(lineItemId, column.set(userId, { score, override }));
    for (const look of watchers) look();
  };

  return {
    lineItems: () => [...lineItems.values()],
    lineItem: (id) => lineItems.get(id),
    addLineItem: (item) => {
      lastNumber += 1;
      const added = { ...item, id: `column-${lastNumber}` };
      lineItems.set(added.id, added);
      return added;
    },
    changeLineItem: (item) => lineItems.set(item.id, item),
    removeLineItem: (id) => {
      lineItems.delete(id);
      scores.delete(id);
    },
    record: (lineItemId, score, compareSeconds) => {
      const held = scores.get(lineItemId)?.get(score.userId)?.score;
      const coarse = (at: number) => (compareSeconds ? Math.floor(at / 1000) : at);
      if (held !== undefined && coarse(score.timestamp) <= coarse(held.timestamp)) return 'not-newer';
      put(lineItemId, score.userId, score, null);
      return 'recorded';
    },
    override: (lineItemId, userId, points) => {
      const held = scores.get(lineItemId)?.get(userId)?.score;
      if (held === undefined) throw new Error(`no score of ${userId} in ${lineItemId} to override`);
      put(lineItemId, userId, held, points);
    },
    forget: (lineItemId, userId) => {
      scores.get(lineItemId)?.delete(userId);
    },
    cells,
    cell: (lineItemId, userId) =>
      cells().find((cell) => cell.lineItemId === lineItemId && cell.userId === userId),
    until: (wanted, timeoutMs = 10_000) =>
      new Promise((resolve, reject) => {
        const stop = () => {
          clearTimeout(timer);
          watchers.delete(look);
        };
        const timer = setTimeout(() => {
          stop();
          reject(new Error(`the gradebook stayed at ${JSON.stringify(cells())}`));
        }, timeoutMs);
        const look = () => {
          if (!wanted(cells())) return;
          stop();
          resolve();
        };
        watchers.add(look);
        look();
      }),
  };
}

/** Points in the column's own scale; more than the maximum is allowed (AGS 2.0 §3.4.4). */
function pointsOf(score: Score, item: LineItem): number | null {
  if (score.scoreGiven === null || score.scoreMaximum === null) return null;
  return (score.scoreGiven * item.scoreMaximum) / score.scoreMaximum;
}
