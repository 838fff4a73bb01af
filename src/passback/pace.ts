import type { Instant } from '../domain/instant.ts';
import type { LearntPace, Pace } from '../domain/pace.ts';

/** What was not used may be caught up with, as far as this. */
const BURST_MS = 250;
/** Clocks of several processes differ by less; more than that is a clock that was set back. */
const CLOCK_SKEW_MS = 5_000;
/** A wait for an LMS that refuses without saying for how long. */
const UNSAID_WAIT_MS = 1_000;
const SLOWEST = 1;
/** Nothing that this program reaches: as good as no limit. */
const FASTEST = 5_000;
/** Fewer accepted requests say nothing about a pace. */
const FEWEST_TO_LEARN = 5;
/** Held for this long without a refusal, a pace is close to what the LMS takes. */
const STEADY_MS = 3_000;
/** The pace to go on with after a steady one was refused, and how close it may come to that one again. */
const STEP_BACK = 0.97;
const CEILING = 0.97;
const GROWTH_A_SECOND = 1.05;
/** Far below what was refused, and how far that is. */
const CATCH_UP_A_SECOND = 3;
const FAR_BELOW = 1.5;
const RETRY_ABOVE_AFTER_MS = 60_000;
const RETRY_ABOVE_BY = 1.05;

/** How much longer nothing is sent, in milliseconds; a clock that was set back ends the wait. */
export function holdLeft(
  { holdUntil, heldFrom }: Pick<Pace, 'holdUntil' | 'heldFrom'>,
  now: Instant,
): number {
  if (holdUntil === null || heldFrom === null || now < heldFrom - CLOCK_SKEW_MS) return 0;
  return Math.max(0, holdUntil - now);
}

/**
 * Requests a second at this moment, or null for no limit. A learnt pace catches up from far below the one that was refused, then
 * rises by a twentieth a second until shortly below it, and tries a little more each minute, so that a limit that was lifted
 * is forgotten.
 */
export function paceAt({ allowed, learnt }: Pick<Pace, 'allowed' | 'learnt'>, now: Instant): number | null {
  const taught = learnt === null ? FASTEST : learntAt(learnt, now);
  const perSecond = Math.min(allowed ?? FASTEST, taught);
  return perSecond >= FASTEST ? null : perSecond;
}

function learntAt({ perSecond, refused, since }: LearntPace, now: Instant): number {
  const elapsed = Math.max(0, now - since);
  const ceiling = CEILING * refused * RETRY_ABOVE_BY ** Math.floor(elapsed / RETRY_ABOVE_AFTER_MS);
  const near = Math.max(perSecond, refused / FAR_BELOW);
  const fastMs = Math.min(elapsed, (Math.log2(near / perSecond) * 1000) / Math.log2(CATCH_UP_A_SECOND));
  const caughtUp = perSecond * CATCH_UP_A_SECOND ** (fastMs / 1000);
  return Math.max(SLOWEST, Math.min(caughtUp * GROWTH_A_SECOND ** ((elapsed - fastMs) / 1000), ceiling));
}

/** Takes up to `wanted` requests out of a bucket that fills at `perSecond` and holds a moment's worth, at least one. */
export function takeFrom(
  usedUntil: number,
  perSecond: number,
  now: Instant,
  wanted: number,
): { readonly granted: number; readonly usedUntil: number; readonly waitMs: number } {
  const each = 1000 / perSecond;
  const used = usedUntil > now + CLOCK_SKEW_MS ? now : usedUntil;
  const from = Math.max(used, now - Math.max(BURST_MS, each));
  // The fraction is the error of adding up.
  const granted = Math.max(0, Math.min(wanted, Math.floor((now - from) / each + 1e-6)));
  const next = from + granted * each;
  return { granted, usedUntil: next, waitMs: granted > 0 ? 0 : Math.max(1, Math.ceil(next + each - now)) };
}

/**
 * The pace after the LMS refused a request for being one too many. `run` is what this process sent since the last wait:
 * accepted requests, the milliseconds it took, and the highest pace of it.
 */
export function afterRefusal(
  pace: Pace,
  run: { readonly accepted: number; readonly ms: number; readonly peak: number },
  now: Instant,
  retryAfterMs: number | null,
): Pace {
  // Others of the same moment were refused too: one refusal, one lesson.
  const isSame = holdLeft(pace, now) > 0;
  const wait = Math.max(retryAfterMs ?? UNSAID_WAIT_MS, holdLeft(pace, now));
  const holdUntil = now + wait;
  const learnt = isSame ? pace.learnt : lesson(pace, run, now, wait);
  return {
    ...pace,
    learnt: learnt === null ? null : { ...learnt, since: holdUntil },
    holdUntil,
    heldFrom: isSame ? pace.heldFrom : now,
    // A full burst on top of the pace right after the wait would be refused again.
    usedUntil: holdUntil,
  };
}

function lesson(
  pace: Pace,
  { accepted, ms, peak }: { readonly accepted: number; readonly ms: number; readonly peak: number },
  now: Instant,
  wait: number,
): LearntPace | null {
  /** What the LMS took of late, the coming wait included. */
  const taken = (accepted * 1000) / (ms + wait);
  const before = paceAt(pace, now);
  if (before === null) {
    if (accepted < FEWEST_TO_LEARN) return pace.learnt;
    return { perSecond: Math.max(SLOWEST, taken), refused: Math.max(peak, taken), since: now };
  }
  const next =
    ms >= STEADY_MS ? before * STEP_BACK : Math.sqrt(before * Math.min(before, Math.max(taken, before / 10)));
  return { perSecond: Math.max(SLOWEST, next), refused: Math.max(SLOWEST, before), since: now };
}
