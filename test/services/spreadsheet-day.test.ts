import { describe, expect, test } from 'vitest';
import { spreadsheetDay } from '../../src/services/spreadsheet-day.ts';

describe('a date of a spreadsheet is read', () => {
  test.each([
    ['2026-03-02', '2026-03-02'],
    ['2026/3/2', '2026-03-02'],
    ['2026-03-02 00:00:00', '2026-03-02'],
    ['2026-03-02T00:00:00Z', '2026-03-02'],
    [' 46083 ', '2026-03-02'],
    ['46083.5', '2026-03-02'],
    ['46083,25', '2026-03-02'],
    ['13/03/2026', '2026-03-13'],
    ['3/13/2026', '2026-03-13'],
    ['3/13/2026 12:00:00 AM', '2026-03-13'],
    ['3/3/2026', '2026-03-03'],
    ['2-Mar-26', '2026-03-02'],
    ['02-Mar-2026', '2026-03-02'],
    ['2 mars 2026', '2026-03-02'],
    ['02-févr-26', '2026-02-02'],
    ['1er août 2025', '2025-08-01'],
    ['15 déc. 2025', '2025-12-15'],
    ['March 2, 2026', '2026-03-02'],
    ['29/02/2024', '2024-02-29'],
  ])('%s', (text, day) => {
    expect(spreadsheetDay(text)).toBe(day);
  });
});

describe('a date that could be two is not guessed', () => {
  test.each(['03/02/2026', '3-2-2026', '12.11.2025'])('%s', (text) => {
    expect(spreadsheetDay(text)).toBe('ambiguous');
  });
});

describe('what is no date is none', () => {
  test.each(['yes', '2026-02-30', '31/04/2026', '2026', '12345', '99999', '2-Foo-26', '0/0/2026', '-'])(
    '%s',
    (text) => {
      expect(spreadsheetDay(text)).toBe('unclear');
    },
  );

  test('an empty cell is no mistake', () => {
    expect(spreadsheetDay('  ')).toBeNull();
  });
});
