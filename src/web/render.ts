import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Response } from 'express';
import Handlebars from 'handlebars';
import type { AppError } from '../domain/errors.ts';
import { LOCALES, type Locale, type Say } from '../domain/local-text.ts';
import type { Viewer } from '../domain/person.ts';
import { type AssetName, type Assets, loadAssets } from './assets.ts';
import { dayText, instantText, timeText } from './dates.ts';
import { frenchMarks } from './french-marks.ts';
import { contextOf } from './page-context.ts';
import { activityPath, homeOf, pickerPath } from './session.ts';

export type PageOptions = {
  /** Already in the person's language. */
  readonly title: string;
  readonly status?: number;
  /** The form was not accepted: its title says so first (WCAG 2.2, 3.3.1). */
  readonly problems?: boolean;
  /** Which entry of the navigation this is. */
  readonly section?: string;
  /** A page that waits for something looks again after so long where there is no JavaScript. */
  readonly refreshSeconds?: number;
};

export type Pages = ReturnType<typeof createPages>;

type Words = { readonly say: Say; readonly has: (key: string) => boolean };

const SECTIONS: Readonly<Record<Viewer['role'], readonly { id: string; path: string }[]>> = {
  student: [],
  teacher: [
    { id: 'queue', path: '/teacher' },
    { id: 'progress', path: '/teacher/progress' },
    { id: 'set-up', path: '/teacher/set-up' },
  ],
  administrator: [
    { id: 'overview', path: '/admin' },
    { id: 'launches', path: '/admin/launches' },
    { id: 'services', path: '/admin/services' },
    { id: 'guide', path: '/admin/set-up' },
  ],
};

const HELP_FOR: Readonly<Record<Viewer['role'], 'student' | 'teacher'>> = {
  student: 'student',
  teacher: 'teacher',
  administrator: 'teacher',
};

/** What the address of a public page may say; anything else, such as a one-time code, is not for links. */
const IN_PUBLIC_LINKS: ReadonlySet<string> = new Set(['lang', 'for']);

function languageLink(reader: unknown, locale: Locale): string {
  const readerOfHelp = typeof reader === 'string' ? { for: reader } : {};
  return `?${new URLSearchParams({ ...readerOfHelp, lang: locale })}`;
}

/**
 * Pages from `views/`, compiled once. Everything put into a page is escaped; a template that asks for what it was not given throws.
 * `onMissingWord` hears of every message key that does not exist.
 */
