import { parse } from 'node-html-parser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  aCredentialReport,
  aDecision,
  anAuditEvent,
  aSubmission,
  aViewer,
  someEvidence,
  someFacts,
  someSettings,
} from '../support/build.ts';
import { aPng, seedClass } from '../support/seeded-class.ts';
import { put, startWebTool, type Visitor, type WebTool } from '../support/web-tool.ts';

let tool: WebTool;
let student: Visitor;
beforeEach(async () => {
  tool = await startWebTool();
  student = await tool.signIn(aViewer());
});
afterEach(() => tool.stop());

const HOME = '/a/activity-1/student';
const FORM = /\/submissions\/[\w-]+$/;
const mine = () => tool.store.submissionsBy(aViewer(), 'student-1');
const read = async (response: Response) => parse(await response.text());
const words = (page: ReturnType<typeof parse>) => page.querySelector('main')?.structuredText ?? '';

const paper = {
  way: 'typed',
  address: '',
  title: 'Standard First Aid',
  issuer: 'Example First Aid',
  issuedOn: '2026-02-01',
  expiresOn: '',
  hours: '13,5',
  certificateNumber: 'A-17',
  reflection: 'I learned how to <help> & when to call.',
  file: new File([aPng()], 'Ma photo é.png'),
};

describe('handing in', () => {
  test('a paper certificate: the page says at once what it is, where it would count and why', async () => {
    const response = await student.send(`${HOME}/new`, FORM, { ...paper, action: 'submit' });
    expect(response.status).toBe(303);
    const page = await read(await student.get(response.headers.get('location') ?? ''));
    expect(words(page)).toContain('Your teacher has it now.');
    expect(words(page)).toContain('Self-reported: a person must look at it');
    expect(words(page)).toContain('Proposed for a compulsory line of your sector’s list');
    expect(words(page)).toContain('The title names it.');
    expect(page.querySelector('.words')?.text).toBe('I learned how to <help> & when to call.');
    expect(page.querySelector('img')?.getAttribute('alt')).toContain('Ma photo é.png');
    expect(await mine()).toMatchObject([
      { state: 'submitted', input: { way: 'typed', typed: { hours: '13,5' } } },
    ]);
  });

  test('the report can be kept as JSON, by the student and not by another', async () => {
    const response = await student.send(`${HOME}/new`, FORM, { ...paper, action: 'submit' });
    const page = await read(await student.get(response.headers.get('location') ?? ''));
    const address = page.querySelector('a[download]')?.getAttribute('href') ?? '';
    const report = await student.get(address);
    expect(report.headers.get('content-disposition')).toBe('attachment; filename=badge-report.json');
    const [submission] = await mine();
    expect(await report.json()).toEqual({
      submission: submission?.id,
      sector: 'health-wellness',
      credential: {
        ...submission?.credential,
        checks: submission?.credential?.checks.map((check) => ({ ...check, at: '2026-03-02T15:00:00.000Z' })),
        checkedAt: '2026-03-02T15:00:00.000Z',
      },
      placement: submission?.placement,
    });
    const other = await tool.signIn(aViewer({ userId: 'student-2' }));
    expect((await other.get(address)).status).toBe(404);
  });

  test('what is missing is named in a summary that leads to each field, and nothing typed is lost', async () => {
    const response = await student.send(`${HOME}/new`, FORM, {
      ...paper,
      title: '',
      issuedOn: '2030-01-01',
      action: 'submit',
    });
    const page = await read(response);
    expect(response.status).toBe(422);
    expect(page.querySelector('title')?.text).toMatch(/^Error: /);
    expect(page.querySelectorAll('.summary a').map((link) => [link.getAttribute('href'), link.text])).toEqual(
      [
        ['#title', 'Enter the title, exactly as the certificate shows it.'],
        ['#issuedOn', 'This date is in the future. Enter the day you earned it.'],
      ],
    );
    for (const id of ['title', 'issuedOn']) {
      const field = page.querySelector(`#${id}`);
      expect(field?.getAttribute('aria-invalid')).toBe('true');
      expect(field?.getAttribute('aria-describedby')).toContain(`${id}-error`);
    }
    expect(page.querySelector('#issuer')?.getAttribute('value')).toBe('Example First Aid');
    expect(page.querySelector('#certificateNumber')?.getAttribute('value')).toBe('A-17');
    expect(page.querySelector('#reflection')?.text).toBe(paper.reflection);
    expect(page.querySelector('.kept')?.text).toContain('Ma photo é.png');
  });

  test('a file over the limit is named, and the words around it are kept', async () => {
    const file = new File([new Uint8Array(10 * 1024 * 1024 + 1)], 'big.png');
    const response = await student.send(`${HOME}/new`, FORM, { ...paper, file, action: 'submit' });
    const page = await read(response);
    expect(response.status).toBe(422);
    expect(page.querySelector('.summary')?.text).toContain('bigger than 10 MB');
    expect(page.querySelector('#reflection')?.text).toBe(paper.reflection);
    expect(await mine()).toMatchObject([{ state: 'draft', input: { evidenceId: null } }]);
  });

  test.each(['revoked', 'invalid'] as const)(
    'a %s badge stays what it is, also where only the typed words have a title',
    async (outcome) => {
      const read = async () => aCredentialReport({ outcome, credential: someFacts({ name: null }) });
      const other = await startWebTool({ read });
      const visitor = await other.signIn(aViewer());
      const file = new File(['{}'], 'badge.json');
      await visitor.send(`${HOME}/new`, FORM, { ...paper, way: 'file', file, action: 'submit' });
      expect(await other.store.submissionsBy(aViewer(), 'student-1')).toMatchObject([
        { state: 'submitted', credential: { outcome } },
      ]);
      await other.stop();
    },
  );

  test('an address that does not answer can be handed in all the same', async () => {
    const fields = { ...paper, way: 'address', address: 'https://silent.example.test/1', action: 'submit' };
    const response = await student.send(`${HOME}/new`, FORM, fields);
    expect(response.status).toBe(422);
    expect((await read(response)).querySelector('#anyway')).not.toBeNull();
    const [draft] = await mine();
    const again = await student.send(`${HOME}/submissions/${draft?.id}`, FORM, { ...fields, anyway: 'yes' });
    expect(again.status).toBe(303);
    expect(await mine()).toMatchObject([{ state: 'submitted', credential: { outcome: 'could-not-check' } }]);
  });

  test('pressing the button twice hands in once', async () => {
    const page = await read(await student.get(`${HOME}/new`));
    const form = page.querySelector('form[data-draft]');
    const send = () => {
      const body = new FormData();
      body.append('token', form?.querySelector('input[name=token]')?.getAttribute('value') ?? '');
      for (const [name, value] of Object.entries({ ...paper, action: 'submit' })) body.append(name, value);
      return fetch(tool.url + form?.getAttribute('action'), {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie: student.cookie },
        body,
      });
    };
    const statuses = (await Promise.all([send(), send()])).map((response) => response.status);
    expect(statuses).toEqual([303, 303]);
    expect(await mine()).toMatchObject([{ state: 'submitted' }]);
  });
});

