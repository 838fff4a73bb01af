import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type RequestHandler, Router } from 'express';
import { parse } from 'node-html-parser';
import { createBackground } from '../../src/background.ts';
import { loadMessages } from '../../src/catalogue/load-messages.ts';
import type { CredentialReport } from '../../src/domain/credential.ts';
import type { Picking } from '../../src/domain/deep-linking.ts';
import type { Viewer } from '../../src/domain/person.ts';
import type { AnswerPicking } from '../../src/domain/ports/answer-picking.ts';
import type { Log } from '../../src/domain/ports/log.ts';
import type { ReadCredential } from '../../src/domain/ports/read-credential.ts';
import type { FetchRoster } from '../../src/domain/ports/roster.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Rubric } from '../../src/domain/rubric.ts';
import type { Rules } from '../../src/domain/sector.ts';
import type { ProbeServices } from '../../src/domain/service-probe.ts';
import type { Submission } from '../../src/domain/submission.ts';
import { createInvite } from '../../src/lti/invites.ts';
import type { PlaceCredential } from '../../src/services/deps.ts';
import { createServices, type Services } from '../../src/services/services.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open.ts';
import { createPages } from '../../src/web/render.ts';
import { createWebServer } from '../../src/web/server.ts';
import { createSessions } from '../../src/web/session.ts';
import {
  aCredentialReport,
  aMember,
  anActivity,
  anAuditEvent,
  aPicking,
  aPlacementReport,
  aPlatform,
  NOW,
  someFacts,
} from './build.ts';
import { RUBRIC, RULES } from './rules.ts';

const ROOT = join(import.meta.dirname, '../..');

export type LogLine = { readonly level: string; readonly message: string } & Readonly<
  Record<string, unknown>
>;

/** The pages on a real address, over a real store; what is read from a badge and how it is placed is given. */
export type WebTool = {
  readonly url: string;
  readonly store: Store;
  readonly services: Services;
  readonly clock: { now: number };
  readonly lines: readonly LogLine[];
  /** Message keys that a page asked for and nobody has. */
  readonly missingWords: readonly string[];
  /** The address that opens a session for this viewer, as a launch does, and goes to their first page. */
  readonly launchPath: (viewer: Viewer) => string;
  /** A session as an HTTP client of a test keeps it. */
  readonly signIn: (viewer: Viewer) => Promise<Visitor>;
  readonly stop: () => Promise<void>;
};

export type WebOptions = {
  readonly read?: ReadCredential;
  readonly place?: PlaceCredential;
  readonly answerPicking?: AnswerPicking;
  readonly probeServices?: ProbeServices;
  readonly fetchRoster?: FetchRoster;
  readonly rules?: Rules;
  readonly rubric?: Rubric;
  readonly settings?: 'none';
  readonly production?: boolean;
  readonly publicUrl?: string;
  readonly mounts?: Readonly<Record<string, RequestHandler>>;
};

export async function startWebTool(options: WebOptions = {}): Promise<WebTool> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;

  const store = openSqliteStore({ path: ':memory:' });
  const clock = { now: NOW };
  const lines: LogLine[] = [];
  const missingWords: string[] = [];
  const viewers = new Map<string, Viewer>();
  const note = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ ...fields, level, message });
  };
  const log: Log = { info: note('info'), warn: note('warn'), error: note('error') };
  const services = createServices({
    store,
    rules: options.rules ?? RULES,
    rubric: options.rubric ?? RUBRIC,
    readCredential: options.read ?? readAsTyped,
    placeCredential: options.place ?? (() => aPlacementReport()),
    answerPicking: options.answerPicking ?? (async () => null),
    probeServices: options.probeServices ?? (async () => []),
    makeInvite: (chosen) => createInvite({ store, now: () => clock.now, newId: randomUUID }, chosen),
    fetchRoster:
      options.fetchRoster ??
      (async () => ({ kind: 'problem', error: { key: 'no-roster-service', status: null, excerpt: '' } })),
    background: createBackground(log).run,
    now: () => clock.now,
    newId: randomUUID,
    say: loadMessages(join(ROOT, 'config')).say,
    log,
    wakePassback: () => {},
  });
  const sessions = createSessions({
    store,
    now: () => clock.now,
    secrets: ['a secret of the tests, 32 bytes long'],
    publicUrl: options.publicUrl ?? url,
  });
  const pages = createPages({
    viewsDir: join(ROOT, 'views'),
    words: loadMessages(join(ROOT, 'config')),
    formToken: sessions.formToken,
    onMissingWord: (key) => missingWords.push(key),
  });
  const launch = Router().get('/launch/:key', async (req, res) => {
    const viewer = viewers.get(req.params.key);
    if (viewer === undefined) throw new Error('no such viewer');
    res.redirect(303, await sessions.start(viewer, res, pickingOf(viewer)));
  });
  const launchPath = (viewer: Viewer) => {
    const key = randomUUID();
    viewers.set(key, viewer);
    return `/test/launch/${key}`;
  };
  server.on(
    'request',
    createWebServer({
      publicUrl: options.publicUrl ?? url,
      production: options.production ?? false,
      store,
      services,
      pages,
      sessions,
      health: {
        ready: async () => ({ ok: true, problems: [] }),
        metrics: async () => 'up 1\n',
        metricsToken: null,
      },
      mounts: { '/test': launch, ...options.mounts },
      now: () => clock.now,
      newId: randomUUID,
      log,
    }),
  );
  await store.addPlatform(aPlatform(), anAuditEvent({ id: 'audit-platform', action: 'platform.added' }));
  await store.recordLaunch(anActivity({ settings: null }), aMember());
  const settings = anActivity().settings;
  if (options.settings !== 'none' && settings !== null)
    await store.saveSettings(
      'activity-1',
      settings,
      anAuditEvent({ id: 'audit-settings', action: 'activity.set-up' }),
    );

  return {
    url,
    store,
    services,
    clock,
    lines,
    missingWords,
    launchPath,
    signIn: async (viewer) => visit(url, launchPath(viewer)),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await services.readings.stop();
      await store.close();
    },
  };
}

