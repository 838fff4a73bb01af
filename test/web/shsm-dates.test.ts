import { parse } from 'node-html-parser';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { typedReport } from '../../src/cli/typed-facts.ts';
import { aDecision, aMember, anActivity, aSubmission, aTeacher, aViewer, NOW } from '../support/build.ts';
import { placeCredential } from '../support/placing.ts';
import { put, startWebTool, type Visitor, type WebTool } from '../support/web-tool.ts';

const HOME = '/a/activity-1/student';
const DATES = `${HOME}/dates`;
const certificate = typedReport(
  { name: 'Standard First Aid', issuedOn: '2025-05-01', expiresOn: '2027-05-01' },
  NOW,
);

let tool: WebTool;
let student: Visitor;
beforeEach(async () => {
  tool = await startWebTool({ place: placeCredential });
  student = await tool.signIn(aViewer());
  await put(tool.store, aSubmission({ id: 'waits', state: 'submitted', credential: certificate }));
  await put(
    tool.store,
    aSubmission({ id: 'accepted', state: 'accepted', credential: certificate, decision: aDecision() }),
  );
});
afterEach(() => tool.stop());

const page = async (response: Response) => parse(await response.text());
const main = async (response: Response) => (await page(response)).querySelector('main')?.structuredText ?? '';
const checksOf = async (id: string) => (await tool.store.submission(id))?.placement?.checks ?? [];
const resultsOf = async (id: string) =>
  (await checksOf(id))
    .filter((check) => check.id === 'expiry' || check.id === 'earned-before')
    .map((check) => [check.id, check.result]);

test('a student says when the SHSM began and when graduation is planned, and the checks of what waits know it', async () => {
  const before = await tool.store.submission('accepted');
  const saved = await student.send(DATES, /dates$/, { startedOn: '2025-09-01', graduatesOn: '2027-06-30' });
  expect([saved.status, saved.headers.get('location')]).toEqual([303, HOME]);
  expect(await main(await student.get(HOME))).toContain(
    'Start of the SHSM: September 2025. Planned graduation: June 2027.',
  );
  expect(await resultsOf('waits')).toEqual([
    ['expiry', 'fail'],
    ['earned-before', 'unknown'],
  ]);
  expect((await checksOf('waits')).find(({ id }) => id === 'earned-before')?.en).toBe(
    'It was earned on 2025-05-01, before the SHSM began. It can count with documents; the school decides.',
  );
  expect(await tool.store.submission('accepted')).toEqual(before);
});

test('the form offers months to choose from and keeps the choice', async () => {
  await student.send(DATES, /dates$/, { startedOn: '2025-09-01', graduatesOn: '' });
  const form = await page(await student.get(DATES));
  const chosen = form.querySelectorAll('option[selected]').map((option) => option.text);
  expect(chosen).toEqual(['September 2025']);
  const french = await page(await (await tool.signIn(aViewer({ locale: 'fr' }))).get(DATES));
  expect(french.querySelector('option[selected]')?.text).toBe('septembre 2025');
});

test.each([
  ['en', 'When you started the SHSM and plan to graduate'],
  ['fr', 'Quand vous avez commencé la MHS et pensez obtenir votre diplôme'],
])('the privacy page says that the dates are kept (%s)', async (language, words) => {
  const answer = await fetch(`${tool.url}/privacy`, { headers: { 'accept-language': `${language}-CA` } });
  expect(await main(answer)).toContain(words);
});

test('graduation before the start is told in the summary, and the choice is kept', async () => {
  const refused = await student.send(DATES, /dates$/, { startedOn: '2025-09-01', graduatesOn: '2025-06-30' });
  expect(refused.status).toBe(422);
  const form = await page(refused);
  expect(form.querySelector('.error')?.structuredText).toContain('Graduation is before the start');
  expect(form.querySelectorAll('option[selected]').map((option) => option.getAttribute('value'))).toEqual([
    '2025-09-01',
    '2025-06-30',
  ]);
  expect((await tool.store.member(aMember(), 'student-1'))?.shsmDates).toBeNull();
});

test('a day that is no choice is taken as not known', async () => {
  await student.send(DATES, /dates$/, { startedOn: '1999-01-01', graduatesOn: '<script>' });
  expect((await tool.store.member(aMember(), 'student-1'))?.shsmDates).toMatchObject({
    startedOn: null,
    graduatesOn: null,
    statedBy: 'student',
  });
});

test('a teacher sets them from the review and comes back to it; another course has no such student', async () => {
  const teacher = await tool.signIn(aTeacher());
  const review = await page(await teacher.get('/a/activity-1/teacher/submissions/waits'));
  const address = review.querySelector('a[href*="/dates"]')?.getAttribute('href') ?? '';
  const saved = await teacher.send(address, /dates$/, { startedOn: '2025-09-01', graduatesOn: '2027-06-30' });
  expect(saved.headers.get('location')).toBe('/a/activity-1/teacher/submissions/waits');
  expect((await tool.store.member(aMember(), 'student-1'))?.shsmDates).toEqual({
    startedOn: '2025-09-01',
    graduatesOn: '2027-06-30',
    statedBy: 'teacher',
    statedAt: NOW,
  });
  await tool.store.recordLaunch(
    anActivity({ id: 'activity-2', contextId: 'context-2' }),
    aMember({ contextId: 'context-2', userId: 'student-9' }),
  );
  expect((await teacher.get('/a/activity-1/teacher/students/student-9/dates')).status).toBe(404);
  expect((await teacher.get('/a/activity-1/teacher/students/teacher-1/dates')).status).toBe(404);
});
