import { beforeEach, expect, test } from 'vitest';
import { openActivity } from '../support/in-course.ts';
import { until } from '../support/until.ts';
import type { Page, Visitor } from '../support/visitor.ts';
import { startWholeTool, type WholeTool } from '../support/whole-tool.ts';

let tool: WholeTool;
beforeEach(async () => {
  tool = await startWholeTool({ studentCount: 25 });
  return tool.stop;
});

const AGAIN = 'form[action$="/progress/roster"]';
const students = (page: Page) =>
  page.html.querySelectorAll('tbody th').map((cell) => cell.text.replace(/\s+/g, ' ').trim());
const rosterWords = (page: Page) =>
  page.html.querySelectorAll('section[aria-labelledby=roster-h] p').map((line) => line.text);
const requests = () => tool.lms.log.calls().filter((call) => call.path.includes('/members')).length;

async function openProgress(locale: 'en' | 'fr' = 'en'): Promise<{ visitor: Visitor; page: Page }> {
  const { visitor, page } = await openActivity(tool.lms, 'teacher-1', { locale });
  return { visitor, page: await visitor.follow(page, 'nav a[href$="/progress"]') };
}

test('students who never opened the activity are in the class when the page is first opened', async () => {
  const { page } = await openProgress();
  expect(students(page).slice(0, 2)).toEqual(['Student 10', 'Student 11']);
  expect(page.text).toContain('25 students');
  expect(requests()).toBe(1);
});

test('it is not read again at every look, but when the teacher asks for it', async () => {
  const { visitor, page } = await openProgress();
  await until(async () => rosterWords(await visitor.open(page.url))[0]?.startsWith('Last read') === true);
  expect(requests()).toBe(1);
  const read = await visitor.send(page, AGAIN, {});
  expect([students(read).length, requests()]).toEqual([25, 2]);
});

test('who left the course is marked and stays in the table', async () => {
  const { visitor, page } = await openProgress('fr');
  const all = await visitor.send(page, AGAIN, {});
  const { people } = tool.lms.course;
  (people as unknown[]).splice(
    people.findIndex((person) => person.id === 'student-2'),
    1,
  );
  const fewer = await visitor.send(all, AGAIN, {});
  expect(students(fewer)).toHaveLength(25);
  expect(students(fewer).at(-1)).toBe('Élève Deux (a quitté le cours)');
  expect(fewer.text).toContain('24 élèves');
});

test('without names students are told apart by a code that stays the same', async () => {
  tool.lms.settings.privacy = 'nothing';
  const { visitor, page } = await openProgress();
  const first = students(await visitor.send(page, AGAIN, {}));
  expect(first).toHaveLength(25);
  expect(first.filter((name) => !/^Student [0-9A-F]{4}$/.test(name))).toEqual([]);
  expect(new Set(first).size).toBeGreaterThan(23);
  const again = await openProgress();
  expect(students(again.page)).toEqual(first);
});

test('an LMS that does not answer is told, the last list stays, and the page comes at once', async () => {
  const { visitor, page } = await openProgress();
  const read = await visitor.send(page, AGAIN, {});
  tool.lms.faults.set({ roster: { status: 500 } });
  const failed = await visitor.send(read, AGAIN, {});
  expect(students(failed)).toHaveLength(25);
  expect(rosterWords(failed)).toEqual([
    expect.stringMatching(/^Last read on/),
    'The last try failed: your learning platform did not answer. We try again when this page is opened later.',
  ]);
});