describe('drafts', () => {
  test('half-typed words are kept as they are, and shown again on the list and in the form', async () => {
    const response = await student.send(`${HOME}/new`, FORM, {
      way: 'typed',
      title: 'WHM',
      hours: 'six',
      reflection: 'On the second day',
      action: 'save',
    });
    const page = await read(await student.get(response.headers.get('location') ?? ''));
    expect(page.querySelector('#hours')?.getAttribute('value')).toBe('six');
    expect(page.querySelector('#save-status')?.text).toMatch(/^Saved 10:00/);
    expect(page.querySelector('#way-typed')?.hasAttribute('checked')).toBe(true);
    const home = await read(await student.get(HOME));
    expect(words(home)).toContain('Unfinished: WHM');
    expect(words(home)).toContain('On the second day');
  });

  test('the page saves them while the student types, and is told when', async () => {
    const form = (await read(await student.get(`${HOME}/new`))).querySelector('form[data-draft]');
    const save = (reflection: string) =>
      fetch(tool.url + form?.getAttribute('data-draft'), {
        method: 'POST',
        headers: { cookie: student.cookie },
        body: new URLSearchParams({
          token: form?.querySelector('input[name=token]')?.getAttribute('value') ?? '',
          reflection,
        }),
      });
    expect(await (await save('I')).text()).toMatch(/^Saved 10:00/);
    expect(await (await save('I learned')).text()).toMatch(/^Saved 10:00/);
    expect(await mine()).toMatchObject([{ state: 'draft', reflection: 'I learned' }]);
  });

  test('can be thrown away', async () => {
    await seedClass(tool.store);
    const response = await student.send(`${HOME}/submissions/draft-1`, /withdraw$/, {});
    expect(response.headers.get('location')).toBe(`${HOME}?done=withdrawn`);
    expect(await tool.store.submission('draft-1')).toMatchObject({ state: 'withdrawn' });
  });
});

