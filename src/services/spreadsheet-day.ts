import type { Day } from '../domain/instant.ts';

/** Months as spreadsheets write them in English and French, by their first letters without accents. */
const MONTHS = [
  ['jan'],
  ['feb', 'fev'],
  ['mar'],
  ['apr', 'avr'],
  ['may', 'mai'],
  ['jun', 'juin'],
  ['jul', 'juil'],
  ['aug', 'aou'],
  ['sep'],
  ['oct'],
  ['nov'],
  ['dec'],
] as const;
/** Day 1 of Excel's calendar is 1900-01-01, and it believes that 1900 was a leap year. */
const EXCEL_EPOCH = Date.UTC(1899, 11, 30);
const DAY_MS = 86_400_000;
const EXCEL_FROM = 32_874;
const EXCEL_TO = 73_050;

/**
 * A date as it comes out of a spreadsheet: `2026-03-02`, `2026/3/2`, `2-Mar-26`, `2 mars 2026`, `March 2, 2026`, Excel's own
 * day number, or numbers by day and month where only one order is possible. `ambiguous` where both are (`03/02/2026`): it
 * is not guessed. null for nothing, `unclear` for what is no date.
 */
export function spreadsheetDay(text: string): Day | 'ambiguous' | 'unclear' | null {
  const trimmed = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .trim()
    .toLowerCase()
    .replace(/[t ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]\.?m\.?| ?z)?$/, '')
    .trim();
  if (trimmed === '') return null;
  if (/^\d{5}([.,]\d+)?$/.test(trimmed)) return excelDay(Math.floor(Number(trimmed.replace(',', '.'))));
  const yearFirst = /^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})$/.exec(trimmed);
  if (yearFirst) return day(Number(yearFirst[1]), Number(yearFirst[2]), Number(yearFirst[3]));
  const yearLast = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/.exec(trimmed);
  if (yearLast) return dayOrMonthFirst(Number(yearLast[1]), Number(yearLast[2]), Number(yearLast[3]));
  const dayFirst = /^(\d{1,2})(?:er|st|nd|rd|th)?[-/. ]+([a-z]{3,9})\.?,?[-/. ]+(\d{4}|\d{2})$/.exec(trimmed);
  if (dayFirst) return inMonth(dayFirst[3] ?? '', dayFirst[2] ?? '', dayFirst[1] ?? '');
  const monthFirst = /^([a-z]{3,9})\.?[-/. ]+(\d{1,2})(?:st|nd|rd|th)?,?[-/. ]+(\d{4})$/.exec(trimmed);
  if (monthFirst) return inMonth(monthFirst[3] ?? '', monthFirst[1] ?? '', monthFirst[2] ?? '');
  return 'unclear';
}

function excelDay(number: number): Day | 'unclear' {
  if (number < EXCEL_FROM || number > EXCEL_TO) return 'unclear';
  return new Date(EXCEL_EPOCH + number * DAY_MS).toISOString().slice(0, 10);
}

function dayOrMonthFirst(first: number, second: number, year: number): Day | 'ambiguous' | 'unclear' {
  const readings = new Set([day(year, second, first), day(year, first, second)]);
  readings.delete('unclear');
  const [only = 'unclear', other] = readings;
  return other === undefined ? only : 'ambiguous';
}

function inMonth(year: string, name: string, dayOfMonth: string): Day | 'unclear' {
  const month = MONTHS.findIndex((names) => names.some((start) => name.startsWith(start))) + 1;
  return day(Number(year.length === 2 ? `20${year}` : year), month, Number(dayOfMonth));
}

function day(year: number, month: number, dayOfMonth: number): Day | 'unclear' {
  const date = new Date(Date.UTC(year, month - 1, dayOfMonth));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === dayOfMonth;
  return isReal && year >= 1950 && year < 2100 ? date.toISOString().slice(0, 10) : 'unclear';
}
