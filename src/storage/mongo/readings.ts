import type { Instant } from '../../domain/instant.ts';
import type { ReadingPace } from '../../domain/pending-reading.ts';
import type { ClaimedReading, ReadingStore } from '../../domain/ports/reading-store.ts';
import type { Database } from './connection.ts';
import type { StoredSubmission } from './models.ts';

export function readingStore({ models: { submissions } }: Database): ReadingStore {
  const claimOne = (pace: ReadingPace, now: Instant, until: Instant, owner: string) =>
    submissions
      .findOneAndUpdate(
        { 'reading.pace': pace, readingFreeAt: { $ne: null, $lte: now } },
        { $set: { readingFreeAt: until, readingOwner: owner }, $inc: { readingTries: 1 } },
        { returnDocument: 'after', projection: { _id: 0 }, sort: { readingFreeAt: 1, id: 1 } },
      )
      .lean<StoredSubmission>();

  return {
    claimReadings: async (pace, now, until, owner, limit) => {
      const claimed: ClaimedReading[] = [];
      while (claimed.length < limit) {
        const stored = await claimOne(pace, now, until, owner);
        if (stored === null) break;
        const { recheckAt, certificateKey, readingFreeAt, readingOwner, readingTries, ...submission } =
          stored;
        claimed.push({ submission, tries: readingTries });
      }
      return claimed;
    },
    keepReadings: async (owner, until) => {
      await submissions.updateMany({ readingOwner: owner }, { $set: { readingFreeAt: until } });
    },
    releaseReadings: async (owner) => {
      await submissions.updateMany(
        { readingOwner: owner },
        [
          {
            $set: {
              readingFreeAt: '$reading.since',
              readingOwner: null,
              readingTries: { $subtract: ['$readingTries', 1] },
            },
          },
        ],
        { updatePipeline: true },
      );
    },
    readingsBefore: (pace, since) =>
      submissions.countDocuments({
        'reading.pace': pace,
        'reading.since': { $lt: since },
      }),
  };
}
