import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserLocale } from '../../src/web/language.ts';
import { aMember, anActivity, anAuditEvent, aPlatform, aViewer } from '../support/build.ts';
import { startWebTool, type WebTool } from '../support/web-tool.ts';

let tool: WebTool;
beforeAll(async () => {
  tool = await startWebTool({ production: true });
});
afterAll(() => tool.stop());

test('a page says who may frame it and loads nothing from elsewhere', async () => {
  const other = aPlatform({
    id: 'platform-2',
    clientId: 'client-2',
    issuer: 'https://issuer.example.test/path;script-src *',
    authUrl: 'https://signin.example.test:8443/auth',
  });
  await tool.store.addPlatform(other, anAuditEvent({ id: 'audit-2', action: 'platform.added' }));
  const { headers } = await fetch(tool.url);
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
      "base-uri 'none'; frame-ancestors 'self' https://lms.example.test https://issuer.example.test https://signin.example.test:8443",
  );
  expect(headers.get('x-frame-options')).toBeNull();
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-powered-by')).toBeNull();
});

test('a platform that is switched off may frame nothing, at once', async () => {
  await tool.store.setPlatformStatus('platform-2', 'disabled', anAuditEvent({ id: 'audit-3' }));
  const { headers } = await fetch(tool.url);
  expect(headers.get('content-security-policy')).not.toContain('signin.example.test');
});

test('behind an issuer that boards share, the board’s own host may frame its pages, and no other board’s', async () => {
  const canvas = aPlatform({
    id: 'canvas',
    clientId: 'canvas-1',
    issuer: 'https://canvas.instructure.com',
    authUrl: 'https://sso.canvaslms.com/api/lti/authorize_redirect',
  });
  await tool.store.addPlatform(canvas, anAuditEvent({ id: 'audit-canvas', action: 'platform.added' }));
  const here = { platformId: 'canvas', activityId: 'activity-of-canvas' };
  await tool.store.recordLaunch(
    anActivity({
      id: here.activityId,
      platformId: here.platformId,
      resourceLinkId: 'link-of-canvas',
      lineItemsUrl: 'https://canvas.board.example/api/lti/courses/1/line_items',
      membershipsUrl: 'https://canvas.board.example;script-src/names_and_roles',
    }),
    aMember({ platformId: here.platformId }),
  );
  const framedBy = (response: Response) =>
    response.headers
      .get('content-security-policy')
      ?.match(/frame-ancestors .*$/)?.[0]
      .split(' ') ?? [];
  const theirs = await tool.signIn(aViewer(here));
  const page = framedBy(await theirs.get(`/a/${here.activityId}/student`));
  expect(page).toEqual(
    expect.arrayContaining([
      'https://*.instructure.com',
      'https://sso.canvaslms.com',
      'https://canvas.board.example',
    ]),
  );
  expect(page.join(' ')).not.toContain(';');
  const other = await tool.signIn(aViewer());
  expect(framedBy(await other.get('/a/activity-1/student'))).not.toContain('https://canvas.board.example');
});

test('files of the pages may be kept for a year under the address that names their content', async () => {
  const page = parse(await (await fetch(tool.url)).text());
  const addresses = page
    .querySelectorAll('link, script')
    .map((element) => element.getAttribute('href') ?? element.getAttribute('src') ?? '');
  expect(addresses).toHaveLength(3);
  for (const address of addresses) {
    const kept = await fetch(tool.url + address);
    expect([kept.status, kept.headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
    const asked = await fetch(tool.url + address.replace(/v=.*/, 'v=old'));
    expect(asked.headers.get('cache-control')).toBe('no-cache');
  }
});

test('monitoring is answered without a session, figures only to this machine', async () => {
  expect(await (await fetch(`${tool.url}/healthz`)).text()).toBe('ok\n');
  expect(await (await fetch(`${tool.url}/readyz`)).text()).toBe('ready\n');
  expect(await (await fetch(`${tool.url}/metrics`)).text()).toBe('up 1\n');
  const forwarded = await fetch(`${tool.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.7' } });
  expect(forwarded.status).toBe(404);
});

test('one line a request: the pattern of its route, its status, the activity; never its address', async () => {
  const visitor = await tool.signIn(aViewer());
  await visitor.get('/a/activity-1/student?token=secret');
  expect(tool.lines.findLast((line) => line.message === 'request')).toMatchObject({
    level: 'info',
    method: 'GET',
    route: '/',
    status: 200,
    activity: 'activity-1',
  });
  expect(JSON.stringify(tool.lines)).not.toContain('secret');
});

describe('the language of the browser', () => {
  test.each([
    ['', 'en'],
    ['fr', 'fr'],
    ['fr-CA,fr;q=0.9,en;q=0.8', 'fr'],
    ['en-CA,fr;q=0.9', 'en'],
    ['de,fr;q=0.4,en;q=0.5', 'en'],
    ['de-DE', 'en'],
    ['en;q=0,fr;q=0.1', 'fr'],
    [';;;=,,q', 'en'],
  ])('%s', (header, expected) => {
    expect(browserLocale(header)).toBe(expected);
  });

  test('?lang= wins on public pages', async () => {
    const response = await fetch(`${tool.url}/privacy?lang=fr`, { headers: { 'accept-language': 'en' } });
    expect(await response.text()).toContain('<h1>Confidentialité</h1>');
  });
});
