import type { Instant } from '../domain/instant.ts';

const SLOT_MS = 100;
const SLOTS_KEPT = 50;

/** How many requests the LMS accepted of late. */
export type Throughput = {
  readonly count: (now: Instant) => void;
  /** Begins anew: what was before a wait says nothing of what follows. */
  readonly reset: (now: Instant) => void;
  /** Accepted requests of the last seconds, the milliseconds they took, and the highest pace, in requests a second. */
  readonly recent: (now: Instant) => {
    readonly accepted: number;
    readonly ms: number;
    readonly peak: number;
  };
};

export function createThroughput(): Throughput {
  let slots: { readonly at: Instant; count: number }[] = [];
  let begun: Instant | null = null;

  return {
    count: (now) => {
      begun ??= now;
      const at = Math.floor(now / SLOT_MS) * SLOT_MS;
      const last = slots.at(-1);
      if (last?.at === at) last.count += 1;
      else slots.push({ at, count: 1 });
      if (slots.length > SLOTS_KEPT) slots.shift();
    },
    reset: (now) => {
      slots = [];
      begun = now;
    },
    recent: (now) => {
      const first = slots[0];
      if (first === undefined || begun === null) return { accepted: 0, ms: 0, peak: 0 };
      const from = slots.length < SLOTS_KEPT ? begun : first.at;
      let accepted = 0;
      let peak = 0;
      for (const { at, count } of slots.toReversed()) {
        accepted += count;
        peak = Math.max(peak, (accepted * 1000) / Math.max(SLOT_MS, now - Math.max(at, begun)));
      }
      return { accepted, ms: Math.max(0, now - from), peak };
    },
  };
}
