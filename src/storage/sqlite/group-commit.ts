import type { DatabaseSync } from 'node:sqlite';

type Waiting = {
  readonly work: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
};

type Run = <T>(work: () => T) => T;

export type GroupCommit = {
  /**
   * Runs `work` as if in a transaction of its own, all of it or nothing, beside others of the same moment: they reach the
   * disk with one commit. Answers after that commit, so what was answered stays, as if each had waited for the disk alone.
   */
  readonly join: <T>(work: () => T) => Promise<T>;
  /** Runs at once what is waiting; resolves when all that was joined is answered. */
  readonly flush: () => Promise<void>;
};

/**
 * @param guarded runs a statement and says plainly when the storage cannot serve
 * @param lightly commits without a wait for the disk, which would be everybody's wait
 * @param reachDisk resolves when all that was committed before has reached the disk
 */
export function createGroupCommit(
  database: DatabaseSync,
  guarded: Run,
  lightly: Run,
  reachDisk: () => Promise<void>,
): GroupCommit {
  let waiting: Waiting[] = [];
  let last: Promise<void> = Promise.resolve();
  const run = (sql: string) => guarded(() => database.exec(sql));

  function flush(): Promise<void> {
    const group = waiting;
    waiting = [];
    if (group.length > 0) last = Promise.all([last, settle(group)]).then(() => undefined);
    return last;
  }

  async function settle(group: readonly Waiting[]): Promise<void> {
    try {
      const answers = lightly(() => commit(group));
      await reachDisk();
      for (const answer of answers) answer();
    } catch (error) {
      for (const one of group) one.reject(error);
    }
  }

  /** All that did not fail by itself, or nothing of the group: also not of those before the one that could not be written. */
  function commit(group: readonly Waiting[]): readonly (() => void)[] {
    try {
      run('BEGIN IMMEDIATE');
      const answers = group.map(runOne);
      run('COMMIT');
      return answers;
    } catch (error) {
      if (database.isOpen && database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Returns what to tell when the group is on the disk. */
  function runOne({ work, resolve, reject }: Waiting): () => void {
    run('SAVEPOINT one');
    try {
      const result = work();
      run('RELEASE one');
      return () => resolve(result);
    } catch (error) {
      // A full disk or a failed write may have taken the whole transaction back.
      if (!database.isTransaction) throw error;
      run('ROLLBACK TO one');
      run('RELEASE one');
      return () => reject(error);
    }
  }

  return {
    join: <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ work, resolve: (result) => resolve(result as T), reject });
      }),
    flush,
  };
}
