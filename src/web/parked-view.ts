import type { Locale } from '../domain/local-text.ts';
import type { Viewer } from '../domain/person.ts';
import type { ParkedDelivery } from '../services/parked-deliveries.ts';
import { deliveryWords } from './gradebook-view.ts';
import type { Pages } from './render.ts';
import { homeOf } from './session.ts';
import { studentName } from './student-name.ts';

/** The scores that did not reach the gradebook, by reason, with what to do; null where there are none. */
export function parkedView(
  pages: Pages,
  locale: Locale,
  viewer: Viewer,
  { count, named }: { readonly count: number; readonly named: readonly ParkedDelivery[] },
) {
  if (count === 0) return null;
  const say = (key: string, params = {}) => pages.say(locale, `teacher.parked.${key}`, params);
  const reader = { say: pages.say, locale };
  const reasons = Map.groupBy(named, ({ cell }) => cell.lastError?.key ?? 'unknown');
  const more = count - named.length;
  return {
    title: say('title', { count }),
    reasons: [...reasons].map(([key, deliveries]) => ({
      ...deliveryWords(pages, locale, key),
      students: deliveries
        .map(({ cell, member }) =>
          studentName(reader, member, { platformId: viewer.platformId, userId: cell.userId }),
        )
        .toSorted(new Intl.Collator(locale).compare),
    })),
    more: more > 0 ? say('more', { count: more }) : null,
    action: `${homeOf(viewer)}/gradebook/retry-all`,
  };
}
