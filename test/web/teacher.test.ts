import { parse } from 'node-html-parser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { typedReport } from '../../src/cli/typed-facts.ts';
import {
  aCell,
  aCredentialReport,
  aMember,
  anActivity,
  aPlacementReport,
  aSubmission,
  aTeacher,
  aViewer,
  NOW,
} from '../support/build.ts';
import { placeCredential } from '../support/placing.ts';
import { seedClass } from '../support/seeded-class.ts';
import { put, startWebTool, type Visitor, type WebTool } from '../support/web-tool.ts';

let tool: WebTool;
let teacher: Visitor;
beforeEach(async () => {
  tool = await startWebTool();
  await seedClass(tool.store);
  teacher = await tool.signIn(aTeacher());
});
afterEach(() => tool.stop());

const HOME = '/a/activity-1/teacher';
const DECISION = /\/submissions\/[\w-]+$/;
const read = async (response: Response) => parse(await response.text());
const words = (page: ReturnType<typeof parse>) => page.querySelector('main')?.structuredText ?? '';
const marks = { 'marks-understanding': '3', 'marks-connection': '4' };

test('the queue shows the oldest first, and what waits is counted', async () => {
  const page = await read(await teacher.get(HOME));
  expect(page.querySelector('.lead')?.text).toBe('3 badges are waiting for you, the oldest first.');
  expect(page.querySelectorAll('tbody th').map((cell) => cell.text)).toEqual([
    'Student Two',
    'Student One',
    'Student Three',
  ]);
  expect(page.querySelectorAll('.tabs a').map((link) => link.text)).toEqual([
    'Waiting (3)',
    'Sent back (1)',
    'Accepted (2)',
  ]);
});

describe('a list that is longer than a page', () => {
  const LATER = 1_000_000;
  const students = (page: ReturnType<typeof parse>) =>
    page.querySelectorAll('tbody th').map((cell) => cell.text.trim());
  const linkOf = (page: ReturnType<typeof parse>, text: string) =>
    page
      .querySelectorAll('.paging a')
      .find((link) => link.text === text)
      ?.getAttribute('href') ?? null;

  test('of waiting badges goes on page by page, and every badge is on one of them', async () => {
    for (let at = 0; at < 60; at += 1)
      await put(tool.store, aSubmission({ id: `more~${at}`, submittedAt: NOW + LATER + Math.floor(at / 7) }));
    const first = await read(await teacher.get(HOME));
    expect(first.querySelector('.lead')?.text).toContain('63 badges are waiting');
    expect(students(first)).toHaveLength(50);
    expect(linkOf(first, 'Back to the first page')).toBeNull();
    const second = await read(await teacher.get(linkOf(first, 'Next page') ?? ''));
    expect(students(second)).toHaveLength(13);
    expect(linkOf(second, 'Next page')).toBeNull();
    expect(linkOf(second, 'Back to the first page')).toBe(`${HOME}?show=waiting`);
    const links = [first, second].flatMap((page) =>
      page.querySelectorAll('tbody th a').map((link) => link.getAttribute('href')),
    );
    expect(new Set(links).size).toBe(63);
  });

  test.each(['', 'x', '~', '1', '1~', '-1~a', '1e9~a', '99999999999999999~a', '1~a&after=2~b'])(
    'a place that nobody gave shows a page all the same: %s',
    async (place) => {
      const response = await teacher.get(`${HOME}?after=${place}`);
      expect(response.status).toBe(200);
      expect((await read(response)).querySelector('h1')?.text).toBe('Badges to review');
    },
  );

  test('of students goes on by name, those who left last', async () => {
    for (let at = 1; at <= 120; at += 1) {
      const name = `Student ${String(at).padStart(3, '0')}`;
      const member = aMember({ userId: `more/${at}`, name, status: at === 1 ? 'departed' : 'active' });
      await tool.store.recordLaunch(anActivity(), member);
    }
    const first = await read(await teacher.get(`${HOME}/progress`));
    expect(students(first)).toHaveLength(100);
    expect(students(first)[0]).toBe('Student 002');
    const second = await read(await teacher.get(linkOf(first, 'Next page') ?? ''));
    expect(students(second).at(-1)).toBe('Student 001 (left the course)');
    expect(new Set([...students(first), ...students(second)]).size).toBe(124);
    const gone = await read(await teacher.get(`${HOME}/progress?after=nobody`));
    expect(students(gone)).toEqual(students(first));
  });
});

