import { setPriority } from 'node:os';

/** As `nice` does it by default. */
const BEHIND = 10;

/**
 * Puts the calling thread behind the one that answers pages, where both want the same processor. On Linux 0 stands for the
 * calling thread alone (setpriority(2)); elsewhere it would be the whole server, so nothing is done there.
 */
export function stepAside(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, BEHIND);
  } catch {
    // A container may forbid it: reading then competes as before.
  }
}
