import { z } from 'zod';
import type { ReadingStore } from '../../domain/ports/reading-store.ts';
import type { Connection } from './connection.ts';
import { submissionRow } from './submissions.ts';

export function readingStore({ query, command, transaction }: Connection): ReadingStore {
  const waiting = query(
    `SELECT id FROM submissions WHERE reading_pace = :pace AND reading_free_at <= :now
     ORDER BY reading_free_at, id LIMIT :limit`,
    z.object({ id: z.string() }),
  );
  const claim = query(
    `UPDATE submissions SET reading_free_at = :until, reading_owner = :owner, reading_tries = reading_tries + 1
     WHERE id = :id RETURNING *`,
    z.intersection(submissionRow, z.object({ readingTries: z.number() })),
  );
  const keep = command('UPDATE submissions SET reading_free_at = :until WHERE reading_owner = :owner');
  const release = command(
    `UPDATE submissions SET reading_free_at = reading ->> '$.since', reading_owner = NULL, reading_tries = reading_tries - 1
     WHERE reading_owner = :owner`,
  );
  const before = query(
    `SELECT count(*) AS count FROM submissions
     WHERE reading_pace = :pace AND reading ->> '$.since' < :since`,
    z.object({ count: z.number() }),
  );

  return {
    claimReadings: async (pace, now, until, owner, limit) => {
      // An empty line, which is nearly always, is seen without the lock of a write.
      if (limit <= 0 || waiting.get({ pace, now, limit: 1 }) === null) return [];
      return transaction(() =>
        waiting
          .all({ pace, now, limit })
          .map(({ id }) => claim.get({ id, until, owner }))
          .filter((row) => row !== null)
          .map(({ readingTries, ...submission }) => ({ submission, tries: readingTries })),
      );
    },
    keepReadings: async (owner, until) => void keep({ owner, until }),
    releaseReadings: async (owner) => void release({ owner }),
    readingsBefore: async (pace, since) => before.get({ pace, since })?.count ?? 0,
  };
}
