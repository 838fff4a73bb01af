import type { Locale } from '../domain/local-text.ts';
import type { RosterState } from '../services/class-roster.ts';
import { instantText } from './dates.ts';
import type { Pages } from './render.ts';

/** How fresh and how whole the class list is, in sentences; the last one says what to do. */
export function rosterSentences(pages: Pages, locale: Locale, { last, arrived }: RosterState): string[] {
  const say = (key: string, params = {}) => pages.say(locale, `teacher.roster.${key}`, params);
  const readAt = last?.readAt ?? null;
  const isBeingRead = arrived !== null;
  const problem = isBeingRead ? null : (last?.problem ?? null);
  return [
    ...(readAt === null && isBeingRead
      ? []
      : [readAt === null ? say('not-read') : say('read-at', { at: instantText(locale, readAt) })]),
    ...(readAt !== null && last?.isComplete === false ? [say('incomplete')] : []),
    ...(isBeingRead ? [say('being-read')] : []),
    ...(problem === null ? [] : [say(`problem.${wordsFor(pages, problem.key)}`)]),
  ];
}

function wordsFor(pages: Pages, key: string): string {
  return pages.has(`teacher.roster.problem.${key}`) ? key : 'other';
}
