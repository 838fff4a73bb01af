import { randomUUID } from 'node:crypto';
import type { Types } from 'mongoose';
import type { GradebookCell } from '../../domain/gradebook.ts';
import type { Instant } from '../../domain/instant.ts';
import type { CellKey, GradebookStore } from '../../domain/ports/gradebook-store.ts';
import type { Database } from './connection.ts';
import { literally } from './courses.ts';
import { deliveryFigures } from './delivery-figures.ts';
import { gather } from './gather.ts';
import { lineItemStore } from './line-items.ts';
import type { StoredCell } from './models.ts';

/** What the store keeps for itself. */
const CELL_ONLY = { _id: 0, platformId: 0, leasedVersion: 0, claimId: 0 } as const;
const FREE = { leaseOwner: null, leaseUntil: null, leasedVersion: null } as const;
/** True when no newer state arrived while the delivery was under way. What a stale delivery met says nothing of the newer state. */
const CURRENT = { $eq: ['$leasedVersion', '$desiredVersion'] };

/** Who lost the head of a lane to another worker looks for the next ones in so much more of it. */
const SPREAD = 4;

const dueAt = (now: Instant) => ({
  status: 'pending' as const,
  nextAttemptAt: { $lte: now },
  $or: [{ leaseOwner: null }, { leaseUntil: { $lte: now } }],
});
const keyOf = ({ activityId, userId }: CellKey) => ({ activityId, userId });

