import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { HOUR, NOW } from '../support/build.ts';
import {
  aPlatformKey,
  type Claims,
  type FakePlatform,
  launchClaims,
  lti,
  signed,
  startPlatform,
} from '../support/lti-platform.ts';
import {
  answeringClaims,
  ask,
  type LtiTool,
  launchWith,
  login,
  loginParameters,
  post,
  startRegisteredTool,
} from '../support/lti-tool.ts';
import { createMemoryWatch } from '../support/memory-watch.ts';
import { oddText, oddValue } from '../support/odd-values.ts';

const SEED = 20_260_302;
/** `SHSM_TEST_FUZZ=32` makes it a hundred thousand requests, for an hour with time. */
const TIMES = Number(process.env['SHSM_TEST_FUZZ'] ?? 1);
vi.setConfig({ testTimeout: 60_000 * TIMES });
const memory = createMemoryWatch('logins and launches', 200 * TIMES);
const key = await aPlatformKey('key-1');
let platform: FakePlatform;
let tool: LtiTool;

beforeAll(async () => {
  platform = await startPlatform(key);
  tool = await startRegisteredTool(platform);
  // What loads with the first launch is then no growth.
  await launchWith(tool, {}, (claims) => signed(claims, key));
});
afterAll(async () => {
  const whole = await launchWith(tool, {}, (claims) => signed(claims, key));
  expect(whole.status).toBe(303);
  await tool.stop();
  await platform.stop();
  memory.print();
  if (TIMES > 1) expect(memory.growth().heap).toBeLessThan(10);
});

/** The store is in memory here: logins that nobody comes back to would be all that is measured. */
async function forgetLogins(): Promise<void> {
  if (memory.runs() % 500 === 0) await tool.store.purgeLaunches(NOW + HOUR);
}

function expectNoFault(status: number, text: string): void {
  memory.tick();
  tool.forget();
  expect([200, 302, 303, 400, 401, 403, 404, 405, 409, 413, 415], text).toContain(status);
}

test('a login with any parameters is redirected or refused', async () => {
  const names = [...Object.keys(loginParameters(tool)), 'iss[$ne]', 'iss[]', '__proto__', 'state'];
  const change = fc.tuple(fc.constantFrom(...names), oddText);
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 4 }),
      fc.boolean(),
      fc.boolean(),
      async (changes, append, get) => {
        const parameters = new URLSearchParams(loginParameters(tool));
        for (const [name, value] of changes)
          append ? parameters.append(name, value) : parameters.set(name, value);
        const answer = get
          ? await ask(`${tool.url}/lti/login?${parameters}`)
          : await ask(`${tool.url}/lti/login`, { method: 'POST', body: parameters });
        expectNoFault(answer.status, answer.text);
        await forgetLogins();
        expect(answer.text).not.toContain('unexpected');
      },
    ),
    { seed: SEED, numRuns: 800 * TIMES },
  );
});

test('a launch form with any fields is refused or opened', async () => {
  const opened = await login(tool);
  const good = {
    state: opened.state,
    id_token: await signed(answeringClaims(tool, opened, { nonce: 'x' }), key),
  };
  const text = fc.oneof(
    oddText,
    fc.constantFrom(good.state, good.id_token, `${good.id_token}.x`, 'e30.e30.e30'),
  );
  const field = fc.tuple(
    fc.constantFrom('state', 'id_token', 'error', 'ltik', 'state[$ne]', '__proto__'),
    text,
  );
  const type = fc.constantFrom(
    'application/x-www-form-urlencoded',
    'application/json',
    'text/plain',
    'multipart/form-data',
    'x',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(field, { maxLength: 4 }),
      fc.boolean(),
      type,
      async (fields, keep, contentType) => {
        const body = new URLSearchParams(keep ? good : {});
        for (const [name, value] of fields) body.append(name, value);
        const answer = await ask(`${tool.url}/lti/launch`, {
          method: 'POST',
          body: body.toString(),
          headers: { 'content-type': contentType, cookie: opened.cookie },
        });
        expectNoFault(answer.status, answer.text);
        expect(answer.status).not.toBe(303);
      },
    ),
    { seed: SEED, numRuns: 800 * TIMES },
  );
});

