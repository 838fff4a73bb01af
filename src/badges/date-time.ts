import type { Day, Instant } from '../domain/instant.ts';
import type { Json } from './json.ts';

const ISO =
  /^([+-]?\d{4,6})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*([Zz]|[+-]\d{2}:?\d{2})?)?$/;

export type Stated = {
  /** The first moment the text can mean. */
  readonly from: Instant;
  /** The last one: the same moment, or the end of the day when only a day is stated. */
  readonly until: Instant;
  /** The day as written. */
  readonly day: Day;
};

/**
 * A date as badges write it: ISO 8601 with or without a time, or (Open Badges 1.x) seconds since 1970. Null when it is
 * none of these or no such day exists. A time without zone is read as UTC.
 */
export function readDate(value: Json | undefined): Stated | null {
  if (typeof value === 'number') return Number.isFinite(value) ? fromSeconds(value) : null;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (/^\d{9,11}$/.test(text)) return fromSeconds(Number(text));
  const match = ISO.exec(text);
  if (match === null) return null;
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '',
    zone = 'Z',
  ] = match;
  if (!/^\d{4}$/.test(year) || !isRealDay(Number(year), Number(month), Number(day))) return null;
  const offset = zone.toUpperCase() === 'Z' ? 'Z' : zone.replace(/^(.\d{2}):?(\d{2})$/, '$1:$2');
  const moment = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${offset}`);
  if (Number.isNaN(moment)) return null;
  const stated = `${year}-${month}-${day}`;
  if (match[4] === undefined) return { from: moment, until: moment + 86_400_000 - 1, day: stated };
  return { from: moment, until: moment, day: stated };
}

export function isRealDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function fromSeconds(value: number): Stated | null {
  // Some writers state milliseconds.
  const moment = Math.abs(value) > 100_000_000_000 ? value : value * 1000;
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return null;
  return { from: moment, until: moment, day: date.toISOString().slice(0, 10) };
}
