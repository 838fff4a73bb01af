import { expect, test } from 'vitest';
import { loadCatalogue } from '../../src/load-catalogue.ts';
import { sectorNamed } from '../../src/services/pick-activity.ts';

const { sectors } = loadCatalogue('config').rules;

test.each<[string, string | null]>([
  ['SHSM Health and Wellness', 'health-wellness'],
  ['SHSM - Health & Wellness (2026-27)', 'health-wellness'],
  ['MHS Santé et bien-être', 'health-wellness'],
  ['GRADE 11 CONSTRUCTION', 'construction'],
  ['Environmental science', null],
  ['SHSM', null],
  ['', null],
])('a course called “%s” is of sector %s', (course, id) => {
  expect(sectorNamed(course, sectors)?.id ?? null).toBe(id);
});

test('every sector is found by its whole name, in both languages', () => {
  const wrong = sectors.flatMap((sector) =>
    [sector.name.en, sector.name.fr].filter(
      (name) => sectorNamed(`SHSM/MHS : ${name}, 12e année`, sectors)?.id !== sector.id,
    ),
  );
  expect(wrong).toEqual([]);
});
