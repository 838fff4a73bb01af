/** Numbers that look random and are the same for the same seed (mulberry32). */
export type Chance = {
  /** A whole number from 0 up to, not including, `below`. */
  readonly under: (below: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  /** True once in so many times. */
  readonly once: (inSo: number) => boolean;
};

export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const under = (below: number): number => Math.floor(next() * below);
  return {
    under,
    pick: (from) => {
      const picked = from[under(from.length)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
    once: (inSo) => under(inSo) === 0,
  };
}
