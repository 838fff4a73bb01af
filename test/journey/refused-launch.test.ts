import { SignJWT } from 'jose';
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWholeTool, type WholeTool } from '../support/whole-tool.ts';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const MARK = 'echo-7f3a';

let tool: WholeTool;
beforeAll(async () => {
  tool = await startWholeTool();
});
afterAll(() => tool.stop());

type Claims = Readonly<Record<string, unknown>>;
type Opened = { readonly state: string; readonly nonce: string; readonly cookie: string };

async function login(): Promise<Opened> {
  const { issuer, clientId } = tool.lms.registration;
  const answer = await fetch(
    `${tool.config.publicUrl}/lti/login?${new URLSearchParams({
      iss: issuer,
      client_id: clientId,
      login_hint: 'student-1',
      target_link_uri: `${tool.config.publicUrl}/lti/launch`,
    })}`,
    { redirect: 'manual' },
  );
  const asked = new URL(answer.headers.get('location') ?? '').searchParams;
  return {
    state: asked.get('state') ?? '',
    nonce: asked.get('nonce') ?? '',
    cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '',
  };
}

/** A launch of a student, with `over` in place of what is usual; `undefined` takes a claim out. */
async function tokenFor({ nonce }: Opened, over: Claims = {}): Promise<string> {
  const { kid, privateKey } = tool.lms.keys.current();
  const { issuer, clientId, deploymentId } = tool.lms.registration;
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    aud: clientId,
    sub: 'student-1',
    iat: now,
    exp: now + 600,
    nonce,
    email: `${MARK}@example.test`,
    [`${LTI}/message_type`]: 'LtiResourceLinkRequest',
    [`${LTI}/version`]: '1.3.0',
    [`${LTI}/deployment_id`]: deploymentId,
    [`${LTI}/roles`]: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
    [`${LTI}/target_link_uri`]: `${tool.config.publicUrl}/lti/launch`,
    [`${LTI}/resource_link`]: { id: 'activity-1' },
    [`${LTI}/context`]: { id: 'course-1' },
    ...over,
  };
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' }).sign(privateKey);
}

function post(form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>>) {
  return fetch(`${tool.config.publicUrl}/lti/launch`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(form),
    headers,
  });
}

describe.each([
  ['en', 'en-CA'],
  ['fr', 'fr-CA,fr;q=0.9'],
] as const)('a refused launch is a page in the person’s language (%s)', (lang, language) => {
  test.each<[string, Claims]>([
    ['another issuer', { iss: `https://${MARK}.example.test` }],
    ['another audience', { aud: [`${MARK}`] }],
    ['no user', { sub: undefined }],
    ['no roles', { [`${LTI}/roles`]: undefined }],
    ['a wrong version', { [`${LTI}/version`]: MARK }],
    ['no message type', { [`${LTI}/message_type`]: undefined }],
    ['no deployment', { [`${LTI}/deployment_id`]: undefined }],
    ['an unknown deployment', { [`${LTI}/deployment_id`]: MARK }],
    ['no link', { [`${LTI}/resource_link`]: undefined }],
    ['a target elsewhere', { [`${LTI}/target_link_uri`]: `https://${MARK}.example.test/` }],
    ['times of long ago', { iat: 11_111, exp: 22_222 }],
    ['another nonce', { nonce: MARK }],
  ])('%s', async (_name, over) => {
    const opened = await login();
    const id_token = await tokenFor(opened, over);
    const answer = await post(
      { state: opened.state, id_token, more: MARK },
      { cookie: opened.cookie, 'accept-language': language },
    );
    const text = await answer.text();
    const page = parse(text);
    expect([401, 403]).toContain(answer.status);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.querySelector('html')?.getAttribute('lang')).toBe(`${lang}-CA`);
    expect(page.querySelector('h1')?.text).toMatch(/\w+ \w+/);
    expect(page.querySelector('main code')?.text).toMatch(/^[0-9a-f]{10}$/);
    expect(answer.headers.get('set-cookie')).toBeNull();
    for (const said of [MARK, opened.state, id_token.slice(0, 40), 'node_modules', '    at '])
      expect(text).not.toContain(said);
  });
});

test('twenty posts of one launch at the same moment open exactly one session', async () => {
  const opened = await login();
  const form = { state: opened.state, id_token: await tokenFor(opened) };
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(form, { cookie: opened.cookie })));
  const sessions = answers.flatMap((answer) =>
    answer.headers.getSetCookie().filter((cookie) => /^shsm-[\w-]+=[\w-]{43};/.test(cookie)),
  );
  expect(answers.map((answer) => answer.status).toSorted()).toEqual([303, ...Array(19).fill(401)]);
  expect(sessions).toHaveLength(1);
});