test('a returned badge is mended with everything kept, and handed in again', async () => {
  await seedClass(tool.store);
  const page = await read(await student.get(`${HOME}/submissions/returned-1`));
  expect(words(page)).toContain('Please add one example.');
  expect(page.querySelector('#address')?.getAttribute('value')).toBe(
    'https://badges.example.test/assertions/1',
  );
  const response = await student.send(`${HOME}/submissions/returned-1`, FORM, {
    way: 'address',
    address: 'https://badges.example.test/assertions/1',
    reflection: 'With one example.',
    action: 'submit',
  });
  expect(response.status).toBe(303);
  expect(await tool.store.submission('returned-1')).toMatchObject({
    state: 'submitted',
    reflection: 'With one example.',
  });
});

test('a badge that waits can be taken back, one that was accepted cannot', async () => {
  await seedClass(tool.store);
  const response = await student.send(`${HOME}/submissions/typed-1`, /withdraw$/, {});
  expect(response.status).toBe(303);
  expect(await tool.store.submission('typed-1')).toMatchObject({ state: 'withdrawn' });
  const page = await read(await student.get(`${HOME}/submissions/accepted-1`));
  expect(page.querySelectorAll('form[action$=withdraw]')).toEqual([]);
});

test('the list says what is met, what waits, what is open, and what is not confirmed', async () => {
  await seedClass(tool.store);
  const page = await read(await student.get(HOME));
  const lines = page.querySelectorAll('.lines li').map((line) => line.structuredText.split('\n').join(' | '));
  expect(words(page)).toContain('2 of 6 certifications accepted');
  expect(lines).toEqual([
    expect.stringMatching(/^Standard First Aid.*Accepted/),
    expect.stringMatching(/^CPR Level C with AED.*Accepted/),
    expect.stringMatching(/^WHMIS.*With your teacher/),
    expect.stringMatching(/^Infection control.*Open.*To be confirmed by your board/),
    expect.stringMatching(/^Mental health first aid.*Open$/),
    expect.stringMatching(/^Medical terminology.*Open$/),
  ]);
});

test('what is on no list is folded away as plain names, without a state that a line has', async () => {
  await seedClass(tool.store);
  const page = await read(await student.get(HOME));
  const beside = page.querySelector('details.aside');
  expect(beside?.querySelector('summary')?.text).toBe('2 other certifications that are not on your list');
  expect(beside?.text).toContain('They do not count unless your teacher confirms it');
  expect(beside?.querySelectorAll('li').map((line) => line.structuredText)).toEqual([
    'Safe lifting and transfers',
    'Food handler',
  ]);
});

