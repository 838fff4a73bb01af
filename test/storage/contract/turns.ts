import { expect, test } from 'vitest';
import { DAY, HOUR, NOW } from '../../support/build.ts';
import type { Open } from '../store-contract.ts';

export function turnContract(open: Open): void {
  test('one of many takes the turn', async () => {
    const stores = [await open(), await open()];
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        stores[n % 2]?.takeTurn('reconcile', `process-${n}`, NOW, NOW + HOUR),
      ),
    );
    expect(answers.filter((answer) => answer === true)).toHaveLength(1);
  });

  test('its owner may put off the next one, and another job is another turn', async () => {
    const store = await open();
    expect(await store.takeTurn('reconcile', 'process-1', NOW, NOW + HOUR)).toBe(true);
    expect(await store.takeTurn('reconcile', 'process-1', NOW, NOW + DAY)).toBe(true);
    expect(await store.takeTurn('reconcile', 'process-2', NOW + DAY - 1, NOW + 2 * DAY)).toBe(false);
    expect(await store.takeTurn('purge', 'process-2', NOW, NOW + HOUR)).toBe(true);
  });

  test('a turn that ran out is taken by another', async () => {
    const store = await open();
    await store.takeTurn('reconcile', 'process-1', NOW, NOW + HOUR);
    expect(await store.takeTurn('reconcile', 'process-2', NOW + HOUR, NOW + DAY)).toBe(true);
    expect(await store.takeTurn('reconcile', 'process-1', NOW + HOUR, NOW + DAY)).toBe(false);
  });
}
