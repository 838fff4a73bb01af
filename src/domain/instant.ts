/** Milliseconds since 1970-01-01T00:00Z. Always passed in, never read inside the core. */
export type Instant = number;

/** A calendar day as `YYYY-MM-DD`, the way certificates state their dates. */
export type Day = string;

export type Now = () => Instant;
export type NewId = () => string;

const ontarioDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Toronto', dateStyle: 'short' });

/** The calendar day on the school's wall. */
export function dayInOntario(instant: Instant): Day {
  return ontarioDay.format(instant);
}
