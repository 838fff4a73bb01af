import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Activity } from '../../src/domain/activity.ts';
import { AppError } from '../../src/domain/errors.ts';
import { createInvite } from '../../src/lti/invites.ts';
import { createPlatformKeys } from '../../src/lti/platform-keys.ts';
import { REFUSALS } from '../../src/lti/refusal.ts';
import { createFetchRoster } from '../../src/lti/roster.ts';
import { createServiceHttp } from '../../src/lti/service-http.ts';
import { createServiceProbe } from '../../src/lti/service-probe.ts';
import { verifySignature } from '../../src/lti/verify-signature.ts';
import { MINUTE } from '../support/build.ts';
import { createClock } from '../support/clock.ts';
import { type Fault, type GradePlatform, type Route, startGradePlatform } from '../support/grade-platform.ts';
import { type HostileLms, startHostileLms } from '../support/hostile-lms.ts';
import {
  aPlatformKey,
  type FakePlatform,
  launchClaims,
  signed,
  startPlatform,
} from '../support/lti-platform.ts';
import { ask, type LtiTool, startLtiTool } from '../support/lti-tool.ts';
import { createMemoryWatch } from '../support/memory-watch.ts';
import { type Change, change, changed, oddText } from '../support/odd-values.ts';
import { createPassbackRig } from '../support/passback-rig.ts';

const SEED = 20_261_126;
/** As for the launches: `SHSM_TEST_FUZZ=32` is the long run. */
const TIMES = Number(process.env['SHSM_TEST_FUZZ'] ?? 1);
vi.setConfig({ testTimeout: 40_000 * TIMES });
const memory = createMemoryWatch('service answers', 60 * TIMES);

const ROLE = 'http://purl.imsglobal.org/vocab/lis/v2/membership#';
const clock = createClock();
let platform: GradePlatform;
let rig: ReturnType<typeof createPassbackRig>;
let activity: Activity;
/** Another origin, which must never be shown a token. */
let elsewhere: { readonly url: string; readonly tokens: () => number; readonly close: () => void };

beforeAll(async () => {
  platform = await startGradePlatform(clock);
  platform.settings.members = Array.from({ length: 5 }, (_, at) => ({
    user_id: `user-${at}`,
    roles: [`${ROLE}Learner`],
    name: `Person ${at}`,
    email: `${at}@example.test`,
    status: 'Active',
  }));
  rig = createPassbackRig({ p: platform }, { now: clock.now, timeoutMs: 1000 });
  await rig.addPlatforms();
  activity = await rig.launch('p');
  await rig.decide(activity, 'user-0', { scoreGiven: 7 });
  elsewhere = await startElsewhere();
});
afterAll(async () => {
  // After all of it an honest answer is an honest answer.
  platform.recover();
  await rig.store.unsettleLineItem(activity.id);
  expect(await rig.sendScore(await rig.cell(activity, 'user-0'))).toEqual({ kind: 'delivered' });
  expect(elsewhere.tokens()).toBe(0);
  await rig.store.close();
  await platform.close();
  elsewhere.close();
  memory.print();
  if (TIMES > 1) expect(memory.growth().heap).toBeLessThan(10);
});

