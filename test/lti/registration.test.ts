import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Invite } from '../../src/domain/invite.ts';
import { createInvite, inviteHash } from '../../src/lti/invites.ts';
import { NOW } from '../support/build.ts';
import { type HostileLms, json, startHostileLms } from '../support/hostile-lms.ts';
import { type Answer, ask, type LtiTool, startLtiTool } from '../support/lti-tool.ts';

const HOUR = 3_600_000;
const TOOL = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const PLATFORM = 'https://purl.imsglobal.org/spec/lti-platform-configuration';

let tool: LtiTool;
let lms: HostileLms;
beforeAll(async () => {
  tool = await startLtiTool();
});
afterAll(() => tool.stop());
beforeEach(async () => {
  lms = await startHostileLms();
  tool.clock.now = NOW;
});
afterEach(() => lms.stop());

const registered = () => tool.store.platformsByIssuer(lms.url);

async function invite(over: Partial<Pick<Invite, 'name' | 'platformStatus'>> = {}): Promise<string> {
  const { code } = await createInvite(
    { store: tool.store, now: () => tool.clock.now, newId: randomUUID },
    { lifeMs: 24 * HOUR, name: null, platformStatus: 'active', ...over },
  );
  return code;
}

function visit(code: string, more: Record<string, string> = {}): Promise<Answer> {
  return ask(`${tool.url}/lti/register?${new URLSearchParams({ code, ...more })}`);
}

function registerAt(code: string, configurationUrl = lms.configurationUrl): Promise<Answer> {
  return visit(code, { openid_configuration: configurationUrl });
}

const isSpent = async (code: string) => (await tool.store.invite(inviteHash(code)))?.spentAt !== null;

