import { LAUNCH_NOTES, type LaunchNote } from '../../domain/launch-note.ts';
import type { LaunchLog } from '../../domain/ports.ts';
import type { Database } from './connection.ts';

/** Object ids rise with the time and, within a process, with the order of writing. */
const NEWEST_FIRST = { _id: -1 } as const;

export function launchLog({ models: { launchNotes } }: Database): LaunchLog {
  return {
    noteLaunch: async (note) => {
      await launchNotes.insertOne(note);
      await launchNotes.deleteMany({ at: { $lt: note.at - LAUNCH_NOTES.keptMs } });
      if ((await launchNotes.estimatedDocumentCount()) <= LAUNCH_NOTES.most) return;
      const surplus = await launchNotes
        .findOne({}, { _id: 1 })
        .sort(NEWEST_FIRST)
        .skip(LAUNCH_NOTES.most)
        .lean();
      if (surplus !== null) await launchNotes.deleteMany({ _id: { $lte: surplus._id } });
    },
    launchNotes: (platformId, limit) =>
      launchNotes
        .find(platformId === null ? {} : { platformId }, { _id: 0 })
        .sort(NEWEST_FIRST)
        .limit(limit)
        .lean<LaunchNote[]>(),
  };
}
