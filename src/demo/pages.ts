import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Request, Response } from 'express';
import Handlebars from 'handlebars';
import type { Locale } from './locale.ts';
import { say } from './messages.ts';
import type { Person } from './people.ts';
import { fullName } from './people.ts';

const VIEWS = join(import.meta.dirname, '../../views/demo');

type Page = {
  readonly template: string;
  readonly locale: Locale;
  readonly data: Readonly<Record<string, unknown>>;
  readonly status?: number;
  /** Inside a frame of the course: no header, no navigation. */
  readonly framed?: boolean;
};

type CoursePage = Omit<Page, 'locale' | 'framed'> & {
  /** Which entry of the navigation this is. */
  readonly at: 'home' | 'course' | 'activity' | 'grades' | 'samples' | 'calls';
  readonly visitor: { readonly person: Person | null; readonly locale: Locale };
};

export type Pages = {
  readonly show: (res: Response, page: Page) => void;
  /** A page with the header of the LMS: who is signed in, the course's navigation, the other language. */
  readonly showInCourse: (req: Request, res: Response, page: CoursePage) => void;
  /** The page of a refused request; `key` names its text in `refused`. */
  readonly refuse: (
    res: Response,
    locale: Locale,
    status: number,
    key: string,
    params?: Record<string, string>,
  ) => void;
  /** A form that posts itself to another address, with a button for browsers without JavaScript. */
  readonly postOn: (res: Response, locale: Locale, action: string, fields: Record<string, string>) => void;
};

export function createPages(toolUrl: string): Pages {
  const engine = Handlebars.create();
  engine.registerHelper('t', (key: string, options: Handlebars.HelperOptions) =>
    say((options.data as { root: { locale: Locale } }).root.locale, key, options.hash),
  );
  engine.registerHelper('eq', (a: unknown, b: unknown) => a === b);
  engine.registerPartial('sample', readFileSync(join(VIEWS, 'sample.hbs'), 'utf8'));
  const templates = new Map<string, Handlebars.TemplateDelegate>();
  const render = (name: string, data: Readonly<Record<string, unknown>>): string => {
    let template = templates.get(name);
    if (template === undefined) {
      template = engine.compile(readFileSync(join(VIEWS, `${name}.hbs`), 'utf8'), { strict: true });
      templates.set(name, template);
    }
    return template(data);
  };

  const toolOrigin = new URL(toolUrl).origin;
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    `frame-src 'self' ${toolOrigin}`,
    `form-action 'self' ${toolOrigin}`,
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join('; ');

  const show: Pages['show'] = (res, { template, locale, data, status = 200, framed = false }) => {
    const view = { header: null, ...data, locale, framed };
    res
      .status(status)
      .set({
        'content-security-policy': policy,
        'cache-control': 'no-store',
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      })
      .type('html')
      .send(
        render('layout', { ...view, template, title: titleOf(template, view), body: render(template, view) }),
      );
  };

  return {
    show,
    showInCourse: (req, res, { template, data, at, visitor, status = 200 }) => {
      const { person, locale } = visitor;
      const other = locale === 'en' ? 'fr' : 'en';
      show(res, {
        template,
        locale,
        status,
        data: {
          ...data,
          header: {
            at,
            who: person === null ? null : fullName(person, locale),
            nav: person !== null && at !== 'activity',
            footer: at !== 'activity',
            kind: person === null ? null : say(locale, `site.${person.kind}`),
            otherLocale: other,
            otherUrl: `${req.path}?lang=${other}`,
          },
        },
      });
    },
    refuse: (res, locale, status, key, params = {}) =>
      show(res, {
        template: 'refused',
        locale,
        status,
        framed: true,
        data: { why: say(locale, `refused.${key}`, params) },
      }),
    postOn: (res, locale, action, fields) =>
      show(res, {
        template: 'hand-over',
        locale,
        framed: true,
        data: { action, fields: Object.entries(fields).map(([name, value]) => ({ name, value })) },
      }),
  };
}

/** A page's own title, or the one in its texts. */
function titleOf(
  template: string,
  view: Readonly<Record<string, unknown>> & { readonly locale: Locale },
): string {
  const own = view['title'];
  return typeof own === 'string' ? own : say(view.locale, `${template}.title`);
}
