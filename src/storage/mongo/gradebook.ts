import type { GradebookCell } from '../../domain/gradebook.ts';
import type { Instant } from '../../domain/instant.ts';
import type { CellKey, GradebookStore } from '../../domain/ports.ts';
import type { Database } from './connection.ts';
import { literally } from './courses.ts';
import { deliveryFigures } from './delivery-figures.ts';
import { lineItemStore } from './line-items.ts';

/** What the store keeps for itself. */
const CELL_ONLY = { _id: 0, platformId: 0, leasedVersion: 0 } as const;
const FREE = { leaseOwner: null, leaseUntil: null, leasedVersion: null } as const;
/** True when no newer state arrived while the delivery was under way. What a stale delivery met says nothing of the newer state. */
const CURRENT = { $eq: ['$leasedVersion', '$desiredVersion'] };

const dueAt = (now: Instant) => ({
  status: 'pending' as const,
  nextAttemptAt: { $lte: now },
  $or: [{ leaseOwner: null }, { leaseUntil: { $lte: now } }],
});
const keyOf = ({ activityId, userId }: CellKey) => ({ activityId, userId });

export function gradebookStore({ models }: Database): GradebookStore {
  const { gradebookCells } = models;
  const lineItems = lineItemStore(models.lineItems);

  /** Changes the cell if `owner` holds it, and gives it back. */
  async function settle(cell: CellKey, owner: string, changes: Record<string, unknown>): Promise<boolean> {
    const { matchedCount } = await gradebookCells.updateOne(
      { ...keyOf(cell), leaseOwner: owner },
      [{ $set: { ...changes, ...FREE } }],
      { updatePipeline: true },
    );
    return matchedCount === 1;
  }

  const claimOne = (platformId: string, now: Instant, leaseUntil: Instant, owner: string) =>
    gradebookCells
      .findOneAndUpdate(
        { platformId, ...dueAt(now) },
        [{ $set: { leaseOwner: literally(owner), leaseUntil, leasedVersion: '$desiredVersion' } }],
        {
          updatePipeline: true,
          returnDocument: 'after',
          projection: CELL_ONLY,
          sort: { nextAttemptAt: 1, timestamp: 1, _id: 1 },
        },
      )
      .lean<GradebookCell>();

  return {
    platformsDue: async (now) => (await gradebookCells.distinct('platformId', dueAt(now))).sort(),
    claimDue: async (platformId, now, leaseUntil, owner, limit) => {
      const claimed: GradebookCell[] = [];
      while (claimed.length < limit) {
        const cell = await claimOne(platformId, now, leaseUntil, owner);
        if (cell === null) break;
        claimed.push(cell);
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
    cells: ({ activityIds, status }) =>
      gradebookCells
        .find(
          {
            ...(activityIds === undefined ? {} : { activityId: { $in: [...activityIds] } }),
            ...(status === undefined ? {} : { status }),
          },
          CELL_ONLY,
        )
        .sort({ nextAttemptAt: 1, activityId: 1, userId: 1 })
        .lean<GradebookCell[]>(),
    oldestDue: async (now) => {
      const oldest = await gradebookCells
        .findOne({ status: 'pending', nextAttemptAt: { $lte: now } }, { nextAttemptAt: 1 })
        .sort({ nextAttemptAt: 1 })
        .lean<Pick<GradebookCell, 'nextAttemptAt'>>();
      return oldest?.nextAttemptAt ?? null;
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
