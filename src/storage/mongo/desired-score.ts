import type { ClientSession } from 'mongoose';
import type { Instant } from '../../domain/instant.ts';
import type { SubmissionChange } from '../../domain/ports/submission-store.ts';
import type { Submission } from '../../domain/submission.ts';
import { literally } from './courses.ts';
import type { Models } from './models.ts';

type Score = NonNullable<SubmissionChange['score']>;

/** How a decision becomes a gradebook cell's state to reach; meant to be called inside the decision's transaction. */
export function desiredScoreWriter({ gradebookCells }: Models) {
  return {
    /** Says no, and writes nothing, when the cell is not at the version the score was worked out from. */
    replace: async (of: Submission, score: Score, at: Instant, session: ClientSession): Promise<boolean> => {
      const { activityId, userId, platformId } = of;
      const { desired, fromVersion } = score;
      const due = { status: 'pending', attempts: 0, nextAttemptAt: at, lastError: null } as const;
      if (fromVersion === 0) {
        // Looked for first: a refused insert would end the transaction.
        if ((await gradebookCells.exists({ activityId, userId }).session(session)) !== null) return false;
        const nobody = { leaseOwner: null, leaseUntil: null, leasedVersion: null };
        const delivered = { deliveredVersion: 0, deliveredAt: null };
        await gradebookCells.insertOne(
          {
            ...{ activityId, userId, platformId, desired, desiredVersion: 1, timestamp: at },
            ...due,
            ...delivered,
            ...nobody,
          },
          { session },
        );
        return true;
      }
      // A lease stays: the delivery in flight goes on and is told apart by the version it took along.
      // The timestamp rises even when the clock steps back, or the LMS would refuse the newer score (AGS 2.0 §3.4.9).
      const { matchedCount } = await gradebookCells.updateOne(
        { activityId, userId, desiredVersion: fromVersion },
        [
          {
            $set: {
              ...due,
              desired: literally(desired),
              desiredVersion: { $add: ['$desiredVersion', 1] },
              timestamp: { $max: [at, { $add: ['$timestamp', 1000] }] },
            },
          },
        ],
        { session, updatePipeline: true },
      );
      return matchedCount === 1;
    },
  };
}
