import type { Instant } from '../../domain/instant.ts';
import { LAUNCH_NOTES, type LaunchNote } from '../../domain/launch-note.ts';
import type { LaunchLog } from '../../domain/ports/launch-log.ts';
import { type Database, LIGHTLY } from './connection.ts';
import { gather } from './gather.ts';

/** Object ids rise with the time and, within a process, with the order of writing. */
const NEWEST_FIRST = { _id: -1 } as const;

export function launchLog({ models: { launchNotes } }: Database): LaunchLog {
  async function tidy(at: Instant): Promise<void> {
    await launchNotes.deleteMany({ at: { $lt: at - LAUNCH_NOTES.keptMs } });
    if ((await launchNotes.estimatedDocumentCount()) <= LAUNCH_NOTES.most) return;
    const surplus = await launchNotes
      .findOne({}, { _id: 1 })
      .sort(NEWEST_FIRST)
      .skip(LAUNCH_NOTES.most)
      .lean();
    if (surplus !== null) await launchNotes.deleteMany({ _id: { $lte: surplus._id } });
  }

  const add = gather(async (notes: readonly LaunchNote[]) => {
    await launchNotes.collection.insertMany(
      notes.map((note) => ({ ...note })),
      LIGHTLY,
    );
    return notes;
  });

  let tidiedAt = -Infinity;
  return {
    noteLaunch: async (note) => {
      await add(note);
      if (note.at - tidiedAt < LAUNCH_NOTES.tidiedEveryMs) return;
      tidiedAt = note.at;
      await tidy(note.at);
    },
    launchNotes: (platformId, limit) =>
      launchNotes
        .find(platformId === null ? {} : { platformId }, { _id: 0 })
        .sort(NEWEST_FIRST)
        .limit(limit)
        .lean<LaunchNote[]>(),
  };
}
