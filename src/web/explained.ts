import type { Response } from 'express';
import { contextOf } from './page-context.ts';
import type { Pages } from './render.ts';

/** The sections of a page of text in their order, each with the terms that it explains one by one. */
export type Outline = Readonly<Record<string, readonly string[]>>;

/**
 * Shows a page of text whose words are below `area`: `title`, `lead`, and for each section `title`, `text` (which a section
 * of terms may do without), and `name` and `text` of each term.
 */
export function showExplained(
  pages: Pages,
  res: Response,
  {
    area,
    outline,
    other,
  }: { readonly area: string; readonly outline: Outline; readonly other: string | null },
): void {
  const { locale } = contextOf(res);
  const say = (key: string) => pages.say(locale, `${area}.${key}`);
  const title = say('title');
  pages.show(
    res,
    'public/explained',
    { title },
    {
      heading: title,
      lead: say('lead'),
      sections: Object.entries(outline).map(([id, terms]) => ({
        id,
        title: say(`${id}.title`),
        text: pages.has(`${area}.${id}.text`) ? say(`${id}.text`) : null,
        terms: terms.map((term) => ({ name: say(`${id}.${term}.name`), text: say(`${id}.${term}.text`) })),
      })),
      other: other === null ? null : { href: `${other}&lang=${locale}`, text: say('other') },
    },
  );
}
