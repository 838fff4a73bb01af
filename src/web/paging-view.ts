import type { Locale } from '../domain/local-text.ts';
import type { Pages } from './render.ts';

/** The way on and back of a list that is longer than a page; null where everything is on one. */
export function pagingView(
  pages: Pages,
  locale: Locale,
  { first, next }: { readonly first: string | null; readonly next: string | null },
) {
  if (first === null && next === null) return null;
  const say = (key: string) => pages.say(locale, `teacher.paging.${key}`);
  return { label: say('label'), first, firstText: say('first'), next, nextText: say('next') };
}