async function startElsewhere() {
  let tokens = 0;
  const server = createServer((req, res) => {
    if (req.headers.authorization !== undefined) tokens += 1;
    res.end('[]');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokens: () => tokens,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** How an answer is wrong: its body changed, its status, a header, or no HTTP at all. */
type Wrong = {
  readonly status: number;
  readonly header: readonly [string, string] | null;
  readonly body: { readonly change: Change } | { readonly text: string };
  readonly trouble: 'none' | 'reset' | 'lost' | 'raw';
};

const visible = fc.string({ unit: fc.constantFrom(...'abcXYZ019;=,"<>%/:?&\\ _-'), maxLength: 60 });
const away = (value: string) => value.replaceAll('ELSEWHERE', elsewhere.url);
const wrong: fc.Arbitrary<Wrong> = fc.record({
  status: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(200, 201) },
    fc.constantFrom(204, 301, 302, 307, 400, 401, 403, 404, 409, 410, 412, 422, 429, 500, 503, 599),
  ),
  header: fc.option(
    fc.tuple(
      fc.constantFrom('link', 'location', 'retry-after', 'content-type', 'content-encoding', 'date'),
      fc.oneof(
        visible,
        fc.constantFrom(
          '<ELSEWHERE/roster>; rel="next"',
          '</roster>; rel=next',
          '<javascript:alert(1)>; rel="next"',
          'ELSEWHERE/token',
          '/lineitems',
          '-1',
          '99999999999999999999',
          'gzip',
        ),
      ),
    ),
  ),
  body: fc.oneof(
    { weight: 3, arbitrary: fc.record({ change }) },
    fc.record({
      text: fc.oneof(
        oddText,
        fc.constantFrom(
          '<!doctype html><h1>Sign in</h1>',
          '{"members":',
          '['.repeat(30_000),
          '{}',
          '"x"',
          '0',
        ),
      ),
    }),
  ),
  trouble: fc.oneof(
    { weight: 12, arbitrary: fc.constant('none' as const) },
    fc.constantFrom('reset' as const, 'lost' as const, 'raw' as const),
  ),
});

const HONEST: Readonly<Record<Route, () => unknown>> = {
  token: () => ({
    access_token: `token-${randomUUID()}`,
    token_type: 'Bearer',
    expires_in: 3250,
    scope: 'x',
  }),
  list: () => [columnOf(1), columnOf(2)],
  item: () => columnOf(1),
  create: () => columnOf(1),
  score: () => ({ resultUrl: `${platform.origin}/lineitems/1/results/9` }),
  results: () => [{ id: 'r', userId: 'user-0', resultScore: 7, resultMaximum: 10, comment: 'Good.' }],
  roster: () => ({ id: 'x', context: { id: 'context-1' }, members: platform.settings.members.slice(0, 2) }),
};
const columnOf = (at: number) => ({
  id: at === 2 ? `${elsewhere.url}/lineitems/2` : `${platform.origin}/lineitems/${at}/lineitem?type_id=7`,
  label: activity.title,
  scoreMaximum: 10,
  resourceId: activity.id,
  resourceLinkId: activity.resourceLinkId,
  tag: 'shsm-badges',
});

function faultOf(honest: unknown, { status, header, body, trouble }: Wrong): Fault {
  if (trouble === 'reset' || trouble === 'lost') return trouble;
  const text = 'text' in body ? body.text : (JSON.stringify(changed(honest, body.change)) ?? '');
  if (trouble === 'raw') return { raw: `HTTP/1.1 ${status} \r\n${text}` };
  return { status, body: text, ...(header && { headers: { [header[0]]: away(header[1]) } }) };
}

const ROUTES = ['token', 'list', 'item', 'create', 'score', 'results', 'roster'] as const;
const faults = fc.array(fc.tuple(fc.constantFrom(...ROUTES), wrong), { minLength: 1, maxLength: 4 });

/** One request of the tool at an LMS that answers `wrongs`, with a new token and an unknown column. */
async function during<T>(wrongs: readonly (readonly [Route, Wrong])[], act: () => Promise<T>): Promise<T> {
  platform.expireTokens();
  await rig.store.unsettleLineItem(activity.id);
  for (const [route, one] of wrongs) platform.fail(route, faultOf(HONEST[route](), one));
  const result = await act();
  platform.recover();
  platform.seen.length = 0;
  platform.book.received.length = 0;
  platform.book.columns.splice(20);
  memory.tick();
  return result;
}

test('whatever the LMS answers, a score is delivered, tried again or put before a person', async () => {
  const cell = await rig.cell(activity, 'user-0');
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(faults, async (wrongs) => {
      const result = await during(wrongs, () => rig.sendScore(cell));
      seen.add(result.kind);
      if ('error' in result) expect(result.error.excerpt.length).toBeLessThanOrEqual(300);
    }),
    { seed: SEED, numRuns: 250 * TIMES },
  );
  expect([...seen]).toEqual(expect.arrayContaining(['delivered', 'park', 'retry']));
});

test('whatever the LMS answers, results are a list of results or a problem', async () => {
  await fc.assert(
    fc.asyncProperty(faults, async (wrongs) => {
      const result = await during(wrongs, () =>
        rig.readResults({ ...activity, lineItemUrl: columnOf(1).id }, { userId: 'user-0' }),
      );
      if (result.kind === 'problem') return;
      for (const one of result.items)
        expect([typeof one.userId, typeof (one.score ?? 0), typeof (one.comment ?? '')]).toEqual([
          'string',
          'number',
          'string',
        ]);
    }),
    { seed: SEED, numRuns: 200 * TIMES },
  );
});