export function gradebookStore({ models }: Database): GradebookStore {
  const { gradebookCells } = models;
  const lineItems = lineItemStore(models.lineItems);

  type Mark = { readonly cell: CellKey; readonly owner: string; readonly changes: Record<string, unknown> };

  /** Changes each cell if its owner holds it, and gives it back. Answers for which of them that was so. */
  const settleAll = gather<Mark, boolean>(async (marks) => {
    const ids = marks.map(() => randomUUID());
    const { matchedCount } = await gradebookCells.bulkWrite(
      marks.map(({ cell, owner, changes }, at) => ({
        updateOne: {
          filter: { ...keyOf(cell), leaseOwner: owner },
          update: [{ $set: { ...changes, ...FREE, claimId: ids[at] } }],
          updatePipeline: true,
        },
      })),
      { ordered: false },
    );
    if (matchedCount === marks.length) return marks.map(() => true);
    const changed = await gradebookCells
      .find({ $or: marks.map(({ cell }) => keyOf(cell)), claimId: { $in: ids } }, { claimId: 1 })
      .lean<Pick<StoredCell, 'claimId'>[]>();
    return ids.map((id) => changed.some(({ claimId }) => claimId === id));
  });

  const settle = (cell: CellKey, owner: string, changes: Record<string, unknown>): Promise<boolean> =>
    settleAll({ cell, owner, changes });

  const lanes = (): Promise<string[]> => gradebookCells.distinct('platformId', { status: 'pending' });

  /** The due ones at the head of the lane: which of them are ours shows when the lease is written. */
  async function candidates(platformId: string, now: Instant, limit: number) {
    const found = await gradebookCells
      .find({ platformId, ...dueAt(now) }, { _id: 1 })
      .sort({ nextAttemptAt: 1, timestamp: 1 })
      .limit(limit)
      .lean<{ _id: Types.ObjectId }[]>();
    return found.map(({ _id }) => _id);
  }

  /** Leases as many as there are in one write. Another worker may take some of them first, never the same ones. */
  async function lease(ids: readonly Types.ObjectId[], now: Instant, leaseUntil: Instant, owner: string) {
    const claimId = randomUUID();
    const update = [
      { $set: { leaseOwner: literally(owner), leaseUntil, leasedVersion: '$desiredVersion', claimId } },
    ];
    // One by one in one request, and not `updateMany`, which is not written again when the primary changes.
    await gradebookCells.bulkWrite(
      ids.map((_id) => ({ updateOne: { filter: { _id, ...dueAt(now) }, update, updatePipeline: true } })),
      { ordered: false },
    );
    return gradebookCells
      .find({ _id: { $in: [...ids] }, claimId }, CELL_ONLY)
      .sort({ nextAttemptAt: 1, timestamp: 1, _id: 1 })
      .lean<GradebookCell[]>();
  }

  return {
    platformsDue: async (now) => {
      const isDue = await Promise.all(
        (await lanes()).map(async (platformId) => {
          const due = await gradebookCells.exists({ platformId, ...dueAt(now) });
          return due === null ? [] : [platformId];
        }),
      );
      return isDue.flat().sort();
    },
    claimDue: async (platformId, now, leaseUntil, owner, limit) => {
      const claimed: GradebookCell[] = [];
      for (let tries = 0; claimed.length < limit; tries += 1) {
        const wanted = limit - claimed.length;
        const ids = await candidates(platformId, now, wanted * (1 + tries * SPREAD));
        if (ids.length === 0) break;
        claimed.push(...(await lease(someOf(ids, wanted), now, leaseUntil, owner)));
      }
      return claimed;
    },
    markDelivered: (cell, owner, version, at) => {
      const isNewest = { $eq: ['$desiredVersion', version] };
      return settle(cell, owner, {
        deliveredVersion: { $max: ['$deliveredVersion', version] },
        deliveredAt: at,
        status: { $cond: [isNewest, 'delivered', '$status'] },
        attempts: { $add: ['$attempts', { $cond: [isNewest, 1, 0] }] },
        lastError: { $cond: [isNewest, null, '$lastError'] },
      });
    },
    markRetry: (cell, owner, { nextAttemptAt, error, timestamp }) =>
      settle(cell, owner, {
        timestamp: { $max: ['$timestamp', timestamp] },
        nextAttemptAt: { $cond: [CURRENT, nextAttemptAt, '$nextAttemptAt'] },
        ...failed(error),
      }),
    markParked: (cell, owner, error) =>
      settle(cell, owner, { status: { $cond: [CURRENT, 'parked', '$status'] }, ...failed(error) }),
    unclaim: async (cell, owner) => {
      await settle(cell, owner, {});
    },
    releaseLeases: async (owner) => {
      await gradebookCells.updateMany({ leaseOwner: owner }, { $set: FREE });
      await lineItems.releaseLocks(owner);
    },
    retryNow: async (cell, at) => {
      const { matchedCount } = await gradebookCells.updateOne(
        { ...keyOf(cell), status: { $ne: 'delivered' } },
        { $set: { status: 'pending', attempts: 0 }, $min: { nextAttemptAt: at } },
      );
      return matchedCount === 1;
    },
    sendAgain: async (cell, fromVersion, at) => {
      const { matchedCount } = await gradebookCells.updateOne(
        { ...keyOf(cell), status: 'delivered', desiredVersion: fromVersion },
        [
          {
            $set: {
              desiredVersion: { $add: ['$desiredVersion', 1] },
              timestamp: { $max: [at, { $add: ['$timestamp', 1000] }] },
              status: 'pending',
              attempts: 0,
              nextAttemptAt: at,
            },
          },
        ],
        { updatePipeline: true },
      );
      return matchedCount === 1;
    },
    cell: (cell) => gradebookCells.findOne(keyOf(cell), CELL_ONLY).lean<GradebookCell>(),
    cells: ({ activityIds, userIds, status }) =>
      gradebookCells
        .find(
          {
            ...(activityIds === undefined ? {} : { activityId: { $in: [...activityIds] } }),
            ...(userIds === undefined ? {} : { userId: { $in: [...userIds] } }),
            ...(status === undefined ? {} : { status }),
          },
          CELL_ONLY,
        )
        .sort({ nextAttemptAt: 1, activityId: 1, userId: 1 })
        .lean<GradebookCell[]>(),
    oldestDue: async (now) => {
      const due = await Promise.all(
        (await lanes()).map((platformId) =>
          gradebookCells
            .findOne(
              { status: 'pending', platformId, nextAttemptAt: { $lte: now } },
              { _id: 0, nextAttemptAt: 1 },
            )
            .sort({ nextAttemptAt: 1 })
            .lean<Pick<GradebookCell, 'nextAttemptAt'>>(),
        ),
      );
      const moments = due.flatMap((one) => (one === null ? [] : [one.nextAttemptAt]));
      return moments.length === 0 ? null : Math.min(...moments);
    },
    deliveryFigures: (now) => deliveryFigures(models, now),
    lineItem: lineItems.lineItem,
    lockLineItem: lineItems.lockLineItem,
    settleLineItem: lineItems.settleLineItem,
    unsettleLineItem: lineItems.unsettleLineItem,
    unlockLineItem: lineItems.unlockLineItem,
  };
}

function failed(error: NonNullable<GradebookCell['lastError']>) {
  return {
    attempts: { $add: ['$attempts', { $cond: [CURRENT, 1, 0] }] },
    lastError: { $cond: [CURRENT, literally(error), '$lastError'] },
  };
}

/** All of them, or so many at random. */
function someOf<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  const rest = [...items];
  return Array.from({ length: count }, () => rest.splice(Math.floor(Math.random() * rest.length), 1)).flat();
}
