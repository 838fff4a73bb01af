/**
 * Runs many pieces of work side by side, those with the same key one after the other. `begin` resolves when there is room
 * for the next one; it, or `end`, throws the first error of any of them, and nothing more is begun after that.
 */
export function createSideBySide(most: number): {
  readonly begin: (key: string, work: () => Promise<void>) => Promise<void>;
  /** Resolves when all of it is done. */
  readonly end: () => Promise<void>;
} {
  const lastOf = new Map<string, Promise<void>>();
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];

  function check(): void {
    if (failures.length > 0) throw failures[0];
  }

  return {
    begin: async (key, work) => {
      while (running.size >= most) await Promise.race(running);
      check();
      const job = (lastOf.get(key) ?? Promise.resolve())
        .then(() => (failures.length > 0 ? undefined : work()))
        .catch((error: unknown) => {
          failures.push(error);
        })
        .finally(() => {
          running.delete(job);
          if (lastOf.get(key) === job) lastOf.delete(key);
        });
      lastOf.set(key, job);
      running.add(job);
    },
    end: async () => {
      await Promise.all(running);
      check();
    },
  };
}
