import { expect, test } from 'vitest';
import { createSideBySide } from '../../src/cli/side-by-side.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('runs so many at once, those of one key one after the other, and all of them', async () => {
  const underWay = new Map<string, number>();
  const most = { all: 0, key: 0 };
  const done: string[] = [];
  const work = createSideBySide(4);
  for (let at = 0; at < 40; at += 1) {
    const key = `student-${at % 5}`;
    await work.begin(key, async () => {
      underWay.set(key, (underWay.get(key) ?? 0) + 1);
      most.key = Math.max(most.key, underWay.get(key) ?? 0);
      most.all = Math.max(
        most.all,
        [...underWay.values()].reduce((sum, one) => sum + one, 0),
      );
      await turn();
      await turn();
      underWay.set(key, (underWay.get(key) ?? 0) - 1);
      done.push(`${key} ${at}`);
    });
  }
  await work.end();
  expect(done).toHaveLength(40);
  expect(most).toEqual({ all: 4, key: 1 });
  const ofOne = done.filter((one) => one.startsWith('student-3 ')).map((one) => Number(one.split(' ')[1]));
  expect(ofOne).toEqual(ofOne.toSorted((a, b) => a - b));
});

test('an error ends it: what is under way ends, nothing more begins', async () => {
  const begun: number[] = [];
  const work = createSideBySide(2);
  const all = async () => {
    for (let at = 0; at < 20; at += 1)
      await work.begin(String(at), async () => {
        begun.push(at);
        await turn();
        if (at === 3) throw new Error('the disk is full');
      });
    await work.end();
  };
  await expect(all()).rejects.toThrow('the disk is full');
  await turn();
  expect(begun.length).toBeLessThanOrEqual(6);
});
