import type { Day } from '../domain/instant.ts';
import { isRealDay } from './date-time.ts';

export type FoundDate = { readonly day: Day; readonly at: number; readonly length: number };

const MONTHS: Readonly<Record<string, number>> = {
  january: 1,
  janvier: 1,
  jan: 1,
  janv: 1,
  february: 2,
  fevrier: 2,
  feb: 2,
  fev: 2,
  fevr: 2,
  march: 3,
  mars: 3,
  mar: 3,
  april: 4,
  avril: 4,
  apr: 4,
  avr: 4,
  may: 5,
  mai: 5,
  june: 6,
  juin: 6,
  jun: 6,
  july: 7,
  juillet: 7,
  jul: 7,
  juil: 7,
  august: 8,
  aout: 8,
  aug: 8,
  september: 9,
  septembre: 9,
  sept: 9,
  sep: 9,
  october: 10,
  octobre: 10,
  oct: 10,
  november: 11,
  novembre: 11,
  nov: 11,
  december: 12,
  decembre: 12,
  dec: 12,
};
/** The two-letter bilingual months of Canadian cards (CAN/CSA Z234.4). */
const CARD_MONTHS: Readonly<Record<string, number>> = {
  ja: 1,
  fe: 2,
  mr: 3,
  al: 4,
  ma: 5,
  jn: 6,
  jl: 7,
  au: 8,
  se: 9,
  oc: 10,
  no: 11,
  de: 12,
};
const NAMES = Object.keys(MONTHS)
  .toSorted((a, b) => b.length - a.length)
  .join('|');
const SEPARATOR = '[\\s.,/-]*';

type Pattern = {
  readonly shape: RegExp;
  readonly read: (parts: readonly string[]) => readonly [number, number, number];
};
const number = (text: string | undefined): number => Number(text ?? '0');
const year = (text: string | undefined): number =>
  text?.length === 2 ? 2000 + Number(text) : Number(text ?? '0');
const month = (text: string | undefined): number => MONTHS[text ?? ''] ?? CARD_MONTHS[text ?? ''] ?? 0;

const PATTERNS: readonly Pattern[] = [
  {
    shape: /\b(20\d\d|19\d\d)\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})\b/g,
    read: ([y, m, d]) => [number(y), number(m), number(d)],
  },
  {
    shape: new RegExp(
      `\\b(20\\d\\d|19\\d\\d)${SEPARATOR}(${NAMES})\\.?${SEPARATOR}(\\d{1,2})(?:st|nd|rd|th|er)?\\b`,
      'g',
    ),
    read: ([y, m, d]) => [number(y), month(m), number(d)],
  },
  {
    // "1er", as it is often misread.
    shape: new RegExp(`\\b(?:[ilr1]|1\\s)er\\s+(${NAMES})\\.?\\s+(20\\d\\d|19\\d\\d)\\b`, 'g'),
    read: ([m, y]) => [number(y), month(m), 1],
  },
  {
    shape: /\b(20\d\d)[\s/-](ja|fe|mr|al|ma|jn|jl|au|se|oc|no|de)[\s/-](\d{1,2})\b/g,
    read: ([y, m, d]) => [number(y), month(m), number(d)],
  },
  {
    shape: new RegExp(
      `\\b(${NAMES})\\.?${SEPARATOR}(\\d{1,2})(?:st|nd|rd|th|er)?(?:[\\s.,/-]+)(20\\d\\d|19\\d\\d)\\b`,
      'g',
    ),
    read: ([m, d, y]) => [number(y), month(m), number(d)],
  },
  {
    shape: new RegExp(
      `\\b(\\d{1,2})(?:st|nd|rd|th|er)?(?:\\s+(?:day\\s+)?(?:of|de)\\b)?${SEPARATOR}(${NAMES})\\.?(?:[\\s.,/-]+(?:de\\s+)?)(20\\d\\d|19\\d\\d|\\d\\d(?!\\d|[:/.-]))\\b`,
      'g',
    ),
    read: ([d, m, y]) => [year(y), month(m), number(d)],
  },
];
const NUMERIC = /\b(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(20\d\d|19\d\d)\b/g;

/**
 * Every full date of a text in the forms certificates use, English and French, in the order of the text. `03/02/2026` is
 * either way round: it is read only when another date of the text, or a number above twelve, settles the order.
 */
export function findDates(text: string): readonly FoundDate[] {
  if (!/\d/.test(text)) return [];
  const plain = fold(text);
  const found: FoundDate[] = [];
  const isFree = (at: number, length: number): boolean =>
    found.every((other) => at + length <= other.at || at >= other.at + other.length);
  for (const { shape, read } of PATTERNS)
    for (const match of plain.matchAll(shape)) {
      const [y, m, d] = read(match.slice(1));
      if (isRealDay(y, m, d) && isFree(match.index, match[0].length))
        found.push({ day: toDay(y, m, d), at: match.index, length: match[0].length });
    }
  const numeric = [...plain.matchAll(NUMERIC)].filter((match) => isFree(match.index, match[0].length));
  const order = orderOf(numeric.map((match) => [number(match[1]), number(match[3])]));
  for (const match of numeric) {
    const [first, second, y] = [number(match[1]), number(match[3]), number(match[4])];
    const [d, m] = order === 'month-first' ? [second, first] : [first, second];
    const settled = order !== null || first === second;
    if (settled && isRealDay(y, m, d))
      found.push({ day: toDay(y, m, d), at: match.index, length: match[0].length });
  }
  return found.toSorted((a, b) => a.at - b.at);
}

/** Lower case without accents, of the same length, so that positions stay what they are. */
export function fold(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  if (/^[\u0000-\u007f]*$/.test(text)) return text.toLowerCase();
  return [...text]
    .map((character) => {
      const plain = character.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
      return plain.length === character.length ? plain : character;
    })
    .join('');
}

function orderOf(pairs: readonly (readonly [number, number])[]): 'day-first' | 'month-first' | null {
  const dayFirst = pairs.some(([first, second]) => first > 12 && second <= 12);
  const monthFirst = pairs.some(([first, second]) => second > 12 && first <= 12);
  if (dayFirst === monthFirst) return null;
  return dayFirst ? 'day-first' : 'month-first';
}

function toDay(y: number, m: number, d: number): Day {
  return `${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
}
