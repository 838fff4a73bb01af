import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import { AppError } from '../../src/domain/errors.ts';
import type { Launch } from '../../src/domain/launch.ts';
import type { Log } from '../../src/domain/ports/log.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { createLti, type Lti } from '../../src/lti/create-lti.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open.ts';
import { aDeployment, anAuditEvent, NOW } from './build.ts';
import { type Claims, type FakePlatform, launchClaims, lti } from './lti-platform.ts';

export const SECRET = 'a secret of the tests, 32 bytes long';

export type LogLine = { readonly message: string } & Readonly<Record<string, unknown>>;

/** The gateway on a real address, over a real store, with what it handed on and what it logged. */
export type LtiTool = {
  readonly url: string;
  readonly store: Store;
  readonly lti: Lti;
  readonly launches: readonly Launch[];
  readonly lines: readonly LogLine[];
  readonly clock: { now: number };
  /** Drops what was handed on and logged so far, in tests that run for long. */
  readonly forget: () => void;
  readonly stop: () => Promise<void>;
};

const STATUS: Readonly<Record<string, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported_media: 415,
  unavailable: 503,
};

/** A refusal is answered with its key, so that a test names the one it expects. */
const answerRefusal: ErrorRequestHandler = (error, _req, res, _next) => {
  const known = error instanceof AppError;
  const status = res.statusCode === 405 ? 405 : known ? (STATUS[error.code] ?? 500) : 500;
  res.status(status).send(known ? error.key : `unexpected: ${String(error)}`);
};

export async function startLtiTool(
  options: { readonly publicUrl?: string; readonly production?: boolean; readonly store?: Store } = {},
): Promise<LtiTool> {
  const app = express();
  const server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const store = options.store ?? openSqliteStore({ path: ':memory:' });
  const clock = { now: NOW };
  const launches: Launch[] = [];
  const lines: LogLine[] = [];
  const write = (fields: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ ...fields, message });
  };
  const log: Log = { info: write, warn: write, error: write };
  const lti = await createLti({
    store,
    publicUrl: options.publicUrl ?? url,
    secrets: [SECRET],
    production: options.production ?? false,
    version: '0.0.0-test',
    dispatcher: null,
    now: () => clock.now,
    newId: randomUUID,
    log,
    pages: {
      requestIdOf: () => 'request-1',
      offerReturn: () => {},
      speak: (res, locale) => {
        res.set('Content-Language', locale);
      },
      show: (res, view, data, status = 200) => {
        res.status(status).json({ view, ...data });
      },
    },
    async onLaunch(launch, _req, res) {
      launches.push(launch);
      res.redirect(303, '/opened');
    },
  });
  app.use('/lti', lti.router);
  app.use(answerRefusal);

  return {
    url,
    store,
    lti,
    launches,
    lines,
    clock,
    forget: () => {
      launches.length = 0;
      lines.length = 0;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      if (options.store === undefined) await store.close();
    },
  };
}

/** What a browser holds after a login: the state and nonce that went to the platform, and the cookie. */
export type OpenLogin = { readonly state: string; readonly nonce: string; readonly cookie: string };

export type Answer = { readonly status: number; readonly text: string; readonly headers: Headers };

export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

export function loginParameters(tool: LtiTool, over: Record<string, string> = {}): Record<string, string> {
  return {
    iss: 'https://lms.example.test',
    login_hint: 'hint-1',
    target_link_uri: `${tool.url}/lti/launch`,
    client_id: 'client-1',
    lti_deployment_id: 'deployment-1',
    lti_message_hint: 'message-1',
    ...over,
  };
}

export async function login(tool: LtiTool, over: Record<string, string> = {}): Promise<OpenLogin> {
  const answer = await ask(`${tool.url}/lti/login?${new URLSearchParams(loginParameters(tool, over))}`);
  if (answer.status !== 302) throw new Error(`login answered ${answer.status} ${answer.text}`);
  const asked = new URL(answer.headers.get('location') ?? '').searchParams;
  return {
    state: asked.get('state') ?? '',
    nonce: asked.get('nonce') ?? '',
    cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '',
  };
}

/** Posts the launch form as the platform's page would. */
export function post(
  tool: LtiTool,
  form: Record<string, string> | readonly (readonly [string, string])[],
  cookie: string,
): Promise<Answer> {
  const body = new URLSearchParams(form as Record<string, string>);
  return ask(`${tool.url}/lti/launch`, { method: 'POST', body, headers: cookie === '' ? {} : { cookie } });
}

/** A tool that knows `platform` and approved its deployment. */
export async function startRegisteredTool(
  platform: Pick<FakePlatform, 'registration'>,
  options: Parameters<typeof startLtiTool>[0] = {},
): Promise<LtiTool> {
  const tool = await startLtiTool(options);
  await tool.store.addPlatform(platform.registration, anAuditEvent({ id: randomUUID() }));
  await tool.store.seeDeployment(aDeployment(), anAuditEvent({ id: randomUUID() }));
  return tool;
}

/** The claims of a launch that answers `opened`. */
export function answeringClaims(tool: LtiTool, opened: Pick<OpenLogin, 'nonce'>, over: Claims = {}): Claims {
  return launchClaims({
    nonce: opened.nonce,
    [lti('target_link_uri')]: `${tool.url}/lti/launch`,
    ...over,
  });
}

/** A whole launch: login, token, form. */
export async function launchWith(
  tool: LtiTool,
  over: Claims,
  sign: (claims: Claims) => Promise<string>,
): Promise<Answer & { readonly launch: Launch | undefined }> {
  const opened = await login(tool);
  const before = tool.launches.length;
  const id_token = await sign(answeringClaims(tool, opened, over));
  const answer = await post(tool, { state: opened.state, id_token }, opened.cookie);
  return { ...answer, launch: tool.launches[before] };
}

/** What `launchClaims` turns into. */
export function ordinaryLaunch(
  at: { readonly platform: Pick<FakePlatform, 'registration'>; readonly tool: Pick<LtiTool, 'url'> },
  over: Partial<Launch> = {},
): Launch {
  return {
    messageType: 'resource-link',
    platform: at.platform.registration,
    deploymentId: 'deployment-1',
    userId: 'student-1',
    role: 'student',
    name: 'Student One',
    email: 'student.one@example.test',
    studentNumber: null,
    locale: null,
    context: { id: 'context-1', title: 'Health and Wellness SHSM', label: 'SHSM-HW' },
    resourceLink: { id: 'link-1', title: 'SHSM certifications' },
    custom: {},
    grades: null,
    membershipsUrl: null,
    returnUrl: null,
    deepLinking: null,
    forUserId: null,
    targetLinkUri: `${at.tool.url}/lti/launch`,
    ...over,
  };
}
