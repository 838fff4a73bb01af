import type { Now } from './domain/instant.ts';
import type { LaunchStore } from './domain/ports/launch-store.ts';
import type { Log } from './domain/ports/log.ts';

/** A session that is over still says for a day who typed what is being posted, so that nothing is lost. */
const KEPT_MS = 24 * 3_600_000;

/** Deletes logins and sessions nobody needs any more. */
export function housekeeping(deps: {
  readonly store: Pick<LaunchStore, 'purgeLaunches'>;
  readonly now: Now;
  readonly log: Log;
}): () => Promise<void> {
  return async () => {
    const purged = await deps.store.purgeLaunches(deps.now() - KEPT_MS);
    deps.log.info({ purged }, 'old logins and sessions deleted');
  };
}
