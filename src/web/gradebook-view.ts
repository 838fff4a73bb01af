import type { GradebookCell } from '../domain/gradebook.ts';
import type { Locale } from '../domain/local-text.ts';
import { instantText } from './dates.ts';
import type { Pages } from './render.ts';
import type { Chip } from './submission-view.ts';

export type GradebookView = Chip & {
  /** Why it has not arrived and what to do, in plain words. */
  readonly why: string | null;
  readonly fix: string | null;
};

/** The same where no heading says what it is about. */
export function gradebookSentence(
  pages: Pages,
  locale: Locale,
  cell: GradebookCell | null,
): GradebookView | null {
  const view = gradebookView(pages, locale, cell);
  return view === null ? null : { ...view, text: pages.say(locale, 'passback.is', { state: view.text }) };
}

/** Where a score is on its way to the LMS gradebook; null where there is none to send. */
export function gradebookView(
  pages: Pages,
  locale: Locale,
  cell: GradebookCell | null,
): GradebookView | null {
  if (cell === null) return null;
  const say = (key: string) => pages.say(locale, `passback.${key}`);
  const error = cell.lastError === null ? null : deliveryWords(pages, locale, cell.lastError.key);
  switch (cell.status) {
    case 'delivered':
      return {
        tone: 'good',
        icon: 'pass',
        text: pages.say(locale, 'passback.delivered', {
          at: instantText(locale, cell.deliveredAt ?? cell.timestamp),
        }),
        why: null,
        fix: null,
      };
    case 'parked':
      return {
        tone: 'bad',
        icon: 'warning',
        text: say('parked'),
        why: error?.text ?? null,
        fix: error?.fix ?? null,
      };
    case 'pending':
      return error === null
        ? { tone: 'info', icon: 'waiting', text: say('pending'), why: null, fix: null }
        : { tone: 'info', icon: 'waiting', text: say('trying'), why: error.text, fix: null };
  }
}

/** The plain words of a delivery error; one that has none of its own is told in general. */
export function deliveryWords(pages: Pages, locale: Locale, key: string): { text: string; fix: string } {
  const known = pages.has(`passback.${key}.text`) ? key : 'unknown';
  return {
    text: pages.say(locale, `passback.${known}.text`),
    fix: pages.say(locale, `passback.${known}.fix`),
  };
}
