import type { Now } from '../domain/instant.ts';
import type { ReadingPace } from '../domain/pending-reading.ts';
import type { Log } from '../domain/ports/log.ts';
import type { ClaimedReading } from '../domain/ports/reading-store.ts';
import type { Store } from '../domain/ports/store.ts';
import type { ReadingEnd } from './conclude-reading.ts';

/** Quick ones wait for other people's sites most of the time; letters are read one picture after the other. */
const AT_ONCE: Readonly<Record<ReadingPace, number>> = { quick: 4, slow: 2 };
const PACES = Object.keys(AT_ONCE) as readonly ReadingPace[];
const POLL_MS = 1_000;
const WAKE_MS = 25;
/** A process that dies is followed after this long. */
const CLAIM_MS = 30_000;
const KEEP_EVERY_MS = 10_000;
/** So many requests wait for their reading; the others answer at once, with the page that says what is going on. */
const MOST_AWAITED = AT_ONCE.quick;
/** With more requests than this at work, what they hand in is read when they are answered, or after this long. */
const MOST_BESIDE = 4;
const LONGEST_HOLD_MS = 2_000;
/** What `stop` waits for readings under way. */
const STOP_MS = 2_000;

export type ReadingQueue = {
  /** Looks for what waits every second until `stop`: what another process left behind is found, too. */
  readonly start: () => void;
  /** Looks at once: something has just been handed in. */
  readonly wake: () => void;
  /** Does what a student's request waits for. While many of them are at it, no reading is begun beside them. */
  readonly before: <T>(work: () => Promise<T>) => Promise<T>;
  /** Waits for the end of one reading, at most `ms`; null when it has not ended by then, or when many wait already. */
  readonly wait: (readingId: string, ms: number) => Promise<ReadingEnd | null>;
  /** Begins nothing any more, lets what is under way end for a moment, gives back the rest. */
  readonly stop: () => Promise<void>;
};

type Waiter = { readonly resolve: (end: ReadingEnd | null) => void; readonly timer: NodeJS.Timeout };

/**
 * Reads what was handed in, apart from the request it came with. What waits is in the store, so a crash at any moment loses
 * nothing, and several processes share the work; `owner` must be another one for every start of every process.
 */
export function createReadingQueue(deps: {
  readonly store: Pick<Store, 'claimReadings' | 'keepReadings' | 'releaseReadings'>;
  readonly conclude: (claimed: ClaimedReading, isAwaited: () => boolean) => Promise<ReadingEnd>;
  readonly now: Now;
  readonly log: Log;
  readonly owner: string;
}): ReadingQueue {
  const { store, now, log, owner } = deps;
  const underWay = new Map<string, { readonly pace: ReadingPace; readonly work: Promise<void> }>();
  const waiting = new Map<string, Waiter>();
  let poll: NodeJS.Timeout | undefined;
  let wakeUp: NodeJS.Timeout | undefined;
  let keeper: NodeJS.Timeout | undefined;
  let isStopped = false;
  let atWork = 0;
  let crowdedSince: number | null = null;
  let looking: Promise<void> | null = null;
  let lookAgain = false;

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
      if (isCrowded()) return;
      try {
        for (const pace of PACES) {
          const room = AT_ONCE[pace] - [...underWay.values()].filter((one) => one.pace === pace).length;
          if (room <= 0) continue;
          for (const one of await store.claimReadings(pace, now(), now() + CLAIM_MS, owner, room))
            begin(one, pace);
        }
      } catch (error) {
        if (!isStopped) log.warn({ err: error }, 'what waits to be read cannot be found');
      }
    }
  }

  /** By the machine's own clock: it is about its work, not about the time of day. */
  function isCrowded(): boolean {
    return crowdedSince !== null && performance.now() - crowdedSince < LONGEST_HOLD_MS;
  }

  async function before<T>(work: () => Promise<T>): Promise<T> {
    atWork += 1;
    if (atWork > MOST_BESIDE) crowdedSince ??= performance.now();
    try {
      return await work();
    } finally {
      atWork -= 1;
      if (atWork <= MOST_BESIDE && crowdedSince !== null) {
        crowdedSince = null;
        void look();
      }
    }
  }

  function begin(claimed: ClaimedReading, pace: ReadingPace): void {
    const id = claimed.submission.reading?.id ?? claimed.submission.id;
    // Its claim ran out while we were still at it: the one under way ends first.
    if (underWay.has(id)) return;
    const work = deps
      .conclude(claimed, () => holdOn(id))
      .then((end) => tell(id, end))
      .catch((error: unknown) => {
        if (!isStopped)
          log.warn({ submission: claimed.submission.id, err: error }, 'reading did not end well');
        tell(id, null);
      })
      .finally(() => {
        underWay.delete(id);
        void look();
      });
    underWay.set(id, { pace, work });
    keeper ??= setInterval(keep, KEEP_EVERY_MS).unref();
  }

  function tell(id: string, end: ReadingEnd | null): void {
    const waiter = waiting.get(id);
    waiting.delete(id);
    clearTimeout(waiter?.timer);
    waiter?.resolve(end);
  }

  /** Once its end is being written down, it is worth the rest of the wait: true then, and nobody gives up any more. */
  function holdOn(id: string): boolean {
    clearTimeout(waiting.get(id)?.timer);
    return waiting.has(id);
  }

  function keep(): void {
    if (underWay.size > 0)
      store.keepReadings(owner, now() + CLAIM_MS).catch((error: unknown) => {
        log.warn({ err: error }, 'readings could not be kept');
      });
  }

  return {
    start: () => {
      const again = (): void => {
        if (!isStopped) poll = setTimeout(() => void look().then(again), POLL_MS).unref();
      };
      void look().then(again);
    },
    wake: () => {
      // A moment later: where one hands in, a class may be about to.
      wakeUp ??= setTimeout(() => {
        wakeUp = undefined;
        void look();
      }, WAKE_MS);
    },
    before,
    wait: (readingId, ms) =>
      new Promise((resolve) => {
        // A class that hands in at once would only wait for each other.
        if (waiting.size >= MOST_AWAITED) return resolve(null);
        waiting.set(readingId, { resolve, timer: setTimeout(() => tell(readingId, null), ms) });
      }),
    stop: async () => {
      isStopped = true;
      clearTimeout(poll);
      clearTimeout(wakeUp);
      clearInterval(keeper);
      for (const id of [...waiting.keys()]) tell(id, null);
      const patience = new Promise<void>((resolve) => {
        setTimeout(resolve, STOP_MS).unref();
      });
      await Promise.race([
        Promise.allSettled([looking, ...[...underWay.values()].map(({ work }) => work)]),
        patience,
      ]);
      await store.releaseReadings(owner);
    },
  };
}
