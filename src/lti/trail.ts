/**
 * Which checks of one launch passed and which failed: the launch line of the log, by which an operator explains a refusal
 * and a certifier follows a test. Ids and codes only.
 */
export type Trail = {
  /** Runs a check; its name is kept as passed, or as the one that failed. */
  readonly step: <T>(name: string, check: () => T | Promise<T>) => Promise<T>;
  readonly note: (fields: Readonly<Record<string, string | number | null>>) => void;
  readonly fields: () => Readonly<Record<string, unknown>>;
};

export function createTrail(): Trail {
  const passed: string[] = [];
  let failed: string | null = null;
  let notes: Readonly<Record<string, string | number | null>> = {};
  return {
    async step(name, check) {
      failed = name;
      const result = await check();
      failed = null;
      passed.push(name);
      return result;
    },
    note(fields) {
      notes = { ...notes, ...fields };
    },
    fields: () => ({ ...notes, passed, failed }),
  };
}
