import { NOW } from './build.ts';

/** A clock that only the test moves. */
export function createClock(start = NOW) {
  let at = start;
  return {
    now: () => at,
    advance: (ms: number) => {
      at += ms;
    },
  };
}