describe('a decision', () => {
  test('as proposed is stored with its marks, confirmed, and leads to the next one', async () => {
    const response = await teacher.send(`${HOME}/submissions/verified-2`, DECISION, {
      counts: 'proposed',
      ...marks,
      comment: 'Good.',
      outcome: 'accepted',
    });
    expect(response.headers.get('location')).toBe(`${HOME}/submissions/typed-1?done=verified-2`);
    expect((await tool.store.submission('verified-2'))?.decision).toMatchObject({
      outcome: 'accepted',
      placement: 'compulsory',
      lines: ['standard-first-aid', 'cpr-c-aed'],
      marks: { understanding: 3, connection: 4 },
      comment: 'Good.',
      decidedBy: 'teacher-1',
    });
    const next = await read(await teacher.get(response.headers.get('location') ?? ''));
    expect(next.querySelector('.banner')?.text.trim()).toMatch(
      /^Accepted: Student Two, Standard First Aid & CPR C\. Gradebook: /,
    );
  });

  test.each([
    ['another line', { counts: 'line', line: 'medical-terminology' }, ['medical-terminology'], 'elective'],
    ['beside the list', { counts: 'supplementary' }, [], 'supplementary'],
    ['another component', { counts: 'other-component' }, [], 'other-component'],
  ])('may be %s', async (_name, fields, lines, placement) => {
    await teacher.send(`${HOME}/submissions/typed-1`, DECISION, { ...fields, ...marks, outcome: 'accepted' });
    expect(await tool.store.submission('typed-1')).toMatchObject({
      state: 'accepted',
      decision: { lines, placement },
    });
  });

  test('to send it back needs a comment', async () => {
    const silent = await teacher.send(`${HOME}/submissions/typed-1`, DECISION, { outcome: 'returned' });
    expect(silent.status).toBe(422);
    expect((await read(silent)).querySelector('.summary a')?.getAttribute('href')).toBe('#comment');
    await teacher.send(`${HOME}/submissions/typed-1`, DECISION, {
      outcome: 'returned',
      comment: 'One example.',
    });
    expect(await tool.store.submission('typed-1')).toMatchObject({
      state: 'returned',
      decision: { comment: 'One example.' },
    });
  });

  test('that is not complete names what is missing and keeps the rest', async () => {
    const response = await teacher.send(`${HOME}/submissions/typed-1`, DECISION, {
      'marks-understanding': '2',
      comment: 'Well done.',
      outcome: 'accepted',
    });
    const page = await read(response);
    expect(response.status).toBe(422);
    expect(page.querySelector('title')?.text).toMatch(/^Error: /);
    expect(page.querySelectorAll('.summary a').map((link) => link.getAttribute('href'))).toEqual([
      '#counts',
      '#marks-connection',
    ]);
    expect(page.querySelector('#marks-understanding-2')?.hasAttribute('checked')).toBe(true);
    expect(page.querySelector('#comment')?.text).toBe('Well done.');
  });

  test('on something that changed meanwhile is not written, and what was filled in stays', async () => {
    const page = await read(await teacher.get(`${HOME}/submissions/typed-1`));
    const student = await tool.signIn(aViewer());
    await student.send('/a/activity-1/student/submissions/typed-1', /withdraw$/, {});
    const body = new URLSearchParams({
      counts: 'proposed',
      ...marks,
      comment: 'Well done.',
      outcome: 'accepted',
    });
    for (const name of ['token', 'version'])
      body.set(name, page.querySelector(`[data-decision] [name=${name}]`)?.getAttribute('value') ?? '');
    const response = await fetch(`${tool.url}${HOME}/submissions/typed-1`, {
      method: 'POST',
      headers: { cookie: teacher.cookie },
      body,
    });
    const conflict = await read(response);
    expect(response.status).toBe(409);
    expect(words(conflict)).toContain('Somebody changed this badge while you were deciding.');
    expect(conflict.querySelector('#comment')?.text).toBe('Well done.');
    expect(conflict.querySelector('#marks-connection-4')?.hasAttribute('checked')).toBe(true);
    expect(await tool.store.submission('typed-1')).toMatchObject({ state: 'withdrawn', decision: null });
  });
});

test('a proposal is chosen beforehand only where nothing about it needs a person’s eye', async () => {
  const checked = async (id: string) =>
    (await read(await teacher.get(`${HOME}/submissions/${id}`)))
      .querySelectorAll('[name=counts][checked]')
      .map((option) => option.getAttribute('value'));
  expect(await checked('verified-2')).toEqual(['proposed']);
  const credential = aCredentialReport({
    checks: [{ id: 'recipient', result: 'fail', detail: 'Another name.', detailFr: 'Un autre nom.' }],
  });
  await put(tool.store, aSubmission({ id: 'other-name', credential }));
  expect(await checked('other-name')).toEqual([]);
  expect(await checked('typed-1')).toEqual([]);
  expect(await checked('supplementary-3')).toEqual([]);
});

