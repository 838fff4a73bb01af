import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOCALES } from '../../src/domain/local-text.ts';
import { aTeacher, aViewer } from '../support/build.ts';
import { startWebTool, type WebTool } from '../support/web-tool.ts';

let tool: WebTool;
beforeAll(async () => {
  tool = await startWebTool();
});
afterAll(() => tool.stop());

const open = async (path: string) => parse(await (await fetch(tool.url + path)).text());
const footer = (page: ReturnType<typeof parse>) =>
  page.querySelectorAll('footer a').map((link) => link.getAttribute('href'));

describe.each(LOCALES)('help in %s', (locale) => {
  test.each(['student', 'teacher'])(
    'for a %s is there without a session, with every word',
    async (reader) => {
      const page = await open(`/help?for=${reader}&lang=${locale}`);
      expect(page.querySelectorAll('main h2').length).toBeGreaterThan(5);
      for (const link of page.querySelectorAll('.contents a'))
        expect(page.querySelector(link.getAttribute('href') ?? '')?.text.trim()).not.toBe('');
      expect(page.querySelector('header a.language')?.getAttribute('href')).toBe(
        `?for=${reader}&lang=${locale === 'en' ? 'fr' : 'en'}`,
      );
      expect(tool.missingWords).toEqual([]);
    },
  );

  test('is linked from every page, for whoever reads it, and opens beside what they are doing', async () => {
    for (const [viewer, reader] of [
      [aViewer({ locale }), 'student'],
      [aTeacher({ locale }), 'teacher'],
    ] as const) {
      const visitor = await tool.signIn(viewer);
      const page = parse(await (await visitor.get(`/a/activity-1/${reader}`)).text());
      expect(footer(page)[0]).toBe(`/help?for=${reader}&lang=${locale}`);
      expect(page.querySelector('footer a')?.getAttribute('target')).toBe('_blank');
    }
  });
});

test.each(['/help', '/help?for=nobody', '/help?for=student&for=teacher'])(
  '%s is help for students',
  async (path) => {
    expect((await open(path)).querySelector('h1')?.text).toBe('Help for students');
  },
);

test('the form and the result lead to the part of the help that they need', async () => {
  const student = await tool.signIn(aViewer());
  const form = parse(await (await student.get('/a/activity-1/student/new')).text());
  const href = form.querySelector('#way a')?.getAttribute('href') ?? '';
  expect(href).toBe('/help?for=student&lang=en#find');
  expect((await open(href)).querySelector('#find dl')).not.toBeNull();
});

test('the privacy page says what goes where, for how long', async () => {
  const page = await open('/privacy');
  expect(page.querySelectorAll('main section').map((section) => section.getAttribute('id'))).toEqual([
    'what',
    'why',
    'who',
    'outside',
    'how-long',
    'rights',
    'contact',
  ]);
  expect(page.querySelector('#outside')?.text).toContain('api.credly.com');
  expect(tool.missingWords).toEqual([]);
});
