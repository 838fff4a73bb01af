import { parse } from 'node-html-parser';
import { afterEach, describe, expect, test } from 'vitest';
import type { CredentialReport } from '../../src/domain/credential.ts';
import type { ReadCredential } from '../../src/domain/ports/read-credential.ts';
import { aCredentialReport, aTeacher, aViewer, someFacts } from '../support/build.ts';
import { aPng } from '../support/seeded-class.ts';
import { until } from '../support/until.ts';
import { startWebTool, type Visitor, type WebTool } from '../support/web-tool.ts';

const HOME = '/a/activity-1/student';
const FORM = /\/submissions\/[\w-]+$/;
const photo = {
  way: 'file',
  reflection: 'I learned when to call.',
  file: new File([aPng()], 'wallet card.png'),
};

/** A reader that is at it until it is told what it finds. */
function aSlowReader() {
  const asked: ((report: CredentialReport) => void)[] = [];
  const read: ReadCredential = () =>
    new Promise((resolve) => {
      asked.push(resolve);
    });
  return {
    read,
    asked,
    /** Answers the reading that was asked for as number `at`. */
    find: async (over: Partial<CredentialReport> = {}, at = 0) => {
      await until(() => asked.length > at);
      asked[at]?.(aCredentialReport(over));
    },
  };
}

let tool: WebTool;
afterEach(() => tool.stop());

async function handIn(fields: Record<string, string | File> = photo) {
  const reader = aSlowReader();
  tool = await startWebTool({ read: reader.read });
  const student = await tool.signIn(aViewer());
  const response = await student.send(`${HOME}/new`, FORM, { ...fields, action: 'submit' });
  return { reader, student, response, here: response.headers.get('location')?.split('?')[0] ?? '' };
}

const pageAt = async (visitor: Visitor, path: string) => parse(await (await visitor.get(path)).text());
const words = (page: ReturnType<typeof parse>) => page.querySelector('main')?.structuredText ?? '';
const mine = async () => (await tool.store.submissionsBy(aViewer(), 'student-1'))[0];
const untilRead = () => until(async () => (await mine())?.reading === null);

describe('while it is read', () => {
  test('the page says what is looked at, keeps everything in sight, and brings the result without JavaScript', async () => {
    const { reader, student, response, here } = await handIn();
    expect(response.status).toBe(303);
    const waiting = await pageAt(student, here);
    expect(waiting.querySelector('head noscript')?.innerHTML).toContain('http-equiv="refresh" content="3"');
    expect(words(waiting)).toContain('Every line of the certificate, in English and French');
    expect(words(waiting)).toContain('Reading a photo can take up to a minute.');
    expect(words(waiting)).toContain('I learned when to call.');
    expect(words(waiting)).toContain('wallet card.png');
    await reader.find({ outcome: 'self-reported' });
    await untilRead();
    const result = await pageAt(student, here);
    expect(result.querySelector('head noscript')).toBe(null);
    expect(words(result)).toContain('Self-reported: a person must look at it');
  });

  test('with JavaScript one line says how it stands, and when it is there', async () => {
    const { reader, student, here } = await handIn();
    const line = (await pageAt(student, here)).querySelector('[data-reading]');
    expect([line?.getAttribute('role'), line?.getAttribute('aria-live')]).toEqual(['status', 'polite']);
    const ask = async () => (await student.get(line?.getAttribute('data-reading') ?? '')).json();
    expect(await ask()).toEqual({ isRead: false, text: 'Reading a photo can take up to a minute.' });
    tool.clock.now += 61_000;
    expect(await ask()).toEqual({
      isRead: false,
      text: 'It takes longer than usual. Nothing is lost: it goes on by itself, also when this page is closed.',
    });
    await reader.find();
    await untilRead();
    expect(await ask()).toEqual({
      isRead: true,
      text: 'It has been looked at. Opening the result…',
    });
  });

  test('the teacher sees that it is being read, and may decide; what is found later changes no decision', async () => {
    const { reader } = await handIn();
    const teacher = await tool.signIn(aTeacher());
    const id = (await mine())?.id ?? '';
    expect(words(await pageAt(teacher, '/a/activity-1/teacher'))).toContain('Being read');
    const review = await pageAt(teacher, `/a/activity-1/teacher/submissions/${id}`);
    expect(words(review)).toContain('Still being read');
    expect(words(review)).toContain('You can decide now');
    const marks = Object.fromEntries(
      review.querySelectorAll('fieldset.levels').map((one) => [one.getAttribute('id') ?? '', '4']),
    );
    const saved = await teacher.send(`/a/activity-1/teacher/submissions/${id}`, FORM, {
      ...marks,
      counts: 'supplementary',
      outcome: 'accepted',
    });
    expect(saved.status).toBe(303);
    const decided = await mine();
    const cell = await tool.store.cell({ activityId: 'activity-1', userId: 'student-1' });
    await reader.find({ outcome: 'revoked' });
    await untilRead();
    expect(await mine()).toMatchObject({
      state: 'accepted',
      decision: decided?.decision,
      credential: { outcome: 'revoked' },
    });
    expect(await tool.store.cell({ activityId: 'activity-1', userId: 'student-1' })).toEqual(cell);
  });

  test('a teacher whose page is older than what was read is told so, and keeps what was filled in', async () => {
    const { reader } = await handIn();
    const teacher = await tool.signIn(aTeacher());
    const id = (await mine())?.id ?? '';
    const path = `/a/activity-1/teacher/submissions/${id}`;
    const review = await pageAt(teacher, path);
    await reader.find();
    await untilRead();
    const response = await fetch(`${tool.url}${path}`, {
      method: 'POST',
      headers: { cookie: teacher.cookie },
      body: new URLSearchParams({
        token: review.querySelector('form.decision-side input[name=token]')?.getAttribute('value') ?? '',
        version: review.querySelector('form.decision-side input[name=version]')?.getAttribute('value') ?? '',
        outcome: 'returned',
        comment: 'Please add the back of the card.',
      }),
    });
    const page = parse(await response.text());
    expect(response.status).toBe(409);
    expect(words(page)).toContain('The badge was read while you were deciding.');
    expect(page.querySelector('#comment')?.text).toBe('Please add the back of the card.');
    expect(await mine()).toMatchObject({ state: 'submitted', decision: null });
  });

  test('the gradebook hears of it with what was read', async () => {
    const { reader } = await handIn();
    const cell = () => tool.store.cell({ activityId: 'activity-1', userId: 'student-1' });
    expect(await cell()).toBe(null);
    await reader.find();
    await untilRead();
    expect((await cell())?.desired).toMatchObject({ activityProgress: 'Submitted' });
  });
});

