import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DeliveryResult, GradebookCell } from '../domain/gradebook.ts';
import type { Now } from '../domain/instant.ts';
import type { GradebookStore } from '../domain/ports/gradebook-store.ts';
import type { SendScore } from '../domain/ports/lms-gradebook.ts';
import type { Log } from '../domain/ports/log.ts';
import type { PaceStore } from '../domain/ports/pace-store.ts';
import { afterAnswer, afterFailure, allowance, CLOSED } from './circuit-breaker.ts';
import { createRateBudget } from './rate-budget.ts';
import { settleDelivery } from './settle-delivery.ts';
import { isTooManyRequests } from './too-many-requests.ts';

/** How many scores of one platform are under way at a time: at first and after trouble, and while all goes well. */
const NARROW = 4;
const WIDE = 16;
/** An LMS that took so many and refused none: the next score is sent while the answer to this one is written down. */
const SHOWS_NO_LIMIT = 200;
/** With more answers than this to write down, the storage is the slower one: nothing more is begun for each. */
const MOST_UNWRITTEN = 32;
const LEASE_MS = 60_000;
/** What one delivery may take; with less of the lease left it is not begun. */
const LONGEST_DELIVERY_MS = 50_000;

export type LaneDeps = {
  readonly store: Pick<
    GradebookStore,
    'claimDue' | 'markDelivered' | 'markRetry' | 'markParked' | 'unclaim'
  > &
    PaceStore;
  readonly sendScore: SendScore;
  readonly now: Now;
  readonly log: Log;
  readonly owner: string;
  readonly random: () => number;
  /** Does it in so many milliseconds; false, and never done, when the worker does not run. */
  readonly later: (run: () => void, ms: number) => boolean;
};

/** The deliveries of one platform. A platform that hangs fills its own lane and no other. */
export type Lane = {
  /** Claims and sends what is due as far as there is room. Resolves when it has begun, not when it has ended. */
  readonly fill: () => Promise<void>;
  /** Resolves when nothing is under way. */
  readonly idle: () => Promise<void>;
  /** Begins nothing any more. */
  readonly close: () => void;
  readonly isOnHold: () => boolean;
  /** Deliveries begun so far. */
  readonly begun: () => number;
};

export function createLane(platformId: string, deps: LaneDeps): Lane {
  const { store, sendScore, now, log, owner } = deps;
  const underWay = new Map<string, Promise<void>>();
  /** Those that still have a place: the LMS has not answered, or the answer is to be written down first. */
  let sending = 0;
  /** Activities whose column has taken a score; until then theirs are sent one after the other (Brightspace would make a column each). */
  const proven = new Set<string>();
  const queues = new Map<string, Promise<void>>();
  const budget = createRateBudget(platformId, deps);
  let circuit = CLOSED;
  let width = NARROW;
  let isWaiting = false;
  let isOpen = true;
  let filling: Promise<void> | null = null;
  let fillAgain = false;
  let begun = 0;

  function room(): number {
    const allowed = isOpen ? allowance(circuit, now()) : 'none';
    if (allowed === 'none') return 0;
    const unwritten = underWay.size - sending;
    return (allowed === 'probe' ? 1 : width) - sending - Math.max(0, unwritten - MOST_UNWRITTEN);
  }

  function fill(): Promise<void> {
    fillAgain = true;
    filling ??= claimAll().finally(() => {
      filling = null;
      // Asked for in the very moment in which it ended.
      return fillAgain ? fill() : undefined;
    });
    return filling;
  }

  async function claimAll(): Promise<void> {
    while (fillAgain) {
      // Deliveries that were written down together end together: then one claim fills all their places.
      await nextTurn();
      fillAgain = false;
      const limit = room();
      if (limit <= 0) return;
      const { granted, waitMs } = await budget.take(limit);
      if (granted === 0) return lookAgainIn(waitMs);
      const cells = await store.claimDue(platformId, now(), now() + LEASE_MS, owner, granted);
      budget.giveBack(granted - cells.length);
      for (const cell of cells) begin(cell);
    }
  }

  function lookAgainIn(ms: number): void {
    if (isWaiting) return;
    isWaiting = deps.later(() => {
      isWaiting = false;
      fillQuietly();
    }, ms);
  }

  function fillQuietly(): void {
    void fill().catch((error: unknown) => log.warn({ platformId, err: error }, 'due scores cannot be read'));
  }

  function begin(cell: GradebookCell): void {
    const key = JSON.stringify([cell.activityId, cell.userId]);
    const earlier = underWay.get(key);
    // A newer state, or its lease ran out while we were still at it: the one under way ends first.
    if (earlier !== undefined) return void earlier.then(() => begin(cell));
    const before = proven.has(cell.activityId) ? undefined : queues.get(cell.activityId);
    let hasPlace = true;
    sending += 1;
    const leave = () => {
      if (hasPlace) sending -= 1;
      hasPlace = false;
    };
    const delivery = (before ?? Promise.resolve())
      .then(() => deliver(cell, leave))
      .catch((error: unknown) => log.warn({ platformId, err: error }, 'delivery could not be written down'))
      .finally(() => {
        leave();
        underWay.delete(key);
        if (queues.get(cell.activityId) === delivery) queues.delete(cell.activityId);
        fillQuietly();
      });
    underWay.set(key, delivery);
    if (!proven.has(cell.activityId)) queues.set(cell.activityId, delivery);
  }

  async function deliver(cell: GradebookCell, leave: () => void): Promise<void> {
    const isStillOurs = (cell.leaseUntil ?? 0) - now() >= LONGEST_DELIVERY_MS;
    if (!isOpen || !isStillOurs || isOnHold()) return store.unclaim(cell, owner);
    begun += 1;
    const result = await sendScore(cell);
    await heed(result, cell.activityId);
    if (begun >= SHOWS_NO_LIMIT && !budget.isLimited()) {
      leave();
      fillQuietly();
    }
    await settleDelivery(deps, cell, result, now());
  }

  /** What the answer says of the LMS, whatever it says of the score. */
  async function heed(result: DeliveryResult, activityId: string): Promise<void> {
    if (result.kind !== 'retry') {
      circuit = afterAnswer();
      width = Math.min(width + 1, WIDE);
      budget.accepted(result.kind === 'delivered' ? (result.quota ?? null) : null, underWay.size - 1);
      if (result.kind === 'delivered') proven.add(activityId);
      return;
    }
    const wasOnHold = isOnHold();
    if (isTooManyRequests(result.error)) {
      await budget.refused(result.retryAfterMs);
    } else {
      circuit = afterFailure(circuit, now());
      width = NARROW;
    }
    if (!wasOnHold && isOnHold())
      log.warn({ platformId, reason: result.error.key, status: result.error.status }, 'platform on hold');
  }

  const isOnHold = () => budget.isOnHold() || allowance(circuit, now()) === 'none';

  return {
    fill,
    idle: async () => {
      while (filling !== null || underWay.size > 0) await Promise.allSettled([filling, ...underWay.values()]);
    },
    close: () => {
      isOpen = false;
    },
    isOnHold: () => budget.isOnHold() || circuit.holdUntil !== null,
    begun: () => begun,
  };
}
