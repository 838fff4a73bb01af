import type { Log } from '../../src/domain/ports/log.ts';

export type LogLine = {
  readonly level: keyof Log;
  readonly message: string;
  readonly [field: string]: unknown;
};

/** A log that a test can read. */
export function createMemoryLog(): { readonly log: Log; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const write = (level: keyof Log) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ ...fields, level, message });
  };
  return { log: { info: write('info'), warn: write('warn'), error: write('error') }, lines };
}
