import type { Rules } from '../domain/sector.ts';
import type { FilledLine } from './fill-lines.ts';
import { lexiconOf } from './lexicon.ts';
import type { TitleReading } from './read-title.ts';

/** Words without a meaning here that a title may have. A named certification has a name of its own; what fills a category is called many things. */
const MOST_UNKNOWN: Readonly<Record<'named' | 'category', number>> = { named: 1, category: 2 };
const MORE_AFTER_A_COLON = 2;

/**
 * Whether a title says so much that nothing explains that it is about something else, which only mentions the course: a
 * poster for it, a game, a book. Words of the certification's own names explain themselves.
 */
export function isAboutMore(
  rules: Rules,
  { unknown }: TitleReading,
  { certification, named }: FilledLine,
): boolean {
  const own = lexiconOf(rules).wordsOf.get(certification.id);
  const unexplained = unknown.filter(
    ({ form, alternatives }) => ![form, ...alternatives].some((word) => own?.has(word)),
  );
  const most = MOST_UNKNOWN[certification.nameType] + (named.explained ? MORE_AFTER_A_COLON : 0);
  return unexplained.length > most;
}