/** Somebody with a session cookie. */
export type Visitor = {
  readonly home: string;
  readonly cookie: string;
  readonly setCookie: string;
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Response>;
  /** Fills in the form of the page at `path` whose action matches and sends it. */
  readonly send: (
    path: string,
    action: RegExp,
    fields: Readonly<Record<string, string | File>>,
  ) => Promise<Response>;
};

async function visit(url: string, launchPath: string): Promise<Visitor> {
  const launched = await fetch(url + launchPath, { redirect: 'manual' });
  const setCookie = launched.headers.get('set-cookie') ?? '';
  const cookie = setCookie.split(';')[0] ?? '';
  const get: Visitor['get'] = (path, headers = {}) =>
    fetch(url + path, { redirect: 'manual', headers: { cookie, ...headers } });
  return {
    home: launched.headers.get('location') ?? '',
    cookie,
    setCookie,
    get,
    async send(path, action, fields) {
      const page = parse(await (await get(path)).text());
      const form = page.querySelectorAll('form').find((one) => action.test(one.getAttribute('action') ?? ''));
      if (form === undefined) throw new Error(`no form ${String(action)} on ${path}`);
      const hidden = form
        .querySelectorAll('input[type=hidden]')
        .map((input): [string, string] => [
          input.getAttribute('name') ?? '',
          input.getAttribute('value') ?? '',
        ]);
      const all: [string, string | File][] = [...hidden, ...Object.entries(fields)];
      const multipart = form.getAttribute('enctype') === 'multipart/form-data';
      const body = multipart ? new FormData() : new URLSearchParams();
      for (const [name, value] of all) {
        if (body instanceof FormData) body.append(name, value);
        else if (typeof value === 'string') body.append(name, value);
      }
      return fetch(url + (form.getAttribute('action') ?? ''), {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie },
        body,
      });
    },
  };
}

/** Believes what was typed, and finds nothing behind an address that says `silent`. */
const readAsTyped: ReadCredential = async (source) => {
  const report = (over: Partial<CredentialReport>) => aCredentialReport(over);
  if (source.kind === 'address')
    return source.address.includes('silent')
      ? report({ format: 'web-page', outcome: 'could-not-check', credential: someFacts({ name: null }) })
      : report({});
  if (source.kind === 'file')
    return report({ format: 'image', outcome: 'no-badge-data', credential: someFacts({ name: null }) });
  const { title, issuer, ...rest } = source.facts;
  return report({
    format: 'typed',
    outcome: 'self-reported',
    credential: someFacts({ ...rest, name: title, issuer: { name: issuer, url: null } }),
    facts: { name: 'typed', issuer: 'typed' },
    identity: null,
  });
};

/** Puts a submission into the store as it is, with its file. */
export async function put(
  store: Store,
  submission: Submission,
  file: Parameters<Store['saveSubmission']>[0]['evidence'] = null,
): Promise<void> {
  const saved = await store.saveSubmission(
    { submission, fromVersion: submission.version - 1, evidence: file, score: null, audit: null },
    NOW,
  );
  if (saved !== 'saved') throw new Error('the submission was not stored');
}

/** A viewer whose activity is the picking of the tests is a teacher who picks one. */
function pickingOf(viewer: Viewer): Picking | null {
  return viewer.activityId === aPicking().id ? aPicking() : null;
}
