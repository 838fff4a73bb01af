import { createHash } from 'node:crypto';
import { parse } from 'node-html-parser';
import { afterEach, describe, expect, test } from 'vitest';
import type { CredentialReport } from '../../src/domain/credential.ts';
import type { CredentialSource, ReadCredential } from '../../src/domain/ports/read-credential.ts';
import { aCredentialReport, aTeacher, aViewer, someFacts } from '../support/build.ts';
import { startWebTool, type WebTool } from '../support/web-tool.ts';

const HOME = '/a/activity-1/student';
const FORM = /\/submissions\/[\w-]+$/;
const ADDRESS = 'Me.Myself@home.test';

let tool: WebTool;
afterEach(() => tool.stop());

async function handIn(read: ReadCredential) {
  tool = await startWebTool({ read });
  const student = await tool.signIn(aViewer());
  const file = new File(['{"@context": "x"}'], 'badge.json');
  const fields = { way: 'file', reflection: 'I learned.', file, action: 'submit' };
  const response = await student.send(`${HOME}/new`, FORM, fields);
  return { student, here: response.headers.get('location')?.split('?')[0] ?? '' };
}

const read = async (response: Response) => parse(await response.text());
const words = (page: ReturnType<typeof parse>) => page.querySelector('main')?.structuredText ?? '';
const mine = async () => (await tool.store.submissionsBy(aViewer(), 'student-1'))[0];

describe('a badge that went to an address which the school does not have', () => {
  const identity = (text: string) => `sha256$${createHash('sha256').update(text, 'utf8').digest('hex')}`;
  const foreign = aCredentialReport({
    credential: someFacts({
      recipient: {
        name: null,
        matches: null,
        addresses: [{ hash: identity(`${ADDRESS}salty`), salt: 'salty' }],
      },
    }),
    checks: [
      { id: 'recipient', result: 'unknown', detail: 'another address', detailFr: 'une autre adresse' },
    ],
  });

  test('the student types it, it is compared, and it is kept and logged nowhere', async () => {
    const { student, here } = await handIn(async () => foreign);
    const page = await read(await student.get(here));
    expect(words(page)).toContain('A genuine badge; whose it is could not be confirmed');
    expect(page.querySelector('#email')?.getAttribute('autocomplete')).toBe('off');
    const matched = await student.send(here, /\/address$/, { email: ` ${ADDRESS} ` });
    expect([matched.status, matched.headers.get('location')]).toEqual([303, `${here}?done=address`]);
    const after = await read(await student.get(`${here}?done=address`));
    expect(words(after)).toContain('It fits: the badge was awarded to the address you typed.');
    expect(after.querySelector('#email')).toBe(null);
    expect(await mine()).toMatchObject({
      state: 'submitted',
      credential: { credential: { recipient: { matches: true, by: 'typed-email' } } },
    });
    const everywhere = JSON.stringify([
      await mine(),
      tool.lines,
      await tool.store.auditOf((await mine())?.id ?? ''),
    ]);
    expect(everywhere.toLowerCase()).not.toContain('home.test');
    expect(await (await student.get(`${here}/report`)).json()).toMatchObject({
      credential: { credential: { recipient: { name: null, matches: true, by: 'typed-email' } } },
    });
    expect(await (await student.get(`${here}/report`)).text()).not.toContain('sha256$');
  });

  test('the teacher is told that it is the student’s word, and nothing is chosen for them', async () => {
    const { student, here } = await handIn(async () => foreign);
    await student.send(here, /\/address$/, { email: ADDRESS });
    const teacher = await tool.signIn(aTeacher());
    const page = await read(await teacher.get(`/a/activity-1/teacher/submissions/${(await mine())?.id}`));
    expect(words(page)).toContain('the student named the address it went to');
    expect(words(page)).toContain('nobody checked that it is theirs');
    expect(page.querySelectorAll('input[name=counts][checked]')).toEqual([]);
  });

  test.each([
    ['another address', 'you@home.test', 'The badge was awarded to a different address.'],
    ['no address', 'me', 'That is not an e-mail address.'],
    ['nothing', '', 'That is not an e-mail address.'],
  ])(
    '%s is said beside the field, which keeps what was typed; nothing changes',
    async (_name, email, expected) => {
      const { student, here } = await handIn(async () => foreign);
      const before = await mine();
      const response = await student.send(here, /\/address$/, { email });
      const page = await read(response);
      expect(response.status).toBe(422);
      expect(page.querySelector('#email-error')?.text).toContain(expected);
      expect(page.querySelector('#email')?.getAttribute('value')).toBe(email);
      expect(await mine()).toEqual(before);
    },
  );
});

describe('a record of several awards', () => {
  const asked: CredentialSource[] = [];
  const record: ReadCredential = async (source): Promise<CredentialReport> => {
    asked.push(source);
    const award = source.kind === 'typed' ? null : (source.award ?? null);
    return award === null
      ? aCredentialReport({
          outcome: 'not-a-badge',
          credential: someFacts({ name: null }),
          awards: [
            { id: 'urn:one', name: 'First Aid', issuer: 'Example First Aid' },
            { id: '#2', name: null, issuer: null },
          ],
        })
      : aCredentialReport({ credential: someFacts({ name: `chosen ${award}` }) });
  };

  test('the student is asked which one counts, on the page and on the list; the chosen one is read', async () => {
    const { student, here } = await handIn(record);
    expect(words(await read(await student.get(HOME)))).toContain('Say which one counts.');
    const page = await read(await student.get(here));
    expect(page.querySelectorAll('input[name=award]').map((one) => one.getAttribute('value'))).toEqual([
      'urn:one',
      '#2',
    ]);
    expect(words(page)).toContain('Award 2');
    expect(await mine()).toMatchObject({ state: 'submitted', placement: null });
    const missing = await student.send(here, /\/award$/, {});
    expect(missing.status).toBe(422);
    expect(words(await read(missing))).toContain('Choose the award that counts.');
    const chosen = await student.send(here, /\/award$/, { award: 'urn:one' });
    expect(chosen.status).toBe(303);
    expect(words(await read(await student.get(here)))).toContain('chosen urn:one');
    expect(await mine()).toMatchObject({
      state: 'submitted',
      reading: null,
      input: { award: 'urn:one' },
      placement: { certification: 'standard-first-aid' },
    });
    expect(asked.map((source) => (source.kind === 'typed' ? 'typed' : source.award))).toEqual([
      null,
      'urn:one',
    ]);
  });

  test('one that the record does not hold is not taken', async () => {
    const { student, here } = await handIn(record);
    const response = await student.send(here, /\/award$/, { award: 'urn:else' });
    expect(response.status).toBe(422);
    expect(await mine()).toMatchObject({ credential: { outcome: 'not-a-badge' } });
  });
});
