import type { Progress } from '../domain/progress.ts';
import { certificationName, type Reader } from './submission-view.ts';

/** One thing that is missing, in a sentence, with the lines it is about. */
export type OpenItem = { readonly text: string; readonly names: readonly string[] };

/** What a student's list still needs: lines that nothing fills or waits for. Numbers that nobody knows are left out. `area`: where its words are. */
export function stillOpen(reader: Reader, progress: Progress, area = 'common.open'): OpenItem[] {
  const { compulsory, compulsoryNotKnown, electivesLeft } = progress.next;
  const item = (key: string, count: number | null, names: readonly string[] = []): OpenItem[] =>
    count === null || count === 0
      ? []
      : [{ text: reader.say(reader.locale, `${area}.${key}`, { count }), names }];
  return [
    ...item(
      'compulsory',
      compulsory.length,
      compulsory.map((id) => certificationName(reader, id)),
    ),
    ...item('not-known', compulsoryNotKnown),
    ...item('electives', electivesLeft),
  ];
}

/** What was accepted for a line that the rules have dropped since: kept, in sight, and not counted. */
export function droppedLines(reader: Reader, progress: Progress | null): OpenItem[] {
  const names = (progress?.dropped ?? []).map(({ certificationId }) =>
    certificationName(reader, certificationId),
  );
  return names.length === 0
    ? []
    : [{ text: reader.say(reader.locale, 'common.open.dropped', { count: names.length }), names }];
}
