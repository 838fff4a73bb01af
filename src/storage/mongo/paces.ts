import type { Pace } from '../../domain/pace.ts';
import type { PaceStore } from '../../domain/ports/pace-store.ts';
import type { Models } from './models.ts';
import { isDuplicate } from './mongo-failure.ts';

/** Written many times a second and of no worth after a failover: no majority and no journal is waited for. */
const QUICKLY = { writeConcern: { w: 1, journal: false } } as const;

export function paceStore({ models: { paces } }: { readonly models: Models }): PaceStore {
  return {
    pace: (platformId) => paces.findOne({ platformId }, { _id: 0 }).lean<Pace>(),
    savePace: async (pace, fromVersion) => {
      const { platformId } = pace;
      try {
        const { matchedCount, upsertedCount } = await paces.replaceOne(
          { platformId, version: fromVersion },
          pace,
          { ...QUICKLY, upsert: fromVersion === 0 },
        );
        return matchedCount + upsertedCount === 1;
      } catch (error) {
        // It is there already, so the filter missed it and adding a second one was refused.
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
  };
}
