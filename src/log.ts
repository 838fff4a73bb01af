import { pino } from 'pino';
import type { Log } from './domain/ports/log.ts';

/** One JSON object a line, on stderr so that commands can print their result on stdout. */
export function createLog(level: 'info' | 'warn' | 'silent' = 'info'): Log {
  const logger = pino(
    {
      level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      // Only what an operator needs of an error: a message may quote input, a stack never does.
      serializers: {
        err: (error: unknown) =>
          error instanceof Error
            ? { type: error.name, stack: error.stack?.split('\n').slice(1, 8).join('\n') }
            : {},
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}
