import type { Background } from './domain/ports/background.ts';
import type { Log } from './domain/ports/log.ts';

export type BackgroundWork = {
  readonly run: Background;
  /** Breaks off what is running and waits until it has ended. */
  readonly stop: () => Promise<void>;
};

/** Work that no request waits for. What it throws is logged, never lost and never the end of the process. */
export function createBackground(log: Log): BackgroundWork {
  const ends = new AbortController();
  const running = new Set<Promise<void>>();
  return {
    run: (name, work) => {
      const job = work(ends.signal)
        .catch((error: unknown) => log.error({ job: name, err: error }, 'background work failed'))
        .finally(() => running.delete(job));
      running.add(job);
      return job;
    },
    stop: async () => {
      ends.abort();
      await Promise.allSettled(running);
    },
  };
}