describe('changed while it is read', () => {
  test('it is a draft again with everything in it, and the older reading never comes back', async () => {
    const { reader, student, here } = await handIn();
    const changed = await student.send(here, /\/change$/, {});
    expect(changed.status).toBe(303);
    const form = await pageAt(student, here);
    expect(form.querySelector('#reflection')?.text).toBe('I learned when to call.');
    expect(form.querySelector('.kept')?.text).toContain('wallet card.png');
    const sent = student.send(here, FORM, {
      way: 'typed',
      title: 'Standard First Aid',
      issuer: 'Example First Aid',
      reflection: 'And now with its title.',
      action: 'submit',
    });
    await reader.find({ credential: someFacts({ name: 'The older one' }) }, 0);
    await sent;
    expect(await mine()).toMatchObject({ state: 'submitted', reading: { id: expect.any(String) } });
    await reader.find({ credential: someFacts({ name: 'The newer one' }) }, 1);
    await untilRead();
    expect(await mine()).toMatchObject({
      state: 'submitted',
      reflection: 'And now with its title.',
      credential: { credential: { name: 'The newer one' } },
    });
  });

  test('taken back, it stays taken back', async () => {
    const { reader, student, here } = await handIn();
    await student.send(here, /\/change$/, {});
    await student.send(here, /\/withdraw$/, {});
    await reader.find();
    await until(async () => reader.asked.length === 1);
    expect(await mine()).toMatchObject({ state: 'withdrawn', credential: null });
  });
});

describe('where nothing can be read', () => {
  test('a student who waited for longer sees why and what to do, with everything still there', async () => {
    const { reader, student, here } = await handIn();
    await reader.find({ format: 'image', outcome: 'no-badge-data', credential: someFacts({ name: null }) });
    await untilRead();
    const page = await pageAt(student, here);
    expect(words(page)).toContain('There is no badge inside this file');
    expect(words(page)).toContain('Add what the certificate says');
    await student.send(here, /\/change$/, {});
    const form = await pageAt(student, here);
    expect(form.querySelector('#reflection')?.text).toBe('I learned when to call.');
  });

  test('a student who is still there gets the form back at once, and nothing was handed in', async () => {
    tool = await startWebTool();
    const student = await tool.signIn(aViewer());
    const response = await student.send(`${HOME}/new`, FORM, { ...photo, action: 'submit' });
    expect(response.status).toBe(422);
    expect(words(parse(await response.text()))).toContain('There is no badge inside this file.');
    expect(await mine()).toMatchObject({ state: 'draft', reading: null, submittedAt: null });
    expect(await tool.store.cell({ activityId: 'activity-1', userId: 'student-1' })).toBe(null);
  });
});

test('a link that names the student is kept without what names them, in a draft as well', async () => {
  tool = await startWebTool();
  const student = await tool.signIn(aViewer());
  const address = 'https://api.badgr.io/public/assertions/abc?identity__email=one%40example.test';
  await student.send(`${HOME}/new`, FORM, { way: 'address', address, reflection: 'x', action: 'save' });
  expect((await mine())?.input).toMatchObject({
    address: 'https://api.badgr.io/public/assertions/abc',
    wasPersonal: true,
  });
  await student.send(`${HOME}/submissions/${(await mine())?.id}`, FORM, {
    way: 'address',
    address: `${address}#owner@example.test`,
    reflection: 'x',
    action: 'submit',
  });
  const stored = await mine();
  expect(JSON.stringify(stored)).not.toContain('example.test?');
  expect(JSON.stringify([stored?.input, tool.lines])).not.toMatch(/one(%40|@)example|owner@/);
  const page = await pageAt(student, `${HOME}/submissions/${stored?.id}`);
  expect(words(page)).toContain('The link held personal details.');
});
