import type { DeliveryResult } from '../../src/domain/gradebook.ts';
import type { Quota } from '../../src/domain/pace.ts';

/** How an LMS counts requests: a bucket that fills evenly, or so many in each window of time. */
export type Limit =
  | { readonly kind: 'bucket'; readonly perSecond: number; readonly holds: number }
  | { readonly kind: 'window'; readonly requests: number; readonly ms: number };
export type Manners = {
  /** Says how many whole seconds to wait, as the header does. */
  readonly saysWait: boolean;
  /** Says with each answer what is left (Brightspace). */
  readonly saysLeft?: boolean;
};

/** An LMS that takes so many scores a second and no more. */
export function createLimitedLms(limit: Limit, manners: Manners, now: () => number) {
  const counts = { taken: 0, refused: 0, mostInASecond: 0 };
  const began = now();
  const seconds = new Map<number, number>();
  let level = limit.kind === 'bucket' ? limit.holds : 0;
  let filledAt = began;
  let window = -1;
  let used = 0;

  function take(): { readonly waitMs: number; readonly quota: Quota | null } | null {
    if (limit.kind === 'bucket') {
      level = Math.min(limit.holds, level + ((now() - filledAt) * limit.perSecond) / 1000);
      filledAt = now();
      if (level < 1) return { waitMs: ((1 - level) * 1000) / limit.perSecond, quota: null };
      level -= 1;
      return null;
    }
    const at = Math.floor((now() - began) / limit.ms);
    if (at !== window) {
      window = at;
      used = 0;
    }
    const waitMs = (at + 1) * limit.ms - (now() - began);
    if (used >= limit.requests) return { waitMs, quota: null };
    used += 1;
    return null;
  }

  const quota = (): Quota | null =>
    manners.saysLeft === true && limit.kind === 'window'
      ? {
          left: limit.requests - used,
          resetMs: Math.ceil(((window + 1) * limit.ms - (now() - began)) / 1000) * 1000,
        }
      : null;

  return {
    counts,
    answer: (): DeliveryResult => {
      const refusal = take();
      if (refusal !== null) {
        counts.refused += 1;
        return {
          kind: 'retry',
          error: { key: 'lms-busy', status: 429, excerpt: '' },
          retryAfterMs: manners.saysWait ? Math.ceil(refusal.waitMs / 1000) * 1000 : null,
        };
      }
      counts.taken += 1;
      const second = Math.floor((now() - began) / 1000);
      seconds.set(second, (seconds.get(second) ?? 0) + 1);
      counts.mostInASecond = Math.max(...seconds.values());
      const left = quota();
      return left === null ? { kind: 'delivered' } : { kind: 'delivered', quota: left };
    },
  };
}
