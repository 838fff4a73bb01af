import { expect, test } from 'vitest';
import { labelled, mark, placeTyped } from '../support/placing.ts';

test('every title the rules were tuned on is placed as it should be, and none claims too much', () => {
  const wrong = labelled('tuned').flatMap((item) => {
    const report = placeTyped(item.sector, item.facts);
    const marked = mark(item, report);
    return marked === 'right'
      ? []
      : [
          `${marked}: ${item.id} ${item.sector} ${JSON.stringify(item.facts)} → ${report.placement} ${report.certification}`,
        ];
  });
  expect(wrong).toEqual([]);
});

test('titles that were put aside before tuning are placed nearly as well', () => {
  const marks = labelled('held-out').map((item) => mark(item, placeTyped(item.sector, item.facts)));
  const count = (wanted: string) => marks.filter((marked) => marked === wanted).length;
  expect(marks.length).toBeGreaterThan(150);
  expect(count('right') / marks.length).toBeGreaterThanOrEqual(0.96);
  expect(count('overclaim')).toBe(0);
});

test('titles written without sight of the rules are placed nearly as well', () => {
  const marks = labelled('independent').map((item) => mark(item, placeTyped(item.sector, item.facts)));
  const count = (wanted: string) => marks.filter((marked) => marked === wanted).length;
  expect(marks.length).toBeGreaterThan(500);
  expect(count('right') / marks.length).toBeGreaterThanOrEqual(0.98);
  expect(count('overclaim')).toBe(0);
});

test('each sector has labelled titles, and a third of them are traps', () => {
  const all = [...labelled('tuned'), ...labelled('held-out')];
  const sectors = new Set(all.map((item) => item.sector));
  const traps = all.filter((item) => item.expect.certification === null);
  expect(sectors.size).toBe(19);
  expect(new Set(all.map((item) => item.id)).size).toBe(all.length);
  expect(all.length).toBeGreaterThan(900);
  expect(traps.length / all.length).toBeGreaterThan(0.25);
});
