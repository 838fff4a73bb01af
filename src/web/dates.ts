import type { Day, Instant } from '../domain/instant.ts';
import type { Locale } from '../domain/local-text.ts';
import { frenchMarks } from './french-marks.ts';

const formats = Object.fromEntries(
  (['en', 'fr'] as const).map((locale) => [
    locale,
    {
      month: new Intl.DateTimeFormat(`${locale}-CA`, { month: 'long', year: 'numeric', timeZone: 'UTC' }),
      day: new Intl.DateTimeFormat(`${locale}-CA`, { dateStyle: 'long', timeZone: 'UTC' }),
      instant: new Intl.DateTimeFormat(`${locale}-CA`, {
        dateStyle: 'medium',
        timeStyle: 'short',
        timeZone: 'America/Toronto',
      }),
      time: new Intl.DateTimeFormat(`${locale}-CA`, { timeStyle: 'short', timeZone: 'America/Toronto' }),
    },
  ]),
) as Readonly<Record<Locale, Record<'month' | 'day' | 'instant' | 'time', Intl.DateTimeFormat>>>;

/** A certificate's date, in words; what is no date is shown as it stands. */
export function dayText(locale: Locale, day: Day): string {
  const date = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? day : formats[locale].day.format(date);
}

/** `June 2027`: what people say of a semester. */
export function monthText(locale: Locale, day: Day): string {
  return formats[locale].month.format(new Date(`${day}T00:00:00Z`));
}

/** Date and time of day on the school's wall. */
export function instantText(locale: Locale, at: Instant): string {
  const text = formats[locale].instant.format(at);
  return locale === 'fr' ? frenchMarks(text) : text;
}

export function timeText(locale: Locale, at: Instant): string {
  return formats[locale].time.format(at);
}