export function createPages(deps: {
  readonly viewsDir: string;
  readonly words: Words;
  /** A token for the forms of this person's pages. */
  readonly formToken: (viewer: Viewer) => string;
  readonly onMissingWord?: (key: string) => void;
}) {
  const { words, viewsDir } = deps;
  const assets = loadAssets(viewsDir);
  const say: Say = (locale, key, params) => {
    if (!words.has(key)) deps.onMissingWord?.(key);
    const text = words.say(locale, key, params);
    return locale === 'fr' ? frenchMarks(text) : text;
  };
  const templates = compileViews(viewsDir, say, assets);

  function view(locale: Locale, name: string, data: object): string {
    const template = templates.get(name);
    if (template === undefined) throw new Error(`no view named ${name}`);
    return template({ locale, ...data });
  }

  /** Sends a page inside the layout, in the language of the request. */
  function show(res: Response, name: string, options: PageOptions, data: object = {}): void {
    const { locale, session, requestId } = contextOf(res);
    const viewer = session?.live ? session.viewer : null;
    const picking = session?.picking ?? null;
    // A page that refused something has no address of its own to come back to.
    const isShown = (options.status ?? 200) === 200 || options.problems === true;
    const otherLocale = LOCALES.find((candidate) => candidate !== locale) ?? locale;
    const chrome = {
      lang: `${locale}-CA`,
      title: options.problems ? say(locale, 'common.error-title', { title: options.title }) : options.title,
      requestId,
      refresh: options.refreshSeconds ?? null,
      token: viewer === null ? '' : deps.formToken(viewer),
      base: viewer === null ? '' : activityPath(viewer.activityId),
      home: viewer === null ? '/' : picking === null ? homeOf(viewer) : pickerPath(picking),
      nav:
        viewer === null || picking !== null
          ? []
          : SECTIONS[viewer.role].map(({ id, path }) => ({
              id,
              path: activityPath(viewer.activityId) + path,
              current: id === options.section,
            })),
      otherLocale,
      inSession: viewer !== null,
      isPublic:
        session === null &&
        res.req.method === 'GET' &&
        (options.status ?? 200) === 200 &&
        Object.keys(res.req.query).every((name) => IN_PUBLIC_LINKS.has(name)),
      inOtherLanguage: languageLink(res.req.query['for'], otherLocale),
      help: viewer === null ? 'student' : HELP_FOR[viewer.role],
      here: isShown ? res.req.originalUrl : '',
    };
    const body = new Handlebars.SafeString(view(locale, name, { page: chrome, ...data }));
    res.status(options.status ?? 200);
    res.type('html').send(view(locale, 'layout', { page: chrome, body }));
  }

  /** A page that explains why the tool cannot go on from here; `key` is the prefix of its title, text and fix. */
  function notice(
    res: Response,
    key: string,
    options: { readonly status?: number; readonly params?: AppError['params'] } = {},
  ): void {
    const { locale, requestId, returnUrl } = contextOf(res);
    const params = options.params ?? {};
    const title = say(locale, `${key}.title`, params);
    const text = say(locale, `${key}.text`, params);
    const status = options.status ?? 200;
    show(
      res,
      'notice',
      { title, status },
      {
        heading: title,
        text,
        back: returnUrl === null ? null : wayBack(returnUrl, `${title}. ${text}`, `${key} ${requestId}`),
        fix: words.has(`${key}.fix`) ? say(locale, `${key}.fix`, params) : null,
        showId: status >= 400,
      },
    );
  }

  /** The page of an error: its own words, or those of its code. */
  function refusal(res: Response, status: number, error: AppError): void {
    const key = words.has(`${error.key}.title`) ? error.key : `errors.${error.code}`;
    notice(res, key, { status, params: error.params });
  }

  return { show, notice, refusal, say, has: words.has, assets };
}

/** The LMS shows `message` to the person and may log `note` (LTI Core §5.4.4). Neither says anything about the person. */
function wayBack(returnUrl: string, message: string, note: string): string {
  const url = new URL(returnUrl);
  url.searchParams.set('lti_errormsg', message);
  url.searchParams.set('lti_errorlog', note);
  return url.href;
}

function compileViews(viewsDir: string, say: Say, assets: Assets) {
  const handlebars = Handlebars.create();
  const templates = new Map<string, Handlebars.TemplateDelegate>();
  const localeOf = (options: Handlebars.HelperOptions): Locale =>
    options.data.root.locale === 'fr' ? 'fr' : 'en';
  handlebars.registerHelper({
    t: (key: unknown, options: Handlebars.HelperOptions) => say(localeOf(options), String(key), options.hash),
    join: (...parts: unknown[]) => parts.slice(0, -1).map(String).join(''),
    list: (...parts: unknown[]) => parts.slice(0, -1),
    is: (a: unknown, b: unknown) => a === b,
    asset: (name: AssetName) => assets.address(name),
    day: (day: string, options: Handlebars.HelperOptions) => dayText(localeOf(options), day),
    moment: (at: number, options: Handlebars.HelperOptions) => instantText(localeOf(options), at),
    time: (at: number, options: Handlebars.HelperOptions) => timeText(localeOf(options), at),
    iso: (at: number) => new Date(at).toISOString(),
  });
  for (const file of globSync('**/*.hbs', { cwd: viewsDir })) {
    const name = file.replaceAll('\\', '/').replace(/\.hbs$/, '');
    const source = readFileSync(join(viewsDir, file), 'utf8');
    const template = handlebars.compile(source, { strict: true, preventIndent: true });
    // A partial that is registered as text is compiled again at each use inside an inline block.
    if (name.startsWith('partials/')) handlebars.registerPartial(name.slice('partials/'.length), template);
    else templates.set(name, template);
  }
  return templates;
}
