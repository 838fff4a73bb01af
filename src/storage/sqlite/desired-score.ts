import { z } from 'zod';
import type { DesiredScore } from '../../domain/gradebook.ts';
import type { Instant } from '../../domain/instant.ts';
import type { CellKey } from '../../domain/ports/gradebook-store.ts';
import type { Submission } from '../../domain/submission.ts';
import type { Connection } from './connection.ts';

/** How a decision becomes a gradebook cell's state to reach; meant to be called inside the decision's transaction. */
export type DesiredScoreWriter = {
  /** 0 when there is no cell yet. */
  readonly versionOf: (cell: CellKey) => number;
  readonly replace: (of: Submission, desired: DesiredScore, at: Instant) => void;
};

export function desiredScoreWriter({ query, command }: Connection): DesiredScoreWriter {
  const version = query(
    'SELECT desired_version FROM gradebook_cells WHERE activity_id = :activityId AND user_id = :userId',
    z.object({ desiredVersion: z.number() }),
  );
  // A lease stays: the delivery in flight goes on and is told apart by the version it took along.
  // The timestamp rises even when the clock steps back, or the LMS would refuse the newer score (AGS 2.0 §3.4.9).
  const replace = command(
    `INSERT INTO gradebook_cells (activity_id, user_id, platform_id, desired, desired_version, timestamp, delivered_version,
       status, attempts, next_attempt_at)
     VALUES (:activityId, :userId, :platformId, :desired, 1, :at, 0, 'pending', 0, :at)
     ON CONFLICT (activity_id, user_id) DO UPDATE SET
       desired = excluded.desired,
       desired_version = desired_version + 1,
       timestamp = max(excluded.timestamp, timestamp + 1000),
       status = 'pending',
       attempts = 0,
       next_attempt_at = excluded.next_attempt_at,
       last_error = NULL`,
  );
  return {
    versionOf: ({ activityId, userId }) => version.get({ activityId, userId })?.desiredVersion ?? 0,
    replace: ({ activityId, userId, platformId }, desired, at) => {
      replace({ activityId, userId, platformId, desired: JSON.stringify(desired), at });
    },
  };
}
