import { once } from 'node:events';
import { connect } from 'node:net';
import { Router } from 'express';
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError, ERROR_CODES } from '../../src/domain/errors.ts';
import { STATUS } from '../../src/web/errors.ts';
import { aTeacher, aViewer } from '../support/build.ts';
import { startWebTool, type WebTool } from '../support/web-tool.ts';

const SECRET_WORDS = 'words-that-must-not-come-back';

let tool: WebTool;
let cookie = '';
beforeAll(async () => {
  const failing = Router();
  for (const code of ERROR_CODES)
    failing.all(`/${code}`, () => {
      throw new AppError(code, 'errors.no-such-words', {}, { cause: new Error(SECRET_WORDS) });
    });
  failing.all('/crash', () => {
    throw new TypeError(SECRET_WORDS);
  });
  tool = await startWebTool({ mounts: { '/failing': failing } });
  cookie = (await tool.signIn(aViewer())).cookie;
});
afterAll(() => tool.stop());

async function expectRefusalPage(
  response: Response,
  status: number,
  lang: 'en' | 'fr' = 'en',
): Promise<void> {
  const html = await response.text();
  const page = parse(html);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('set-cookie')).toBeNull();
  expect(page.querySelector('html')?.getAttribute('lang')).toBe(`${lang}-CA`);
  expect(page.querySelector('h1')?.text).toMatch(/\S/);
  const id = page.querySelector('code')?.text ?? '';
  expect(id).toMatch(/^[0-9a-f]{10}$/);
  expect(id).toBe(response.headers.get('x-request-id'));
  expect(tool.lines.some((line) => line['requestId'] === id && 'code' in line)).toBe(true);
  expect(html).not.toContain(SECRET_WORDS);
  expect(html).not.toMatch(/node_modules|at .*\.ts:\d|Error:/);
}

test.each(ERROR_CODES)('%s is a page with its status', async (code) => {
  await expectRefusalPage(await fetch(`${tool.url}/failing/${code}`), STATUS[code]);
});

test('a fault of ours is a page too, and a line for the operator', async () => {
  await expectRefusalPage(await fetch(`${tool.url}/failing/crash`), 500);
  expect(tool.lines.findLast((line) => line.level === 'error')).toMatchObject({ code: 'internal' });
});

describe('every way to ask wrongly is a page in the language of the browser', () => {
  const form = 'application/x-www-form-urlencoded';
  const student = '/a/activity-1/student';
  const multipart = (body: string) => ({
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    body,
  });
  const cases: readonly [name: string, path: string, init: RequestInit, status: number][] = [
    ['an address that does not exist', `/${SECRET_WORDS}`, {}, 404],
    ['bad percent-encoding', '/a/%E0%A4%A/student', {}, 400],
    ['a query of nonsense', '/?lang=%E0%A4%A&lang=fr&lang[x]=1', {}, 200],
    ['a method nobody knows', '/', { method: 'PROPFIND' }, 405],
    ['DELETE', student, { method: 'DELETE' }, 405],
    ['OPTIONS', '/', { method: 'OPTIONS' }, 405],
    ['POST where only GET is', '/privacy', { method: 'POST' }, 404],
    ['no session', student, {}, 401],
    ['no session and a form', `${student}/submissions/x`, { method: 'POST', body: SECRET_WORDS }, 401],
    ['a form without its token', '/a/activity-1/language', { method: 'POST' }, 403],
    [
      'a body that is too big',
      '/a/activity-1/language',
      { method: 'POST', headers: { 'content-type': form }, body: `a=${'x'.repeat(300_000)}` },
      413,
    ],
    [
      'too many fields',
      '/a/activity-1/language',
      { method: 'POST', headers: { 'content-type': form }, body: 'a=1&'.repeat(500) },
      413,
    ],
    [
      'a charset nobody reads',
      '/a/activity-1/language',
      { method: 'POST', headers: { 'content-type': `${form}; charset=x-none` }, body: 'a=1' },
      415,
    ],
    [
      'an encoding nobody reads',
      '/a/activity-1/language',
      { method: 'POST', headers: { 'content-type': form, 'content-encoding': 'x' }, body: 'a=1' },
      415,
    ],
  ];
  test.each(cases)('%s', async (_name, path, init, status) => {
    const headers = { 'accept-language': 'fr-CA,fr;q=0.9,en;q=0.5', ...init.headers };
    const response = await fetch(tool.url + path, { ...init, headers });
    if (status === 200) expect(response.status).toBe(200);
    else await expectRefusalPage(response, status, 'fr');
  });

  const broken: readonly [string, RequestInit, number][] = [
    [
      'a multipart body without end',
      multipart('--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'),
      400,
    ],
    ['a multipart body that is none', multipart(SECRET_WORDS), 400],
    [
      'a multipart body without boundary',
      { ...multipart(''), headers: { 'content-type': 'multipart/form-data' } },
      400,
    ],
    [
      'a second file',
      multipart(
        ['file', 'other']
          .map((name) => `--x\r\nContent-Disposition: form-data; name="${name}"; filename="a"\r\n\r\n1\r\n`)
          .concat('--x--\r\n')
          .join(''),
      ),
      413,
    ],
    ['a field twice', { method: 'POST', headers: { 'content-type': form }, body: 'token=a&token=b' }, 403],
  ];
  test.each(broken)('%s, posted by somebody with a session', async (_name, init, status) => {
    const headers = { cookie, ...init.headers };
    const response = await fetch(`${tool.url}${student}/submissions/x`, { ...init, headers });
    await expectRefusalPage(response, status);
  });

  test('the address of another role, another activity, another course', async () => {
    const student = await tool.signIn(aViewer());
    await expectRefusalPage(await student.get('/a/activity-1/teacher'), 403);
    await expectRefusalPage(await student.get('/a/activity-2/student'), 401);
    await expectRefusalPage(await student.get('/a/activity-1/student/submissions/of-nobody'), 404);
    await expectRefusalPage(await student.get('/a/activity-1/student/evidence/of-nobody'), 404);
    const teacher = await tool.signIn(aTeacher());
    await expectRefusalPage(await teacher.get('/a/activity-1/student'), 403);
    await expectRefusalPage(await teacher.get('/a/activity-1/admin'), 403);
  });
});

test('bytes that are no HTTP do not end the server', async () => {
  const socket = connect(Number(new URL(tool.url).port), '127.0.0.1');
  socket.end('\u0000\u0001 nonsense\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
  expect((await fetch(`${tool.url}/healthz`)).status).toBe(200);
});

test('the log carries routes and codes, never an address or what was sent', () => {
  const text = JSON.stringify(tool.lines);
  expect(tool.lines.filter((line) => line.message === 'request').length).toBeGreaterThan(20);
  expect(text).not.toMatch(/Student One|student\.one@|token=/);
  expect(text.replaceAll(/"err":\{[^}]*\}/g, '')).not.toContain(SECRET_WORDS);
});
