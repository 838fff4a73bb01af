import type { RequestHandler, Response } from 'express';

/** One call that the platform received from a tool or a browser. No token and no signature is kept. */
export type ServiceCall = {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly note: string;
};

export type ServiceLog = {
  readonly calls: () => readonly ServiceCall[];
  readonly record: RequestHandler;
};

const KEPT = 500;
const NOTE = 'note';

/** Adds what was understood or why it was refused to the log line of this call. */
export function note(res: Response, text: string): void {
  res.locals[NOTE] = text;
}

export function createServiceLog(now: () => number): ServiceLog {
  const calls: ServiceCall[] = [];
  return {
    calls: () => calls,
    record: (req, res, next) => {
      const at = now();
      const started = performance.now();
      const path = req.baseUrl + req.path;
      res.once('close', () => {
        const text: unknown = res.locals[NOTE];
        calls.push({
          at,
          method: req.method,
          path,
          // A connection that was cut before an answer has no status.
          status: res.writableFinished ? res.statusCode : 0,
          durationMs: Math.round(performance.now() - started),
          note: typeof text === 'string' ? text : '',
        });
        if (calls.length > KEPT) calls.shift();
      });
      next();
    },
  };
}
