import { globSync, readFileSync } from 'node:fs';
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoLms, startDemoLms } from '../../src/demo/demo-lms.ts';
import en from '../../views/demo/messages/en.json' with { type: 'json' };
import fr from '../../views/demo/messages/fr.json' with { type: 'json' };
import { signIn } from '../support/demo-visitor.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
let lms: DemoLms;

beforeAll(async () => {
  lms = await startDemoLms({ port: 0, toolUrl: 'http://localhost:4999', samplesDir: null, now: () => NOW });
  const score = {
    scoreMaximum: 5,
    timestamp: NOW,
    submittedAt: NOW,
    scoringUserId: null,
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
  } as const;
  lms.gradebook.record(
    'column-1',
    { ...score, userId: 'student-1', scoreGiven: 4.25, comment: 'Good <work>.' },
    false,
  );
  lms.gradebook.record(
    'column-1',
    {
      ...score,
      userId: 'student-2',
      scoreGiven: null,
      comment: '',
      activityProgress: 'Submitted',
      gradingProgress: 'PendingManual',
    },
    false,
  );
});
afterAll(() => lms.close());

async function gradebookOf(personId: string, locale: 'en' | 'fr') {
  const visitor = await signIn(lms, personId, locale);
  const page = parse(await (await visitor.get('/course/grades')).text());
  return page
    .querySelectorAll('tbody tr')
    .map((row) => row.querySelectorAll('th, td').map((cell) => cell.textContent.trim()));
}

describe('the gradebook', () => {
  test('shows a teacher everyone, in words', async () => {
    expect(await gradebookOf('teacher-1', 'en')).toEqual([
      ['Student One', '8.5 / 10', 'Completed', 'Graded', 'Good <work>.', 'Review'],
      ['Student Two', 'No score yet', 'Submitted', 'Waiting for a teacher', '–', 'Review'],
    ]);
  });

  test('shows a student their own row, in French too', async () => {
    expect(await gradebookOf('student-1', 'fr')).toEqual([
      ['Élève Un', '8,5 / 10', 'Terminé', 'Noté', 'Good <work>.'],
    ]);
  });
});

test.each([
  ['en', 'student-1', 'standard-first-aid.png', 'Student One'],
  ['fr', 'student-2', 'standard-first-aid.png', 'Élève Deux'],
] as const)('the samples page (%s) offers %s their own badges', async (locale, person, fileName, name) => {
  const visitor = await signIn(lms, person, locale);
  const page = parse(await (await visitor.get('/course/samples')).text());
  expect(page.querySelector('.lead')?.textContent).toContain(name);
  const link = page.querySelector('.sample a')?.getAttribute('href') ?? '';
  const download = await visitor.get(link);
  expect([download.headers.get('content-type'), download.headers.get('content-disposition')]).toEqual([
    'image/png',
    `attachment; filename=${fileName}`,
  ]);
  const sample = lms.samples.all.find(
    (one) => one.locale === locale && one.person.id === person && one.fileName === fileName,
  );
  expect(Buffer.from(await download.arrayBuffer()).length).toBe((await sample?.bytes())?.length);
});

test('the course page is where people who are not signed in, or not teachers, are sent back from', async () => {
  const nobody = await signIn(lms, 'nobody');
  const student = await signIn(lms, 'student-1');
  const to = async (visitor: typeof nobody, path: string) =>
    (await visitor.get(path)).headers.get('location');
  expect([
    await to(nobody, '/course'),
    await to(nobody, '/course/grades'),
    await to(student, '/course/add'),
    await to(student, '/course/activities/activity-1/review/student-2'),
  ]).toEqual(['/', '/', '/course', '/course']);
});

test('signing out ends the session', async () => {
  const visitor = await signIn(lms, 'student-1');
  expect((await visitor.get('/course')).status).toBe(200);
  await visitor.post('/sign-out', {});
  expect((await visitor.get('/course')).status).toBe(303);
});

test('what a tool says on the way back is shown as text', async () => {
  const visitor = await signIn(lms, 'student-1');
  const page = await visitor.get(`/course/return?lti_errormsg=${encodeURIComponent('<b>Closed</b>')}`);
  expect(await page.text()).toContain('&lt;b&gt;Closed&lt;/b&gt;');
});

test('an unknown page is a 404 in the person’s language', async () => {
  const visitor = await signIn(lms, 'student-1', 'fr');
  const answer = await visitor.get('/nowhere');
  expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('<html lang="fr">')]);
});

describe('texts', () => {
  const keys = (texts: Record<string, Record<string, string>>) =>
    Object.entries(texts).flatMap(([page, words]) => Object.keys(words).map((key) => `${page}.${key}`));

  test('are the same in both languages', () => {
    expect(keys(fr).sort()).toEqual(keys(en).sort());
  });

  test('are all there that the templates ask for', () => {
    const asked = globSync('views/demo/*.hbs').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\{\{t "([^"]+)"/g)].map((match) => match[1]),
    );
    expect(asked.filter((key) => !keys(en).includes(key ?? ''))).toEqual([]);
  });
});