test('what needs a look stands first among the checks', async () => {
  const page = await read(await teacher.get(`${HOME}/submissions/supplementary-3`));
  const [checks] = page.querySelectorAll('.checks');
  expect(checks?.querySelectorAll('li').map((line) => line.structuredText)).toEqual([
    'Problem: Another name.',
    'Not known: Not on a list.',
  ]);
  const folded = page.querySelector('details:has(.checks)');
  expect(folded?.querySelector('summary')?.text).toBe('2 checks are OK');
  expect(folded?.querySelectorAll('li').map((line) => line.structuredText)).toEqual([
    'OK: Unchanged.',
    'OK: It is in force.',
  ]);
});

test('a certification that only some boards accept never reads as a line of the list', async () => {
  const placement = aPlacementReport({
    placement: 'elective',
    certification: 'food-handler',
    also: [],
    needsConfirmation: true,
    reasons: [{ key: 'earned', en: 'Earned on 2026-05-01.', fr: 'Obtenu le 2026-05-01.' }],
  });
  await put(tool.store, aSubmission({ id: 'candidate-1', placement }));
  const page = await read(await teacher.get(`${HOME}/submissions/candidate-1`));
  const decision = page.querySelector('form.decision-side');
  expect(decision?.text).toContain('Not on the list here; some boards accept it');
  expect(decision?.text).not.toContain('Elective line');
  expect(decision?.text).toContain('Earned on May 1, 2026.');
  expect(
    decision
      ?.querySelectorAll('optgroup')
      .map((group) => [
        group.getAttribute('label'),
        ...group.querySelectorAll('option').map((option) => option.text),
      ]),
  ).toEqual([
    [
      'On the sector’s list',
      'CPR Level C with AED',
      'Infection control',
      'Medical terminology',
      'Mental health first aid',
      'Standard First Aid',
      'WHMIS (generic)',
    ],
    ['Not on the list here; some boards accept them', 'Food handler', 'Safe lifting and transfers'],
  ]);
  const queue = await read(await teacher.get(HOME));
  const row = queue.querySelectorAll('tbody tr').find((one) => one.text.includes('Food handler'));
  expect(row?.text).toContain('board to confirm');
});

test('French marks keep their space and never begin a line', async () => {
  const french = await tool.signIn(aTeacher({ locale: 'fr' }));
  const page = await (await french.get(`${HOME}/submissions/verified-2`)).text();
  expect(page).toContain('Proposé\u00a0:');
  expect(page).not.toMatch(/ [:»%]/);
});

test('a score that did not arrive says why, what to do, and can be sent again', async () => {
  const [cell] = await tool.store.claimDue('platform-1', tool.clock.now, tool.clock.now + 1000, 'worker', 1);
  await tool.store.markParked(cell ?? aCell(), 'worker', { key: 'not-enrolled', status: 403, excerpt: '' });
  const page = await read(await teacher.get(`${HOME}/submissions/accepted-2`));
  expect(words(page)).toContain('Gradebook: needs attention');
  expect(words(page)).toContain('This student is not enrolled in the course.');
  const response = await teacher.send(`${HOME}/submissions/accepted-2`, /retry$/, {});
  expect(response.headers.get('location')).toBe(`${HOME}/submissions/accepted-2`);
  expect(await tool.store.cell({ activityId: 'activity-1', userId: 'student-2' })).toMatchObject({
    status: 'pending',
  });
});

test('scores that did not arrive stand on the class pages with what to do, and are sent again together', async () => {
  const { now } = tool.clock;
  const cells = await tool.store.claimDue('platform-1', now, now + 1000, 'worker', 2);
  for (const cell of cells)
    await tool.store.markParked(cell, 'worker', { key: 'not-gradeable', status: 422, excerpt: '' });
  for (const address of [HOME, `${HOME}/progress`]) {
    const card = (await read(await teacher.get(address))).querySelector('[aria-labelledby=parked-h]');
    expect(card?.querySelector('h2')?.text.trim()).toBe(
      cells.length === 1 ? 'One score did not reach the gradebook' : '2 scores did not reach the gradebook',
    );
    expect(card?.text).toContain('Can be graded in Grades');
    expect(card?.querySelectorAll('li')).toHaveLength(cells.length);
  }
  const response = await teacher.send(HOME, /retry-all$/, {});
  expect(response.headers.get('location')).toBe(HOME);
  expect(await tool.store.cells({ status: 'parked' })).toEqual([]);
  expect((await read(await teacher.get(HOME))).querySelector('[aria-labelledby=parked-h]')).toBeNull();
});

test('the class table has a row a student, and students of another course have none', async () => {
  const page = await read(await teacher.get(`${HOME}/progress`));
  expect(page.querySelector('caption')?.text).toBe('Students of SHSM certifications');
  expect(
    page.querySelectorAll('tbody tr').map((row) =>
      row
        .querySelectorAll('th, td')
        .slice(0, 4)
        .map((cell) => cell.text.trim()),
    ),
  ).toEqual([
    ['Student ABC6', '0 of 6', '0%', '0'],
    ['Student One', '2 of 6', '33%', '1'],
    ['Student Three', '0 of 6', '0%', '0'],
    ['Student Two', '1 of 6', '16%', '2'],
  ]);
});