test('whatever the LMS answers, a class list is people with ids and roles or a problem', async () => {
  const fetchRoster = createFetchRoster({ call: rig.call, now: clock.now });
  await fc.assert(
    fc.asyncProperty(faults, async (wrongs) => {
      const list = await during(wrongs, () => fetchRoster(activity));
      if (list.kind === 'problem') return;
      for (const member of list.items) {
        expect(['student', 'teacher', 'administrator']).toContain(member.role);
        expect(member.userId.length).toBeGreaterThan(0);
        expect((member.name ?? '').length).toBeLessThanOrEqual(1000);
      }
    }),
    { seed: SEED, numRuns: 200 * TIMES },
  );
});

test('whatever the LMS answers, the test of the services ends and says of each step how it went', async () => {
  const fetchRoster = createFetchRoster({ call: rig.call, now: clock.now });
  const probe = createServiceProbe({ call: rig.call, fetchRoster, now: clock.now });
  await fc.assert(
    fc.asyncProperty(faults, async (wrongs) => {
      const steps = await during(wrongs, () => probe(activity, { scoreFor: 'user-0' }));
      expect(steps).toHaveLength(7);
      for (const { result, problem } of steps) expect(problem === null).toBe(result !== 'fail');
    }),
    { seed: SEED, numRuns: 100 * TIMES },
  );
});

/** Puts one wrong answer on the wire. */
function answer(res: ServerResponse, honest: unknown, one: Wrong): void {
  const fault = faultOf(honest, one);
  if (typeof fault === 'string') return void res.socket?.resetAndDestroy();
  if ('raw' in fault) return void res.socket?.end(fault.raw);
  try {
    res.writeHead(fault.status, fault.headers).end(fault.body);
  } catch {
    res.destroy();
  }
}

test('whatever key set the LMS publishes, a launch is believed or refused', async () => {
  const key = await aPlatformKey('key-1');
  const lms: FakePlatform = await startPlatform(key);
  const keyOf = createPlatformKeys({
    http: createServiceHttp({ version: '0', production: false, timeoutMs: 1000 }),
    now: clock.now,
    log: { info() {}, warn() {}, error() {} },
  });
  const token = await signed(launchClaims(), key);
  const refused = Object.keys(REFUSALS).map((name) => `lti-errors.${name}`);
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(wrong, async (one) => {
      clock.advance(11 * MINUTE);
      lms.keySet = (res) => answer(res, { keys: [key.jwk, { ...key.jwk, kid: 'key-2' }] }, one);
      const said = await verifySignature(token, lms.registration, keyOf).then(
        () => 'believed',
        (error: unknown) => (error instanceof AppError ? error.key : String(error)),
      );
      expect(['believed', ...refused]).toContain(said);
      seen.add(said);
      memory.tick();
    }),
    { seed: SEED, numRuns: 250 * TIMES },
  );
  await lms.stop();
  expect([...seen]).toEqual(expect.arrayContaining(['believed', 'lti-errors.key-unknown']));
});

test('whatever an LMS says of itself and answers to a registration, it is registered or refused', async () => {
  const lms: HostileLms = await startHostileLms();
  const tool: LtiTool = await startLtiTool();
  const invite = () =>
    createInvite(
      { store: tool.store, now: () => tool.clock.now, newId: randomUUID },
      { lifeMs: MINUTE, name: null, platformStatus: 'active' },
    );
  const seen = new Set<number>();
  const registered = { client_id: 'client-9', 'https://purl.imsglobal.org/spec/lti-tool-configuration': {} };
  await fc.assert(
    fc.asyncProperty(
      wrong,
      wrong,
      fc.constantFrom('both', 'configuration', 'registration'),
      async (first, then, which) => {
        const honestly = (_req: IncomingMessage, res: ServerResponse, body: unknown) =>
          res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        lms.on = {
          configuration: (req, res) =>
            which === 'registration'
              ? honestly(req, res, lms.configuration())
              : answer(res, lms.configuration(), first),
          registration: (req, res) =>
            which === 'configuration' ? honestly(req, res, registered) : answer(res, registered, then),
        };
        const { code } = await invite();
        const query = new URLSearchParams({ code, openid_configuration: lms.configurationUrl });
        const { status, text } = await ask(`${tool.url}/lti/register?${query}`);
        expect([200, 400, 403, 409, 503], text).toContain(status);
        if (status === 503) expect(text).toBe('lti-errors.registration-unreachable');
        seen.add(status);
        lms.received.length = 0;
        tool.forget();
        memory.tick();
      },
    ),
    { seed: SEED, numRuns: 200 * TIMES },
  );
  for (const known of await tool.store.platforms())
    expect(new URL(known.tokenUrl).origin).toBe(new URL(known.issuer).origin);
  await tool.stop();
  await lms.stop();
  expect([...seen].toSorted()).toEqual([200, 400, 403, 409, 503]);
});