test('a body of any bytes is refused', async () => {
  const { cookie } = await login(tool);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const answer = await ask(`${tool.url}/lti/launch`, {
        method: 'POST',
        body: Uint8Array.from(bytes),
        headers: { 'content-type': 'application/x-www-form-urlencoded', cookie },
      });
      expectNoFault(answer.status, answer.text);
      expect([400, 401, 413], answer.text).toContain(answer.status);
    }),
    { seed: SEED, numRuns: 300 * TIMES },
  );
});

test('any header and cookie beside a true launch changes nothing for the worse', async () => {
  const { cookie } = await login(tool);
  const latin = fc.string({ unit: fc.constantFrom(...'abcXYZ019;=,"%\\ _-'), maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(latin, latin, async (more, authorization) => {
      const answer = await post(tool, { state: 'x'.repeat(43) }, `${more}; ${cookie}`);
      expectNoFault(answer.status, answer.text);
      const bearer = await ask(`${tool.url}/lti/launch`, { method: 'POST', headers: { authorization } });
      expectNoFault(bearer.status, bearer.text);
    }),
    { seed: SEED, numRuns: 200 * TIMES },
  );
});

test('a token with any claims that the platform signed is refused or opened', async () => {
  const names = [
    ...Object.keys(launchClaims()),
    lti('target_link_uri'),
    lti('custom'),
    lti('launch_presentation'),
    lti('for_user'),
    lti('lis'),
    'azp',
    'locale',
    'clientId',
    'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint',
    'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice',
    'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings',
  ];
  const messageType = fc.constantFrom(
    'LtiResourceLinkRequest',
    'LtiDeepLinkingRequest',
    'LtiSubmissionReviewRequest',
  );
  const changes = fc.array(fc.tuple(fc.constantFrom(...names), fc.option(oddValue, { nil: undefined })), {
    minLength: 1,
    maxLength: 3,
  });
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(messageType, changes, async (type, changed) => {
      const over: Claims = { [lti('message_type')]: type, ...Object.fromEntries(changed) };
      const answer = await launchWith(tool, over, (claims) => signed(claims, key));
      expectNoFault(answer.status, answer.text);
      await forgetLogins();
      seen.add(answer.status);
      if (answer.launch !== undefined) {
        const { userId, deploymentId, targetLinkUri } = answer.launch;
        expect([userId.length, deploymentId.length].every((size) => size >= 1 && size <= 255)).toBe(true);
        expect(new URL(targetLinkUri).origin).toBe(tool.url);
      }
    }),
    { seed: SEED, numRuns: 800 * TIMES },
  );
  expect([...seen].toSorted()).toEqual([303, 401, 403]);
});

test('a token cut or changed anywhere is refused', async () => {
  const { state, nonce, cookie } = await login(tool);
  const token = await signed(answeringClaims(tool, { nonce }), key);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(token.length - 1),
      fc.constantFrom('A', 'z', '.', '=', '', ' ', '-'),
      async (at, by) => {
        const changed = token.slice(0, at) + by + token.slice(at + 1);
        fc.pre(changed !== token && !sameBytes(changed, token));
        const answer = await post(tool, { state, id_token: changed }, cookie);
        expectNoFault(answer.status, answer.text);
        expect(answer.status).toBe(401);
      },
    ),
    { seed: SEED, numRuns: 300 * TIMES },
  );
});

/** The last character of a part may carry bits that mean nothing. */
function sameBytes(one: string, other: string): boolean {
  const bytes = (token: string) =>
    token
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('hex'))
      .join('.');
  return bytes(one) === bytes(other);
}
