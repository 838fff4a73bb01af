import type { Instant, NewId, Now } from '../domain/instant.ts';
import type { Log } from '../domain/ports/log.ts';
import type { TurnStore } from '../domain/ports/turn-store.ts';
import { realTimers, type Timers } from './timers.ts';

const LOOK_EVERY_MS = 60_000;
/** A process that dies at work is followed by another after this long. */
const AT_WORK_MS = 60 * 60_000;
const HOUR_MS = 60 * 60_000;
/** Nobody grades then, and Monday's first lesson is far off. */
const NIGHT_HOUR = '03';

const ontarioHour = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/Toronto',
  hour: '2-digit',
  hourCycle: 'h23',
});

export type Nightly = { readonly start: () => void; readonly stop: () => void };

/**
 * Does a job once a night, or as often as `next` says, whatever the number of processes on the store; a night on which none
 * was up is made up for at the next start.
 */
export function createNightly(options: {
  readonly store: TurnStore;
  readonly job: string;
  readonly run: () => Promise<void>;
  readonly now: Now;
  readonly log: Log;
  readonly newId: NewId;
  readonly timers?: Timers;
  /** When it is done next; the next night unless told otherwise. */
  readonly next?: (now: Instant) => Instant;
}): Nightly {
  const { store, job, run, now, log, newId, timers = realTimers, next = nextNight } = options;
  let timer: unknown = null;
  let isStopped = false;

  async function look(): Promise<void> {
    const owner = newId();
    try {
      if (!(await store.takeTurn(job, owner, now(), now() + AT_WORK_MS))) return;
      await run();
      await store.takeTurn(job, owner, now(), next(now()));
    } catch (error) {
      if (!isStopped)
        log.warn({ job, err: error }, 'regular job did not end well: will be tried again in an hour');
    }
  }

  function schedule(): void {
    if (isStopped) return;
    timer = timers.set(() => void look().then(schedule), LOOK_EVERY_MS);
  }

  return {
    start: schedule,
    stop: () => {
      isStopped = true;
      timers.clear(timer);
    },
  };
}

/** The next moment at which it strikes three in Ontario, in winter or in summer time. */
export function nextNight(now: Instant): Instant {
  let at = Math.floor(now / HOUR_MS) * HOUR_MS + HOUR_MS;
  while (ontarioHour.format(at) !== NIGHT_HOUR) at += HOUR_MS;
  return at;
}
