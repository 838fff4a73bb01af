import type { Timers } from '../../src/passback/timers.ts';
import { NOW } from './build.ts';

/** So many turns of the event loop end what can be done at one moment: an answer, its commit, the claim that follows, its commit. */
const TURNS = 10;

/** Time that passes only when nothing is left to do at this moment: hours of waiting take as long as the work in them. */
export function createVirtualTime() {
  let at = NOW;
  let next = 1;
  const waiting = new Map<number, { readonly due: number; readonly run: () => void }>();

  const timers: Timers = {
    set: (run, ms) => {
      const id = next;
      next += 1;
      waiting.set(id, { due: at + ms, run });
      return id;
    },
    clear: (timer) => {
      waiting.delete(Number(timer));
    },
  };

  return {
    now: () => at,
    timers,
    sleep: (ms: number) =>
      new Promise<void>((resolve) => {
        timers.set(resolve, ms);
      }),
    /** Lets time pass until `isDone` or `most` milliseconds later. Returns the milliseconds that passed. */
    pass: async (isDone: () => boolean, most: number): Promise<number> => {
      const began = at;
      while (at - began < most) {
        for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        if (isDone()) break;
        const soonest = Math.min(...[...waiting.values()].map(({ due }) => due));
        if (soonest === Number.POSITIVE_INFINITY) break;
        at = Math.max(at, soonest);
        const runs = [...waiting].filter(([, { due }]) => due <= at);
        for (const [id, { run }] of runs) {
          waiting.delete(id);
          run();
        }
      }
      return at - began;
    },
  };
}
