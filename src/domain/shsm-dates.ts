import type { Day, Instant } from './instant.ts';

/** When a student began the SHSM and plans to graduate, as somebody said it; neither is ever guessed. */
export type ShsmDates = {
  readonly startedOn: Day | null;
  readonly graduatesOn: Day | null;
  readonly statedBy: 'student' | 'teacher';
  readonly statedAt: Instant;
};

const OLDEST_START_YEARS = 5;
const LATEST_GRADUATION_YEARS = 6;

/**
 * The days to choose from, the likeliest ones near today: Ontario's semesters begin in September and February and end in
 * January and June.
 */
export function semesterDays(today: Day): { readonly starts: readonly Day[]; readonly ends: readonly Day[] } {
  const year = Number(today.slice(0, 4));
  const starts = years(year - OLDEST_START_YEARS, year)
    .flatMap((one) => [`${one}-02-01`, `${one}-09-01`])
    .filter((day) => day <= today);
  const ends = years(year - 1, year + LATEST_GRADUATION_YEARS).flatMap((one) => [
    `${one}-01-31`,
    `${one}-06-30`,
  ]);
  return { starts: starts.toReversed(), ends };
}

function years(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}
