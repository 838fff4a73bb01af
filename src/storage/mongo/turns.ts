import type { TurnStore } from '../../domain/ports/turn-store.ts';
import type { Models } from './models.ts';
import { isDuplicate } from './mongo-failure.ts';

export function turnStore({ models: { turns } }: { readonly models: Models }): TurnStore {
  return {
    takeTurn: async (job, owner, now, until) => {
      try {
        await turns.updateOne(
          { job, $or: [{ owner }, { until: { $lte: now } }] },
          { $set: { owner, until } },
          { upsert: true },
        );
        return true;
      } catch (error) {
        // The record is there and another's, so the filter missed it and adding a second one was refused.
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
  };
}