describe('what to do next', () => {
  const next = async () =>
    (await read(await student.get(HOME))).querySelector('section.next')?.structuredText ?? '';

  test('names what the list still needs', async () => {
    const said = await next();
    expect(said).toContain('Your list still needs:');
    expect(said).toMatch(/3 compulsory certifications are open:\s+Standard First Aid\s+CPR Level C with AED/);
    expect(said).toContain('3 electives are still to choose.');
  });

  test('says that something accepted has left the list since', async () => {
    await put(
      tool.store,
      aSubmission({ id: 'old-1', state: 'accepted', decision: aDecision({ lines: ['old-course'] }) }),
    );
    expect(await next()).toMatch(/no longer on the list of the sector, so it does not count:\s+Old-course/);
  });

  test('in an activity about one certification is that line, with the rest of the list folded', async () => {
    const settings = someSettings({ kind: 'certification', certificationId: 'whmis' });
    await tool.store.saveSettings('activity-1', settings, anAuditEvent());
    const page = await read(await student.get(HOME));
    expect(page.querySelector('section.next p')?.text).toBe('Hand in your proof of WHMIS (generic).');
    const own = page.querySelector('section[aria-labelledby=own-h]');
    expect(own?.querySelectorAll(':scope > .lines .line-name').map((line) => line.text)).toEqual([
      'WHMIS (generic)',
    ]);
    expect(own?.querySelector('details.fold > summary')?.text).toBe(
      'The rest of your list: Health and Wellness',
    );
  });
});

test('after the decision the student sees what it fills, the marks and the comment', async () => {
  await seedClass(tool.store);
  const page = await read(await student.get(`${HOME}/submissions/accepted-1`));
  expect(words(page)).toContain('It fills these lines: Standard First Aid, CPR Level C with AED.');
  expect(words(page)).toContain('Well explained.');
  expect(words(page)).toMatch(/Understanding\s*Level 3/);
});

test('an activity that nobody has set up is a friendly page', async () => {
  const bare = await startWebTool({ settings: 'none' });
  const visitor = await bare.signIn(aViewer());
  for (const path of [HOME, `${HOME}/new`]) {
    const response = await visitor.get(path);
    expect([response.status, (await read(response)).querySelector('h1')?.text]).toEqual([
      200,
      'This activity is not ready yet',
    ]);
  }
  await bare.stop();
});

describe('evidence', () => {
  const cases = [
    ['photo.png', aPng(), 'image/png', null],
    ['photo.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'image/jpeg', null],
    [
      'badge.svg',
      Buffer.from('<svg onload="alert(1)"/>'),
      'application/octet-stream',
      'attachment; filename=badge.svg',
    ],
    [
      'x.png',
      Buffer.from('<html><script>1</script>'),
      'application/octet-stream',
      'attachment; filename=x.png',
    ],
    [
      'a"b\r\nc.pdf',
      Buffer.from('%PDF-1.7'),
      'application/octet-stream',
      expect.stringMatching(/^attachment; filename=/),
    ],
  ] as const;
  test.each(cases)('%s is served so that it cannot run', async (fileName, bytes, type, disposition) => {
    const submission = aSubmission({ id: 's-1', input: { ...aSubmission().input, evidenceId: 'e-1' } });
    await put(tool.store, submission, someEvidence({ id: 'e-1', submissionId: 's-1', fileName }, bytes));
    const { headers } = await student.get(`${HOME}/evidence/e-1`);
    expect(headers.get('content-type')).toBe(type);
    expect(headers.get('content-disposition')).toEqual(disposition);
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('of another student is not there', async () => {
    const theirs = aSubmission({ id: 's-2', userId: 'student-2', decision: aDecision() });
    await put(tool.store, theirs, someEvidence({ id: 'e-2', submissionId: 's-2' }));
    expect((await student.get(`${HOME}/evidence/e-2`)).status).toBe(404);
    expect((await student.get(`${HOME}/submissions/s-2`)).status).toBe(404);
  });
});

test('an address that is no web address is never a link', async () => {
  const input = { ...aSubmission().input, address: 'javascript:alert(1)' };
  await put(tool.store, aSubmission({ id: 's-3', input }));
  const page = await read(await student.get(`${HOME}/submissions/s-3`));
  expect(
    page.querySelectorAll('a').filter((link) => link.getAttribute('href')?.startsWith('javascript')),
  ).toEqual([]);
});
