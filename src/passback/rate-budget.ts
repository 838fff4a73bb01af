import type { Instant, Now } from '../domain/instant.ts';
import { type Pace, type Quota, unlimitedPace } from '../domain/pace.ts';
import type { PaceStore } from '../domain/ports/pace-store.ts';
import { afterRefusal, holdLeft, paceAt, takeFrom } from './pace.ts';
import { createThroughput } from './throughput.ts';

/** What other processes on the store learn is known here after this long. */
const LOOK_AGAIN_MS = 1_000;
/** With a limit, so much of it is taken at once, so that not every score asks the store. */
const TAKEN_AT_ONCE_MS = 100;
/** Shorter waits are not worth a timer. */
const SHORTEST_WAIT_MS = 10;
const MOST_TRIES = 20;
/** Whole seconds say too little of a shorter time: then the pace that was worked out before goes on. */
const SHORTEST_RESET_MS = 2_000;

/** How many scores may be sent to one platform now: what the operator allows and the LMS takes, shared by all processes. */
export type RateBudget = {
  /** How many of `wanted` may be begun; when none, `waitMs` says in how many milliseconds to ask again. */
  readonly take: (wanted: number) => Promise<{ readonly granted: number; readonly waitMs: number }>;
  /** Some that were granted are not used after all. */
  readonly giveBack: (count: number) => void;
  /** The LMS took a request; `quota` is what it says is left, `underWay` how many more it does not know of yet. */
  readonly accepted: (quota: Quota | null, underWay: number) => void;
  /** The LMS refused a request as one too many. Resolves when the other processes can know. */
  readonly refused: (retryAfterMs: number | null) => Promise<void>;
  readonly isOnHold: () => boolean;
  /** Whether a pace is kept, the operator's or one that the LMS taught. */
  readonly isLimited: () => boolean;
};

export function createRateBudget(
  platformId: string,
  { store, now }: { readonly store: PaceStore; readonly now: Now },
): RateBudget {
  const throughput = createThroughput();
  let pace: Pace = unlimitedPace(platformId);
  let lookedAt: Instant | null = null;
  let spare = { count: 0, at: 0 };
  let quota: { readonly perSecond: number; readonly until: Instant; readonly from: Instant } | null = null;
  let quotaUsedUntil = 0;

  async function look(): Promise<void> {
    const before = pace.holdUntil;
    pace = (await store.pace(platformId)) ?? unlimitedPace(platformId);
    lookedAt = now();
    if (pace.holdUntil !== null && pace.holdUntil !== before) throughput.reset(pace.holdUntil);
  }

  /** Changes the shared pace whatever others write at the same moment. */
  async function change<T>(
    make: (pace: Pace) => { readonly pace: Pace; readonly result: T },
  ): Promise<T | null> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const { pace: next, result } = make(pace);
      const stored = { ...next, version: pace.version + 1 };
      if (await store.savePace(stored, pace.version)) {
        pace = stored;
        lookedAt = now();
        return result;
      }
      await look();
    }
    return null;
  }

  async function takeShared(wanted: number): Promise<{ granted: number; waitMs: number }> {
    const limit = paceAt(pace, now());
    if (limit === null) return { granted: wanted, waitMs: 0 };
    if (spare.count > 0 && Math.abs(now() - spare.at) < LOOK_AGAIN_MS) {
      const granted = Math.min(spare.count, wanted);
      spare = { count: spare.count - granted, at: spare.at };
      return { granted, waitMs: 0 };
    }
    const atOnce = Math.max(wanted, Math.floor((limit * TAKEN_AT_ONCE_MS) / 1000));
    const taken = await change((known) => {
      const { usedUntil, ...result } = takeFrom(
        known.usedUntil,
        paceAt(known, now()) ?? limit,
        now(),
        atOnce,
      );
      return { pace: { ...known, usedUntil }, result };
    });
    if (taken === null) return { granted: 0, waitMs: SHORTEST_WAIT_MS };
    const granted = Math.min(taken.granted, wanted);
    spare = { count: taken.granted - granted, at: now() };
    return { granted, waitMs: taken.waitMs };
  }

  /** Each process hears from the LMS what is left for all, so this part is not shared. */
  function takeQuota(wanted: number): { granted: number; waitMs: number } {
    if (quota === null || now() >= quota.until || now() < quota.from) return { granted: wanted, waitMs: 0 };
    if (quota.perSecond <= 0) return { granted: 0, waitMs: quota.until - now() };
    const taken = takeFrom(quotaUsedUntil, quota.perSecond, now(), wanted);
    quotaUsedUntil = taken.usedUntil;
    return taken;
  }

  return {
    take: async (wanted) => {
      if (lookedAt === null || Math.abs(now() - lookedAt) >= LOOK_AGAIN_MS) await look();
      const held = holdLeft(pace, now());
      if (held > 0) return { granted: 0, waitMs: Math.min(held, LOOK_AGAIN_MS) };
      const ofQuota = takeQuota(wanted);
      const answer = ofQuota.granted === 0 ? ofQuota : await takeShared(ofQuota.granted);
      return { granted: answer.granted, waitMs: Math.max(answer.waitMs, SHORTEST_WAIT_MS) };
    },
    giveBack: (count) => {
      if (paceAt(pace, now()) !== null && count > 0) spare = { count: spare.count + count, at: now() };
    },
    accepted: (said, underWay) => {
      throughput.count(now());
      if (said === null) return;
      const left = said.left - underWay;
      if (said.resetMs > SHORTEST_RESET_MS) {
        quota = {
          perSecond: Math.max(0, (left * 1000) / said.resetMs),
          from: now(),
          until: now() + said.resetMs,
        };
      }
    },
    refused: async (retryAfterMs) => {
      spare = { count: 0, at: 0 };
      const run = throughput.recent(now());
      await change((known) => ({ pace: afterRefusal(known, run, now(), retryAfterMs), result: null }));
      throughput.reset(pace.holdUntil ?? now());
    },
    isOnHold: () => holdLeft(pace, now()) > 0,
    isLimited: () => paceAt(pace, now()) !== null,
  };
}
