import type { GradebookCell } from '../domain/gradebook.ts';
import type { Now } from '../domain/instant.ts';
import type { GradebookStore, Log, SendScore } from '../domain/ports.ts';
import { afterAnswer, afterFailure, allowance, CLOSED } from './circuit-breaker.ts';
import { settleDelivery } from './settle-delivery.ts';

/** How many scores of one platform are under way at a time. */
const CONCURRENCY = 4;
const LEASE_MS = 60_000;
/** What one delivery may take; with less of the lease left it is not begun. */
const LONGEST_DELIVERY_MS = 50_000;

export type LaneDeps = {
  readonly store: Pick<GradebookStore, 'claimDue' | 'markDelivered' | 'markRetry' | 'markParked'>;
  readonly sendScore: SendScore;
  readonly now: Now;
  readonly log: Log;
  readonly owner: string;
  readonly random: () => number;
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
  /** Activities whose column has taken a score; until then theirs are sent one after the other (Brightspace would make a column each). */
  const proven = new Set<string>();
  const queues = new Map<string, Promise<void>>();
  let circuit = CLOSED;
  let isOpen = true;
  let filling: Promise<void> | null = null;
  let fillAgain = false;
  let begun = 0;

  function room(): number {
    const allowed = isOpen ? allowance(circuit, now()) : 'none';
    if (allowed === 'none') return 0;
    return (allowed === 'probe' ? 1 : CONCURRENCY) - underWay.size;
  }

  function fill(): Promise<void> {
    fillAgain = true;
    filling ??= claimAll().finally(() => {
      filling = null;
    });
    return filling;
  }

  async function claimAll(): Promise<void> {
    while (fillAgain) {
      fillAgain = false;
      const limit = room();
      if (limit <= 0) return;
      const cells = await store.claimDue(platformId, now(), now() + LEASE_MS, owner, limit);
      for (const cell of cells) begin(cell);
    }
  }

  function begin(cell: GradebookCell): void {
    const key = JSON.stringify([cell.activityId, cell.userId]);
    // Its lease ran out while we were still at it: the one under way ends first.
    if (underWay.has(key)) return;
    const before = proven.has(cell.activityId) ? undefined : queues.get(cell.activityId);
    const delivery = (before ?? Promise.resolve())
      .then(() => deliver(cell))
      .catch((error: unknown) => log.warn({ platformId, err: error }, 'delivery could not be written down'))
      .finally(() => {
        underWay.delete(key);
        if (queues.get(cell.activityId) === delivery) queues.delete(cell.activityId);
        void fill().catch((error: unknown) =>
          log.warn({ platformId, err: error }, 'due scores cannot be read'),
        );
      });
    underWay.set(key, delivery);
    if (!proven.has(cell.activityId)) queues.set(cell.activityId, delivery);
  }

  async function deliver(cell: GradebookCell): Promise<void> {
    const isStillOurs = (cell.leaseUntil ?? 0) - now() >= LONGEST_DELIVERY_MS;
    // What is left alone here keeps its lease for a moment and is claimed again after it.
    if (!isOpen || !isStillOurs || allowance(circuit, now()) === 'none') return;
    begun += 1;
    const result = await sendScore(cell);
    if (result.kind === 'retry') {
      const wasClosed = circuit.holdUntil === null;
      circuit = afterFailure(circuit, now(), result.error.status === 429 ? result.retryAfterMs : null);
      if (wasClosed && circuit.holdUntil !== null) {
        log.warn({ platformId, reason: result.error.key, status: result.error.status }, 'platform on hold');
      }
    } else {
      circuit = afterAnswer();
      if (result.kind === 'delivered') proven.add(cell.activityId);
    }
    await settleDelivery(deps, cell, result, now());
  }

  return {
    fill,
    idle: async () => {
      while (filling !== null || underWay.size > 0) await Promise.allSettled([filling, ...underWay.values()]);
    },
    close: () => {
      isOpen = false;
    },
    isOnHold: () => circuit.holdUntil !== null,
    begun: () => begun,
  };
}
