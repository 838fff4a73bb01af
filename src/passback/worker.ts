import type { Now } from '../domain/instant.ts';
import type { GradebookStore } from '../domain/ports/gradebook-store.ts';
import type { SendScore } from '../domain/ports/lms-gradebook.ts';
import type { Log } from '../domain/ports/log.ts';
import type { PaceStore } from '../domain/ports/pace-store.ts';
import { createLane, type Lane } from './lane.ts';
import { realTimers, type Timers } from './timers.ts';

const POLL_MS = 1_000;
/** What `stop` waits for deliveries under way; their leases are given back then, and the next worker sends them again. */
const STOP_MS = 4_000;

export type Worker = {
  /** Looks for due cells every second until `stop`. */
  readonly start: () => void;
  /** Looks at once: a cell has just become due. */
  readonly wake: () => void;
  /** Begins nothing any more, lets what is under way end for a few seconds, gives back the leases. */
  readonly stop: () => Promise<void>;
  /** Platforms that this process leaves alone for a while, because they failed again and again or asked it to wait. */
  readonly onHold: () => readonly string[];
  /** Sends all that is due now and resolves when it is done. Returns how many deliveries were tried. */
  readonly runOnce: () => Promise<number>;
};

/**
 * Brings the gradebooks of all platforms to their desired state: the only place in the product that sends a score. What is
 * due is in the store, so a crash at any moment loses nothing; `owner` must be another one for every start of every process.
 */
export function createWorker(options: {
  readonly store: Pick<
    GradebookStore,
    'platformsDue' | 'claimDue' | 'markDelivered' | 'markRetry' | 'markParked' | 'unclaim' | 'releaseLeases'
  > &
    PaceStore;
  readonly sendScore: SendScore;
  readonly now: Now;
  readonly log: Log;
  readonly owner: string;
  readonly random?: () => number;
  readonly timers?: Timers;
}): Worker {
  const { store, now, log, owner, timers = realTimers } = options;
  const waits = new Set<unknown>();
  const laneDeps = { ...options, random: options.random ?? Math.random, later };
  const lanes = new Map<string, Lane>();
  let poll: unknown = null;
  let isRunning = false;
  let isStopped = false;
  let looking: Promise<void> | null = null;
  let lookAgain = false;

  function laneOf(platformId: string): Lane {
    let lane = lanes.get(platformId);
    if (lane === undefined) {
      lane = createLane(platformId, laneDeps);
      lanes.set(platformId, lane);
    }
    return lane;
  }

  /** One look at a time; a wish for another one while it lasts is kept. */
  function look(): Promise<void> {
    lookAgain = true;
    looking ??= lookNow().finally(() => {
      looking = null;
    });
    return looking;
  }

  async function lookNow(): Promise<void> {
    while (lookAgain && !isStopped) {
      lookAgain = false;
      try {
        const due = await store.platformsDue(now());
        await Promise.all(due.map((platformId) => laneOf(platformId).fill()));
      } catch (error) {
        log.warn({ err: error }, 'due scores cannot be read');
      }
    }
  }

  function later(run: () => void, ms: number): boolean {
    if (!isRunning || isStopped) return false;
    const timer = timers.set(() => {
      waits.delete(timer);
      run();
    }, ms);
    waits.add(timer);
    return true;
  }

  function schedule(): void {
    if (!isRunning || isStopped) return;
    poll = timers.set(() => void look().then(schedule), POLL_MS);
  }

  async function idle(): Promise<void> {
    await looking;
    await Promise.all([...lanes.values()].map((lane) => lane.idle()));
  }

  return {
    start: () => {
      if (isRunning || isStopped) return;
      isRunning = true;
      void look().then(schedule);
    },
    wake: () => {
      if (isRunning) void look();
    },
    stop: async () => {
      isStopped = true;
      for (const timer of [poll, ...waits]) timers.clear(timer);
      for (const lane of lanes.values()) lane.close();
      let timer: unknown = null;
      const patience = new Promise<void>((resolve) => {
        timer = timers.set(resolve, STOP_MS);
      });
      await Promise.race([idle(), patience]);
      timers.clear(timer);
      await store.releaseLeases(owner);
    },
    onHold: () => [...lanes].filter(([, lane]) => lane.isOnHold()).map(([platformId]) => platformId),
    runOnce: async () => {
      const tried = () => [...lanes.values()].reduce((sum, lane) => sum + lane.begun(), 0);
      const before = tried();
      await look();
      await idle();
      return tried() - before;
    },
  };
}
