import { parse } from 'node-html-parser';
import { afterEach, expect, test } from 'vitest';
import type { FetchRoster } from '../../src/domain/ports/roster.ts';
import { aMember, aTeacher, MINUTE, NOW } from '../support/build.ts';
import { until } from '../support/until.ts';
import { startWebTool, type WebTool } from '../support/web-tool.ts';

const PROGRESS = '/a/activity-1/teacher/progress';

let tool: WebTool;
afterEach(() => tool.stop());

/** A teacher's look at class progress, and how often the LMS was asked. */
async function open(fetchRoster: FetchRoster, locale: 'en' | 'fr' = 'en') {
  const asked: Parameters<FetchRoster>[0][] = [];
  tool = await startWebTool({
    fetchRoster: (course, ...rest) => {
      asked.push(course);
      return fetchRoster(course, ...rest);
    },
  });
  const teacher = await tool.signIn(aTeacher({ locale }));
  const look = async () => {
    const page = parse(await (await teacher.get(PROGRESS)).text());
    return page.querySelectorAll('section[aria-labelledby=roster-h] p').map((line) => line.text);
  };
  const readAgain = async () => {
    const response = await teacher.send(PROGRESS, /\/roster$/, {});
    expect(response.headers.get('location')).toBe(PROGRESS);
    return look();
  };
  return { asked, look, readAgain, teacher };
}

const problem = (key: string) => async () =>
  ({ kind: 'problem', error: { key, status: null, excerpt: '' } }) as const;

test('a list that is not whole is called so, and nobody departs by it', async () => {
  const { asked, readAgain } = await open(async () => ({ kind: 'list', items: [], isComplete: false }));
  expect(await readAgain()).toEqual([
    expect.stringMatching(/^Last read on Mar 2, 2026/),
    'Your learning platform did not give the whole list, so students may be missing here.',
  ]);
  expect(asked[0]).toMatchObject({
    contextId: 'context-1',
    membershipsUrl: 'https://lms.example.test/memberships',
  });
  expect(await tool.store.members(aMember())).toEqual([aMember()]);
});

test.each([
  ['no-roster-service', 'ne communique pas la liste de la classe'],
  ['service-not-allowed', 'ne permet pas à cet outil'],
  ['lms-unavailable', 'n’a pas répondu'],
  ['lms-busy', 'd’attendre'],
  ['service-not-understood', 'n’a pas pu être lue'],
])('the problem %s is told in plain words', async (key, words) => {
  const { readAgain } = await open(problem(key), 'fr');
  expect((await readAgain()).at(-1)).toContain(words);
});

test('it is read anew after ten minutes, and not before, whether it came or not', async () => {
  const { asked, look } = await open(problem('lms-unavailable'));
  await look();
  await until(async () => (await tool.store.roster(aMember())) !== null);
  tool.clock.now = NOW + 10 * MINUTE;
  await look();
  expect(asked).toHaveLength(1);
  tool.clock.now = NOW + 10 * MINUTE + 1;
  await look();
  await until(async () => (await tool.store.roster(aMember()))?.triedAt === tool.clock.now);
  expect(asked).toHaveLength(2);
});

test('while the LMS takes its time the page is there, and the LMS is asked once', async () => {
  const answer = Promise.withResolvers<Awaited<ReturnType<FetchRoster>>>();
  const { asked, look } = await open(() => answer.promise);
  expect((await look()).at(-1)).toMatch(/^It is being read right now/);
  expect((await look()).at(-1)).toMatch(/^It is being read right now/);
  expect(asked).toHaveLength(1);
  answer.resolve({ kind: 'list', items: [aMember()], isComplete: true });
  await until(async () => (await look()).length === 1);
});

const people = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => {
    const number = String(from + n).padStart(4, '0');
    return aMember({ userId: `student-${number}`, name: `Student ${number}` });
  });

test('the first names are shown while the others are being read, and the page brings those by itself', async () => {
  const pages = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const { teacher } = await open(async (_course, _signal, onPeople) => {
    await onPeople?.(people(1, 51));
    await pages[0].promise;
    await onPeople?.(people(51, 81));
    await pages[1].promise;
    return { kind: 'list', items: people(1, 81), isComplete: true };
  }, 'fr');
  const view = async (address: string) => {
    const html = parse(await (await teacher.get(address)).text());
    return {
      names: html
        .querySelectorAll('tbody th')
        .map((cell) => cell.text.trim())
        .filter((name) => name !== 'Student One'),
      status: html.querySelector('[data-more]')?.text.trim() ?? null,
      more: html.querySelector('[data-more]')?.getAttribute('data-more') ?? '',
      refreshes: /http-equiv="refresh" content="2"/.test(
        html.querySelector('head noscript')?.innerHTML ?? '',
      ),
    };
  };
  const first = await view(PROGRESS);
  expect(first).toEqual({
    names: people(1, 51).map((member) => member.name),
    status:
      'La liste de la classe arrive\u00a0: 50 noms pour l’instant. Les autres s’ajouteront d’eux-mêmes.',
    more: `${PROGRESS}?known=50`,
    refreshes: true,
  });
  const asked = view(first.more);
  pages[0].resolve();
  const second = await asked;
  expect([second.names.length, second.more]).toEqual([80, `${PROGRESS}?known=80`]);
  const last = view(second.more);
  pages[1].resolve();
  expect(await last).toMatchObject({ status: null, more: '', refreshes: false });
});

test('a reading that breaks off keeps who has come, and nobody departs', async () => {
  const { look } = await open(async (_course, _signal, onPeople) => {
    await onPeople?.(people(1, 4));
    return problem('lms-unavailable')();
  });
  await look();
  await until(async () => (await tool.store.roster(aMember())) !== null);
  expect((await look()).at(-1)).toMatch(/^The last try failed/);
  const kept = await tool.store.members(aMember());
  expect(kept.filter((member) => member.status === 'active')).toHaveLength(4);
});

test('storage that fails in the background is logged for a person, and the page stays', async () => {
  const { look } = await open(async () => {
    throw new Error('out of order');
  });
  await look();
  await until(() => tool.lines.some((line) => line.message === 'background work failed'));
  expect(tool.lines.find((line) => line.message === 'background work failed')).toMatchObject({
    level: 'error',
    job: 'class list',
  });
});
