import type { LaunchNote } from '../launch-note.ts';

export interface LaunchLog {
  /** Keeps the newest `LAUNCH_NOTES.most`, and none for longer than `LAUNCH_NOTES.keptMs`. */
  noteLaunch(note: LaunchNote): Promise<void>;
  /** Newest first, of one platform or (null) of all. */
  launchNotes(platformId: string | null, limit: number): Promise<readonly LaunchNote[]>;
}
