import { close, fdatasync, openSync, realpathSync } from 'node:fs';
import { promisify } from 'node:util';
import { AppError } from '../../domain/errors.ts';

const sync = promisify(fdatasync);

export type WalSync = {
  /** Resolves when all that was committed before is on the disk, as `synchronous = FULL` would have had it. */
  readonly reachDisk: () => Promise<void>;
  readonly close: () => void;
};

/**
 * Waits for the disk beside the program instead of inside a statement. A commit in WAL mode is an append to the `-wal` file
 * and lasts once that file is synced (sqlite.org/wal.html#performance_considerations); a checkpoint that comes first syncs
 * it, too. Any handle will do: what is synced is the file.
 */
export function createWalSync(path: string): WalSync {
  let handle: number | null = null;
  return {
    reachDisk: async () => {
      if (path === ':memory:') return;
      try {
        // SQLite keeps it beside the file itself, not beside a link to it.
        handle ??= openSync(`${realpathSync(path)}-wal`, 'r+');
        await sync(handle);
      } catch (error) {
        throw new AppError('unavailable', 'errors.unavailable', {}, { cause: error });
      }
    },
    close: () => {
      if (handle !== null) close(handle);
      handle = null;
    },
  };
}