describe('an LMS that opens the link', () => {
  test('is registered, the tool with it, and the link is spent', async () => {
    lms.on.registration = (_req, res) =>
      json(res, { client_id: 'client-9', [TOOL]: { deployment_id: 'deployment-9' } });
    const code = await invite({ name: 'Our LMS' });
    const answer = await registerAt(code);

    const [platform] = await registered();
    expect(platform).toEqual({
      id: expect.any(String),
      name: 'Our LMS',
      issuer: lms.url,
      clientId: 'client-9',
      authUrl: `${lms.url}/auth`,
      tokenUrl: `${lms.url}/token`,
      jwksUrl: `${lms.url}/keys`,
      audience: null,
      status: 'active',
      createdAt: tool.clock.now,
    });
    expect(await tool.store.deployments(platform?.id ?? '')).toMatchObject([
      { deploymentId: 'deployment-9', status: 'approved' },
    ]);
    expect(await tool.store.auditOf(platform?.id ?? '')).toMatchObject([{ action: 'platform.added' }]);
    expect(JSON.parse(answer.text)).toEqual({
      view: 'registration/done',
      name: 'Our LMS',
      issuer: lms.url,
      isActive: true,
      platformId: platform?.id,
      isBrightspace: false,
      hasDeployment: true,
      closeAtOnce: true,
      origin: lms.url,
    });
    expect(await isSpent(code)).toBe(true);
    expect(await registerAt(code)).toMatchObject({ status: 403, text: 'lti-errors.invite-used' });
    expect(await registered()).toHaveLength(1);
  });

  test('gets the registration that the standard describes', async () => {
    await registerAt(await invite());
    const [asked, registered] = lms.received;
    expect(asked?.url).toBe('/openid-configuration?token=once');
    expect(JSON.parse(registered?.body ?? '')).toEqual({
      application_type: 'web',
      response_types: ['id_token'],
      grant_types: ['implicit', 'client_credentials'],
      client_name: 'SHSM Badges',
      'client_name#en': 'SHSM Badges',
      'client_name#fr': 'Badges MHS',
      client_uri: tool.url,
      logo_uri: `${tool.url}/assets/icon.svg`,
      policy_uri: `${tool.url}/privacy`,
      redirect_uris: [`${tool.url}/lti/launch`],
      initiate_login_uri: `${tool.url}/lti/login`,
      jwks_uri: `${tool.url}/lti/keys`,
      token_endpoint_auth_method: 'private_key_jwt',
      scope: [
        'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
        'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
        'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
        'https://purl.imsglobal.org/spec/lti-ags/scope/score',
        'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
      ].join(' '),
      [TOOL]: {
        domain: new URL(tool.url).host,
        target_link_uri: `${tool.url}/lti/launch`,
        description: expect.stringContaining('SHSM'),
        'description#fr': expect.stringContaining('MHS'),
        custom_parameters: {},
        claims: ['iss', 'sub', 'name', 'given_name', 'family_name', 'email', 'locale'],
        messages: ['LtiResourceLinkRequest', 'LtiDeepLinkingRequest', 'LtiSubmissionReviewRequest'].map(
          (type) => ({
            type,
            target_link_uri: `${tool.url}/lti/launch`,
            label: 'SHSM Badges',
            'label#fr': 'Badges MHS',
          }),
        ),
      },
    });
  });

  test('that names its scopes is asked for no other', async () => {
    const score = 'https://purl.imsglobal.org/spec/lti-ags/scope/score';
    lms.on.configuration = (_req, res) =>
      json(res, { ...lms.configuration(), scopes_supported: ['openid', score] });
    await registerAt(await invite());
    expect(JSON.parse(lms.received[1]?.body ?? '')).toMatchObject({ scope: score });
  });

  test('that is Moodle: a site below a path, a token, and a deployment at once', async () => {
    const site = `${lms.url}/moodle`;
    lms.on.configuration = (_req, res) =>
      json(res, {
        issuer: site,
        token_endpoint: `${site}/mod/lti/token.php`,
        jwks_uri: `${site}/mod/lti/certs.php`,
        authorization_endpoint: `${site}/mod/lti/auth.php`,
        registration_endpoint: `${lms.url}/registrations`,
        scopes_supported: ['https://purl.imsglobal.org/spec/lti-ags/scope/score', 'openid'],
        [PLATFORM]: {
          product_family_code: 'moodle',
          version: '4.5',
          messages_supported: ['LtiResourceLinkRequest', 'LtiDeepLinkingRequest'].map((type) => ({ type })),
          placements: ['AddContentMenu'],
        },
      });
    lms.on.registration = (_req, res) =>
      json(res, {
        client_id: 'PXDFvXuQ0oS4y7t',
        token_endpoint_auth_method: 'private_key_jwt',
        application_type: ['web'],
        [TOOL]: { deployment_id: '7', claims: ['sub', 'iss'] },
      });
    const token = 'eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiJ4In0.AA';
    const answer = await visit(await invite(), {
      openid_configuration: lms.configurationUrl,
      registration_token: token,
    });
    expect(JSON.parse(answer.text)).toMatchObject({ issuer: site, hasDeployment: true, closeAtOnce: true });
    const [platform] = await tool.store.platformsByIssuer(site);
    expect(platform).toMatchObject({ clientId: 'PXDFvXuQ0oS4y7t', tokenUrl: `${site}/mod/lti/token.php` });
    expect(await tool.store.deployments(platform?.id ?? '')).toMatchObject([
      { deploymentId: '7', status: 'approved' },
    ]);
    expect(lms.received[1]?.authorization).toBe(`Bearer ${token}`);
    const asked = JSON.parse(lms.received[1]?.body ?? '');
    expect(asked).toMatchObject({ scope: 'https://purl.imsglobal.org/spec/lti-ags/scope/score' });
    expect(asked[TOOL].messages.map(({ type }: { type: string }) => type)).toEqual([
      'LtiResourceLinkRequest',
      'LtiDeepLinkingRequest',
    ]);
  });

  test('that is Brightspace: no token, our keys read while it registers, no deployment yet', async () => {
    lms.on.configuration = (_req, res) =>
      json(res, {
        ...lms.configuration(),
        token_endpoint: 'https://auth.brightspace.com/core/connect/token',
        [PLATFORM]: { product_family_code: 'desire2learn', messages_supported: [] },
      });
    let keys = 0;
    lms.on.registration = async (_req, res) => {
      const { jwks_uri } = JSON.parse(lms.received[1]?.body ?? '') as { jwks_uri: string };
      keys = JSON.parse((await ask(jwks_uri)).text).keys.length;
      json(res, { client_id: '0f2a7b9e-1c43-4c5e-9d58-6a2b1f0c7d11' }, 201);
    };
    const answer = await registerAt(await invite());
    expect([answer.status, keys, lms.received[1]?.authorization]).toEqual([200, 1, undefined]);
    expect(JSON.parse(answer.text)).toMatchObject({
      isBrightspace: true,
      hasDeployment: false,
      closeAtOnce: false,
    });
  });

  test.each([
    ['sends its token back', { registration_token: 'aa.bb-cc_dd' }, 'Bearer aa.bb-cc_dd'],
    ['without one gets none (Brightspace)', {}, undefined],
  ] as const)('%s', async (_name, token, authorization) => {
    const code = await invite();
    const answer = await visit(code, { openid_configuration: lms.configurationUrl, ...token });
    expect(answer.status).toBe(200);
    expect(lms.received.map((request) => request.authorization)).toEqual([undefined, authorization]);
  });

  test('waits to be enabled when the invite says so', async () => {
    const answer = await registerAt(await invite({ platformStatus: 'disabled' }));
    expect(await registered()).toMatchObject([{ status: 'disabled' }]);
    expect(JSON.parse(answer.text)).toMatchObject({ isActive: false, closeAtOnce: false });
  });

  test('that is Brightspace may get its tokens from the server of all Brightspaces', async () => {
    lms.on.configuration = (_req, res) =>
      json(res, {
        ...lms.configuration(),
        token_endpoint: 'https://auth.brightspace.com/core/connect/token',
      });
    const answer = await registerAt(await invite());
    expect(await registered()).toMatchObject([
      {
        tokenUrl: 'https://auth.brightspace.com/core/connect/token',
        audience: 'https://api.brightspace.com/auth/token',
      },
    ]);
    expect(JSON.parse(answer.text)).toMatchObject({ isBrightspace: true, hasDeployment: false });
  });

  test('twenty times at once registers once', async () => {
    const code = await invite();
    const answers = await Promise.all(Array.from({ length: 20 }, () => registerAt(code)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(await registered()).toHaveLength(1);
    expect(lms.received.filter((request) => request.url === '/registrations')).toHaveLength(1);
  });
});

test('a person who opens the link is told where to paste it, and it is not spent', async () => {
  const code = await invite();
  expect(JSON.parse((await visit(code)).text)).toEqual({ view: 'registration/paste' });
  expect((await registerAt(code)).status).toBe(200);
});

test.each([
  ['no code', '', 0],
  ['a made-up code', 'made-up', 0],
  ['an endless code', 'x'.repeat(5000), 0],
])('%s opens nothing and asks nobody', async (_name, code, connections) => {
  expect(await registerAt(code)).toMatchObject({ status: 403, text: 'lti-errors.invite-unknown' });
  expect(lms.connections()).toBe(connections);
});

test('a link that has ended opens nothing', async () => {
  const code = await invite();
  tool.clock.now += 24 * HOUR;
  expect(await registerAt(code)).toMatchObject({ status: 403, text: 'lti-errors.invite-expired' });
  expect(lms.connections()).toBe(0);
});

describe('what is refused does not spend the link', () => {
  const configuration = (over: (own: HostileLms) => Record<string, unknown>) => (own: HostileLms) => {
    own.on.configuration = (_req, res) => json(res, { ...own.configuration(), ...over(own) });
  };
  const answers = (status: number, type: string, body: string) => (own: HostileLms) => {
    own.on.configuration = (_req, res) => void res.writeHead(status, { 'content-type': type }).end(body);
  };
  const registrationAnswers = (status: number, body: unknown) => (own: HostileLms) => {
    own.on.registration = (_req, res) => json(res, body, status);
  };

  test.each<[string, (own: HostileLms) => void, number, string]>([
    ['an issuer elsewhere', configuration(() => ({ issuer: 'https://lms.example' })), 403, 'issuer'],
    ['an issuer with a query', configuration((own) => ({ issuer: `${own.url}/?as=another` })), 403, 'issuer'],
    ['an issuer that is no address', configuration(() => ({ issuer: 'lms' })), 403, 'issuer'],
    ...[
      'authorization_endpoint',
      'token_endpoint',
      'jwks_uri',
      'registration_endpoint',
      'authorization_server',
    ].map((name): [string, (own: HostileLms) => void, number, string] => [
      `${name} elsewhere`,
      configuration(() => ({ [name]: 'https://elsewhere.example/x' })),
      403,
      'endpoints',
    ]),
    [
      'an endpoint at another port of this machine',
      configuration(() => ({ registration_endpoint: 'http://127.0.0.1:9/registrations' })),
      403,
      'endpoints',
    ],
    [
      'the audience of Brightspace for tokens from elsewhere',
      configuration(() => ({ authorization_server: 'https://api.brightspace.com/auth/token' })),
      403,
      'endpoints',
    ],
    ['an endpoint missing', configuration(() => ({ jwks_uri: undefined })), 400, 'not-understood'],
    ['a page', answers(200, 'text/html', '<!doctype html><h1>Sign in</h1>'), 400, 'not-understood'],
    ['a list', answers(200, 'application/json', '[]'), 400, 'not-understood'],
    ['null', answers(200, 'application/json', 'null'), 400, 'not-understood'],
    ['nothing', answers(200, 'application/json', ''), 400, 'not-understood'],
    ['not found', answers(404, 'application/json', '{}'), 400, 'not-understood'],
    [
      'two megabytes',
      answers(200, 'application/json', `{"issuer":"${'x'.repeat(2 << 20)}"}`),
      400,
      'not-understood',
    ],
    ['an LMS out of order', answers(500, 'text/html', '<h1>Oops</h1>'), 503, 'unreachable'],
    [
      'a hang-up',
      (own) => {
        own.on.configuration = (req) => void req.socket.destroy();
      },
      503,
      'unreachable',
    ],
    [
      'a redirect to another origin',
      (own) => {
        own.on.configuration = (_req, res) =>
          void res.writeHead(302, { location: 'https://elsewhere.example/' }).end();
      },
      400,
      'address',
    ],
    ['a registration that is refused', registrationAnswers(400, { error: 'invalid' }), 400, 'refused'],
    ['a token that has ended', registrationAnswers(401, { error: 'invalid_token' }), 400, 'refused'],
    ['a registration without client id', registrationAnswers(201, {}), 400, 'not-understood'],
    ['a client id with spaces', registrationAnswers(201, { client_id: 'a b' }), 400, 'not-understood'],
  ])('%s', async (_name, misbehave, status, key) => {
    misbehave(lms);
    const code = await invite();
    const answer = await registerAt(code);
    expect([answer.status, answer.text]).toEqual([status, `lti-errors.registration-${key}`]);
    expect(await registered()).toEqual([]);
    expect(await isSpent(code)).toBe(false);

    lms.on.configuration = (_req, res) => json(res, lms.configuration());
    lms.on.registration = (_req, res) => json(res, { client_id: 'client-9' }, 201);
    expect((await registerAt(code)).status).toBe(200);
  });

  test('an LMS that never ends its answer is not waited for', async () => {
    lms.on.configuration = (_req, res) => {
      const drip = setInterval(() => res.write(' '), 500);
      res.once('close', () => clearInterval(drip));
    };
    expect(await registerAt(await invite())).toMatchObject({
      status: 503,
      text: 'lti-errors.registration-unreachable',
    });
  }, 15_000);

  test.each([
    ['missing', ''],
    ['not an address', 'openid'],
    ['http elsewhere', 'http://lms.example/openid'],
    ['a file', 'file:///etc/passwd'],
    ['with a password', 'https://user:word@lms.example/openid'],
    ['endless', `https://lms.example/${'x'.repeat(5000)}`],
  ])('a configuration address that is %s', async (_name, address) => {
    expect(await registerAt(await invite(), address)).toMatchObject({
      status: 400,
      text: 'lti-errors.registration-address',
    });
  });

  test('a token that no header can hold', async () => {
    const answer = await visit(await invite(), {
      openid_configuration: lms.configurationUrl,
      registration_token: 'a\r\nx: y',
    });
    expect(answer).toMatchObject({ status: 400, text: 'lti-errors.form-malformed' });
  });

  test('a parameter that comes twice', async () => {
    const code = await invite();
    const answer = await ask(`${tool.url}/lti/register?code=${code}&code=${code}`);
    expect(answer).toMatchObject({ status: 400, text: 'lti-errors.parameter-repeated' });
  });
});

test('a client id that is registered already changes nothing', async () => {
  expect((await registerAt(await invite())).status).toBe(200);
  const before = await registered();
  expect(await registerAt(await invite())).toMatchObject({
    status: 409,
    text: 'lti-errors.registration-known',
  });
  expect(await registered()).toEqual(before);
});

describe('in production nothing of this machine or its network is asked', () => {
  let strict: LtiTool;
  beforeAll(async () => {
    strict = await startLtiTool({ production: true, store: tool.store });
  });
  afterAll(() => strict.stop());

  test.each([
    ['127.0.0.1', 'https://127.0.0.1:PORT/'],
    ['its name', 'https://localhost:PORT/'],
    ['a number', 'https://2130706433:PORT/'],
    ['hexadecimal', 'https://0x7f.1:PORT/'],
    ['IPv6', 'https://[::1]:PORT/'],
    ['IPv4 inside IPv6', 'https://[::ffff:127.0.0.1]:PORT/'],
    ['any address', 'https://0.0.0.0:PORT/'],
    ['the network', 'https://10.0.0.1/'],
    ['the cloud’s own data', 'https://169.254.169.254/latest/meta-data'],
    ['http', 'http://127.0.0.1:PORT/'],
  ])('%s', async (_name, address) => {
    const code = await invite();
    const url = `${strict.url}/lti/register?${new URLSearchParams({
      code,
      openid_configuration: address.replace('PORT', new URL(lms.url).port),
    })}`;
    expect(await ask(url)).toMatchObject({ status: 400, text: 'lti-errors.registration-address' });
    expect(lms.connections()).toBe(0);
    expect(await isSpent(code)).toBe(false);
  });
});

test('neither code nor token nor address of a registration is logged', async () => {
  const code = await invite();
  await visit(code, { openid_configuration: lms.configurationUrl, registration_token: 'secret-token' });
  await registerAt(code);
  const logged = JSON.stringify(tool.lines);
  expect(tool.lines.map((line) => line.message)).toContain('lti platform registered');
  for (const secret of [code, 'secret-token', 'token=once']) expect(logged).not.toContain(secret);
});