test('the class table says what each list still needs', async () => {
  const page = await read(await teacher.get(`${HOME}/progress`));
  const row = page.querySelectorAll('tbody tr').find((one) => one.text.includes('Student Three'));
  expect(row?.querySelectorAll('details').map((one) => one.structuredText.split('\n'))).toEqual([
    ['3 compulsory', 'Standard First Aid', 'CPR Level C with AED', 'WHMIS (generic)'],
  ]);
  expect(row?.text).toContain('3 electives');
});

test('a submission of another course is not there', async () => {
  const other = aSubmission({ id: 'elsewhere', contextId: 'context-2' });
  await tool.store.saveSubmission(
    { submission: other, fromVersion: 0, evidence: null, score: null, audit: null },
    tool.clock.now,
  );
  expect((await teacher.get(`${HOME}/submissions/elsewhere`)).status).toBe(404);
});

describe('the set-up', () => {
  const settings = {
    sector: 'energy',
    kind: 'record',
    scoring: 'lines',
    points: '5',
    prompt: 'Why?',
    due: '2026-06-15',
  };

  test('comes first where nobody has set the activity up', async () => {
    const bare = await startWebTool({ settings: 'none' });
    const visitor = await bare.signIn(aTeacher());
    expect((await visitor.get(HOME)).headers.get('location')).toBe(`${HOME}/set-up`);
    const response = await visitor.send(`${HOME}/set-up`, /set-up$/, settings);
    expect(response.headers.get('location')).toBe(`${HOME}/set-up?done=saved`);
    expect((await bare.store.activity('activity-1'))?.settings).toMatchObject({
      sectorId: 'energy',
      scoring: 'lines',
      pointsPossible: 5,
      reflectionPrompt: 'Why?',
    });
    const page = await read(await visitor.get(`${HOME}/set-up`));
    expect(page.querySelector('#due')?.getAttribute('value')).toBe('2026-06-15');
    await bare.stop();
  });

  test('that is not complete is shown again as it was typed', async () => {
    const response = await teacher.send(`${HOME}/set-up`, /set-up$/, {
      ...settings,
      sector: '',
      points: 'ten',
    });
    const page = await read(response);
    expect(response.status).toBe(422);
    expect(page.querySelectorAll('.summary a').map((link) => link.getAttribute('href'))).toEqual([
      '#sector',
      '#points',
    ]);
    expect(page.querySelector('#points')?.getAttribute('value')).toBe('ten');
    expect(page.querySelector('#scoring-lines')?.hasAttribute('checked')).toBe(true);
  });
});

test('what a badge on no list does not say of its quality, the teacher may answer, and the student sees who did', async () => {
  const asked = typedReport({ name: 'Timber joinery', issuer: 'Canadian Red Cross' }, NOW);
  const placement = placeCredential({
    sectorId: 'health-wellness',
    credential: asked,
    expected: null,
    today: '2026-03-02',
    duplicates: null,
  });
  await put(tool.store, aSubmission({ id: 'micro', state: 'submitted', credential: asked, placement }));
  const page = await read(await teacher.get(`${HOME}/submissions/micro`));
  const names = page
    .querySelectorAll('select[name^="quality-"]')
    .map((select) => select.getAttribute('name'));
  expect(names).toContain('quality-assessed');
  expect(names).not.toContain('quality-issuer_named');
  const answers = { 'quality-assessed': 'yes', 'quality-relevant': 'no', 'quality-issuer_named': 'no' };
  const missing = await teacher.send(`${HOME}/submissions/micro`, DECISION, {
    ...answers,
    outcome: 'returned',
  });
  const again = await read(missing);
  expect(again.querySelector('select[name=quality-assessed] option[selected]')?.getAttribute('value')).toBe(
    'yes',
  );
  const sent = { ...answers, ...marks, counts: 'supplementary', outcome: 'accepted', comment: '' };
  expect((await teacher.send(`${HOME}/submissions/micro`, DECISION, sent)).status).toBe(303);
  const student = await tool.signIn(aViewer());
  const seen = await read(await student.get('/a/activity-1/student/submissions/micro'));
  const list = seen.querySelector('[aria-labelledby=quality-h]')?.structuredText ?? '';
  expect(list).toContain('Yes: Was the learning assessed, not only attended? (from the teacher)');
  expect(list).toContain(
    'No: Is it tied to a need of the industry or the community, here of the sector? (from the teacher)',
  );
  expect(list).toContain(
    'Yes: Is the issuer an established, identifiable organization? (from the list of issuers)',
  );
  expect(seen.querySelector('select')).toBeNull();
});
