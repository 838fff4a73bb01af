import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOCALES } from '../../src/domain/local-text.ts';
import type { Viewer } from '../../src/domain/person.ts';
import { aTeacher, aViewer } from '../support/build.ts';
import { PAGES, seedClass } from '../support/seeded-class.ts';
import { startWebTool, type WebTool } from '../support/web-tool.ts';

let tool: WebTool;
beforeAll(async () => {
  tool = await startWebTool();
  await seedClass(tool.store);
});
afterAll(() => tool.stop());

const viewers: Readonly<Record<keyof typeof PAGES, ((locale: Viewer['locale']) => Viewer) | null>> = {
  student: (locale) => aViewer({ locale }),
  teacher: (locale) => aTeacher({ locale }),
  picker: (locale) => aTeacher({ locale, activityId: 'picking-1' }),
  administrator: (locale) => aViewer({ role: 'administrator', userId: 'admin-1', locale }),
  nobody: null,
};

async function open(who: keyof typeof PAGES, path: string, locale: Viewer['locale']) {
  const viewer = viewers[who];
  const response =
    viewer === null
      ? await fetch(tool.url + path, { headers: { 'accept-language': `${locale}-CA` } })
      : await (await tool.signIn(viewer(locale))).get(path);
  return { response, page: parse(await response.text()) };
}

const cases = LOCALES.flatMap((locale) =>
  (Object.keys(PAGES) as (keyof typeof PAGES)[]).flatMap((who) =>
    PAGES[who].map((path) => ({ locale, who, path })),
  ),
);

describe.each(cases)('$who $path in $locale', ({ who, path, locale }) => {
  test('is a whole page that a screen reader can make sense of', async () => {
    const { response, page } = await open(who, path, locale);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.querySelector('html')?.getAttribute('lang')).toBe(`${locale}-CA`);
    expect(page.querySelector('title')?.text).toMatch(
      locale === 'en' ? /.+ – SHSM Badges$/ : /.+ – Badges MHS$/,
    );
    expect(page.querySelectorAll('h1')).toHaveLength(1);
    expect(page.querySelectorAll('main')).toHaveLength(1);
    expect(headingJumps(page)).toEqual([]);
    expect(twice(page.querySelectorAll('[id]').map((element) => element.getAttribute('id')))).toEqual([]);
    expect(unlabelled(page)).toEqual([]);
    expect(danglingReferences(page)).toEqual([]);
    expect(page.querySelector('body')?.text).not.toMatch(/undefined|\[object|\{[a-z]+[,}]/i);
    expect(page.querySelectorAll('[style], [onclick], script:not([src]), style')).toEqual([]);
    expect(tool.missingWords).toEqual([]);
  });
});

type Page = ReturnType<typeof parse>;

function headingJumps(page: Page): string[] {
  const levels = page.querySelectorAll('h1, h2, h3, h4').map((heading) => Number(heading.tagName.slice(1)));
  return levels.flatMap((level, at) => (level > (levels[at - 1] ?? level) + 1 ? [`h${level} at ${at}`] : []));
}

function twice(ids: readonly (string | undefined)[]): (string | undefined)[] {
  return ids.filter((id, at) => ids.indexOf(id) !== at);
}

function unlabelled(page: Page): string[] {
  return page
    .querySelectorAll('input:not([type=hidden]), select, textarea')
    .filter(
      (field) => page.querySelector(`label[for="${field.getAttribute('id')}"]`)?.text.trim() === undefined,
    )
    .map((field) => field.toString());
}

function danglingReferences(page: Page): string[] {
  const ids = new Set(page.querySelectorAll('[id]').map((element) => element.getAttribute('id')));
  const named = page
    .querySelectorAll('[aria-describedby], [aria-labelledby], label[for]')
    .flatMap((element) =>
      ['aria-describedby', 'aria-labelledby', 'for'].flatMap(
        (name) => element.getAttribute(name)?.split(' ') ?? [],
      ),
    );
  const inPage = page
    .querySelectorAll('a[href^="#"]')
    .map((link) => link.getAttribute('href')?.slice(1) ?? '');
  return [...named, ...inPage].filter((id) => !ids.has(id));
}
