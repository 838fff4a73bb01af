import type { LineItem } from '../../domain/gradebook.ts';
import type { GradebookStore } from '../../domain/ports/gradebook-store.ts';
import type { Models } from './models.ts';
import { isDuplicate } from './mongo-failure.ts';

export type LineItemStore = Pick<
  GradebookStore,
  'lineItem' | 'lockLineItem' | 'settleLineItem' | 'unsettleLineItem' | 'unlockLineItem'
> & { readonly releaseLocks: (owner: string) => Promise<void> };

const UNLOCKED = { lockOwner: null, lockUntil: null } as const;

export function lineItemStore(lineItems: Models['lineItems']): LineItemStore {
  return {
    lineItem: (activityId) =>
      lineItems.findOne({ activityId }, { _id: 0, activityId: 1, url: 1, settledAt: 1 }).lean<LineItem>(),
    lockLineItem: async (activityId, owner, now, until) => {
      try {
        await lineItems.updateOne(
          {
            activityId,
            $or: [{ lockOwner: null }, { lockOwner: owner }, { lockUntil: { $lte: now } }],
          },
          {
            $set: { lockOwner: owner, lockUntil: until },
            $setOnInsert: { url: null, settledAt: null },
          },
          { upsert: true },
        );
        return true;
      } catch (error) {
        // The record is there and another holds it, so the filter missed it and adding a second one was refused.
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
    settleLineItem: async (activityId, owner, url, at) => {
      const { matchedCount } = await lineItems.updateOne(
        { activityId, lockOwner: owner },
        { $set: { url, settledAt: at, ...UNLOCKED } },
      );
      return matchedCount === 1;
    },
    unsettleLineItem: async (activityId) => {
      await lineItems.updateOne({ activityId }, { $set: { url: null, settledAt: null } });
    },
    unlockLineItem: async (activityId, owner) => {
      await lineItems.updateOne({ activityId, lockOwner: owner }, { $set: UNLOCKED });
    },
    releaseLocks: async (owner) => {
      await lineItems.updateMany({ lockOwner: owner }, { $set: UNLOCKED });
    },
  };
}
