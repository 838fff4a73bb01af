import { expect, test } from 'vitest';
import type { Pace } from '../../../src/domain/pace.ts';
import { NOW, SECOND } from '../../support/build.ts';
import type { Open } from '../store-contract.ts';

const PACE: Pace = {
  platformId: 'platform-1',
  version: 1,
  allowed: 12.5,
  learnt: { perSecond: 40.25, refused: 83.3, since: NOW },
  holdUntil: NOW + SECOND,
  heldFrom: NOW,
  usedUntil: NOW + 0.125,
};

export function paceContract(open: Open): void {
  test('are kept to the fraction, for all processes', async () => {
    const [one, two] = [await open(), await open()];
    expect(await one.pace('platform-1')).toBeNull();
    expect(await one.savePace(PACE, 0)).toBe(true);
    expect(await two.pace('platform-1')).toEqual(PACE);
    expect(await two.pace('platform-2')).toBeNull();
    const next: Pace = {
      ...PACE,
      version: 2,
      allowed: null,
      learnt: null,
      holdUntil: null,
      heldFrom: null,
      usedUntil: 0,
    };
    expect(await two.savePace(next, 1)).toBe(true);
    expect(await one.pace('platform-1')).toEqual(next);
  });

  test('one of many changes a version, also the first', async () => {
    const stores = [await open(), await open()];
    for (const fromVersion of [0, 1]) {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          stores[n % 2]?.savePace({ ...PACE, version: fromVersion + 1, usedUntil: n }, fromVersion),
        ),
      );
      expect(answers.filter((answer) => answer === true)).toHaveLength(1);
    }
    expect(await stores[0]?.savePace({ ...PACE, version: 2 }, 1)).toBe(false);
  });
}
