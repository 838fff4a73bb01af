import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestHandler, Response } from 'express';

export const ENDPOINTS = ['jwks', 'token', 'line-items', 'scores', 'results', 'roster'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** One way of misbehaving. What is not named stays right. */
export type Fault = {
  /** Waits before it answers. */
  readonly delayMs?: number;
  /** Says no with this status instead of doing the work. */
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  /** Closes the connection: before the work, or after it so that only the answer is lost. */
  readonly hangUp?: 'before' | 'after';
  /** Misbehaves this many times, then is well again. Always, if not given. */
  readonly times?: number;
};

export type Faults = { readonly [endpoint in Endpoint]?: Fault } & {
  /** Access tokens live this long; 0 hands out dead ones. */
  readonly tokenLifetimeSeconds?: number;
  /** Compares score timestamps in whole seconds, as Moodle does. */
  readonly scoreClock?: 'milliseconds' | 'seconds';
  /** Says no now and then, the way a busy LMS does: `share` of all service calls, the same ones for the same seed. */
  readonly busy?: { readonly share: number; readonly seed: number };
};

export type FaultControl = {
  /** Replaces every fault that was set before. */
  readonly set: (faults: Faults) => void;
  readonly clear: () => void;
  readonly current: () => Faults;
  /** Runs before the endpoint and misbehaves if it was told to. */
  readonly on: (endpoint: Endpoint) => RequestHandler;
};

/** What busy LMSs answer, the commonest more than once. */
const BUSY: readonly Fault[] = [
  { status: 503 },
  { status: 503 },
  { status: 429, retryAfterSeconds: 1 },
  { status: 429, retryAfterSeconds: 1 },
  { status: 500 },
  { status: 401 },
  { hangUp: 'before' },
  { hangUp: 'after' },
];

export function createFaultControl(initial: Faults = {}): FaultControl {
  let faults: Faults = initial;
  let used = new Map<Endpoint, number>();
  let draw = seededDraw(initial.busy?.seed ?? 0);

  const set = (next: Faults): void => {
    faults = next;
    used = new Map();
    draw = seededDraw(next.busy?.seed ?? 0);
  };
  const faultOf = (endpoint: Endpoint): Fault | undefined => {
    const fault = faults[endpoint];
    if (fault !== undefined) {
      const count = (used.get(endpoint) ?? 0) + 1;
      used.set(endpoint, count);
      if (fault.times === undefined || count <= fault.times) return fault;
    }
    if (faults.busy === undefined || draw() >= faults.busy.share) return undefined;
    return BUSY[Math.floor(draw() * BUSY.length)];
  };

  return {
    set,
    clear: () => set({}),
    current: () => faults,
    on: (endpoint) => async (_req, res, next) => {
      const fault = faultOf(endpoint);
      if (fault === undefined) return next();
      if (fault.delayMs !== undefined) await sleep(fault.delayMs, undefined, { ref: false });
      if (fault.hangUp === 'before') return void res.req.socket.destroy();
      if (fault.hangUp === 'after') hangUpInsteadOfAnswering(res);
      if (fault.status === undefined) return next();
      if (fault.retryAfterSeconds !== undefined) res.set('retry-after', String(fault.retryAfterSeconds));
      res.status(fault.status).json({ error: `asked to answer ${fault.status}` });
    },
  };
}

function hangUpInsteadOfAnswering(res: Response): void {
  res.end = () => {
    res.req.socket.destroy();
    return res;
  };
}

/** Numbers in [0, 1) that repeat for the same seed (mulberry32). */
function seededDraw(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
