import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express, { type Express } from 'express';
import { createRemoteJWKSet } from 'jose';
import { authRoutes } from './auth.ts';
import { type BadgeIssuer, createBadgeIssuer } from './badge-issuer.ts';
import { type Course, createCourse } from './course.ts';
import { coursePages, languageSwitch } from './course-pages.ts';
import { deepLinkRoutes } from './deep-links.ts';
import { createExpiringMap } from './expiring-map.ts';
import { createFaultControl, type FaultControl, type Faults } from './faults.ts';
import { createGradebook, type Gradebook } from './gradebook.ts';
import { gradebookPage } from './gradebook-page.ts';
import { issuerRoutes } from './issuer-routes.ts';
import { lineItemRoutes } from './line-items.ts';
import { type Lms, platformAddresses, type Settings, toolAddresses } from './lms.ts';
import { loginRoutes } from './login.ts';
import { createPages } from './pages.ts';
import { createPeople } from './people.ts';
import { registrationRoutes } from './registration.ts';
import { rosterRoutes } from './roster.ts';
import { samplePages } from './sample-pages.ts';
import { createSamples, type Samples, writeSamples } from './samples.ts';
import { scoreRoutes } from './scores.ts';
import { createServiceLog, type ServiceLog } from './service-log.ts';
import { createSessions } from './sessions.ts';
import { createKeyRing, type KeyRing } from './signing-keys.ts';
import { tokenRoutes } from './token.ts';

export type DemoLmsOptions = {
  /** 0 takes any free port. */
  readonly port: number;
  /** Where the tool is, without a slash at the end. */
  readonly toolUrl: string;
  /** Where to write the sample badges; null writes none. They can be downloaded all the same. */
  readonly samplesDir: string | null;
  readonly now: () => number;
  readonly faults?: Faults;
  readonly settings?: Partial<Settings>;
  /** At least the two that the pages offer. */
  readonly studentCount?: number;
  /** Whether the seeded activity comes with a column, as a deep link with points does. */
  readonly seedColumn?: boolean;
};

export type DemoLms = {
  readonly url: string;
  /** What the tool must be told about this platform. */
  readonly registration: {
    readonly issuer: string;
    readonly clientId: string;
    readonly deploymentId: string;
    readonly authUrl: string;
    readonly tokenUrl: string;
    readonly jwksUrl: string;
  };
  /** What an administrator pastes beside a tool's registration link (LTI Dynamic Registration 1.0 §3.2). */
  readonly configurationUrl: string;
  readonly course: Course;
  readonly gradebook: Gradebook;
  readonly settings: Settings;
  readonly faults: FaultControl;
  readonly log: ServiceLog;
  readonly keys: KeyRing;
  readonly issuer: BadgeIssuer;
  readonly samples: Samples;
  /** Refuses connections, as a machine that is off does, until `goOnline`. */
  readonly goOffline: () => Promise<void>;
  readonly goOnline: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const MINUTE = 60_000;
const HOST = '127.0.0.1';

/**
 * Starts an LMS with one course, an LTI 1.3 Advantage platform that is as strict as the real ones, and a badge issuer,
 * on 127.0.0.1: for a browser another site than a tool on localhost, so the tool's frame is a third party's.
 */
export async function startDemoLms(options: DemoLmsOptions): Promise<DemoLms> {
  const { now, toolUrl } = options;
  const server = createServer();
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  const url = `http://${HOST}:${port}`;

  const course = createCourse(
    createPeople(options.studentCount ?? 2),
    toolAddresses({ toolUrl }).targetLinkUri,
  );
  const gradebook = createGradebook();
  if (options.seedColumn ?? true) seedColumn(course, gradebook);

  const lms: Lms = {
    url,
    toolUrl,
    clientId: 'demo-client',
    deploymentId: 'demo-deployment',
    now,
    settings: {
      privacy: 'everything',
      sendContext: true,
      platformStorage: true,
      rosterPageSize: 50,
      registrationToken: null,
      deployOnRegistration: true,
      ...options.settings,
    },
    course,
    gradebook,
    keys: await createKeyRing(),
    toolKeys: createRemoteJWKSet(new URL(toolAddresses({ toolUrl }).keySet), {
      cooldownDuration: 1000,
      cacheMaxAge: MINUTE,
      timeoutDuration: 5000,
    }),
    sessions: createSessions(now, String(port)),
    tickets: createExpiringMap(now, 10 * MINUTE),
    pickers: createExpiringMap(now, 60 * MINUTE),
    accessTokens: createExpiringMap(now, 60 * MINUTE),
    spent: createExpiringMap(now, 60 * MINUTE),
    faults: createFaultControl(options.faults),
    log: createServiceLog(now),
    siteLocale: 'en',
  };
  const issuer = createBadgeIssuer(url, now());
  const students = course.people.filter((person) => person.kind === 'student');
  const samples = createSamples(issuer, students.slice(0, 2));
  if (options.samplesDir !== null) await writeSamples(options.samplesDir, samples);

  server.on('request', createDemoApp(lms, issuer, samples));

  const addresses = platformAddresses(lms);
  const stopListening = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return {
    url,
    registration: {
      issuer: url,
      clientId: lms.clientId,
      deploymentId: lms.deploymentId,
      authUrl: addresses.auth,
      tokenUrl: addresses.token,
      jwksUrl: addresses.keySet,
    },
    configurationUrl: `${url}/lti/openid-configuration`,
    course,
    gradebook,
    settings: lms.settings,
    faults: lms.faults,
    log: lms.log,
    keys: lms.keys,
    issuer,
    samples,
    goOffline: stopListening,
    goOnline: () => listen(server, port),
    close: stopListening,
  };
}

function createDemoApp(lms: Lms, issuer: BadgeIssuer, samples: Samples): Express {
  const pages = createPages(lms.toolUrl);
  const app = express();
  app.disable('x-powered-by');
  app.use('/assets', express.static(join(import.meta.dirname, '../../views/demo/assets')));
  app.use(languageSwitch(lms));
  app.use(coursePages(lms, pages), gradebookPage(lms, pages), samplePages(lms, pages, samples));
  app.use(issuerRoutes(lms, pages, issuer, samples));
  app.use(loginRoutes(lms, pages), authRoutes(lms, pages), deepLinkRoutes(lms, pages), tokenRoutes(lms));
  app.get('/lti/jwks', lms.log.record, lms.faults.on('jwks'), (_req, res) => {
    // Brightspace forbids caching and changes its keys by the hour.
    res.set('cache-control', 'no-cache, no-store').json({ keys: lms.keys.published() });
  });
  app.use(registrationRoutes(lms));
  app.use(scoreRoutes(lms), lineItemRoutes(lms), rosterRoutes(lms));
  app.use((req, res) => pages.refuse(res, lms.sessions.visitor(req).locale, 404, 'not-found'));
  return app;
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, HOST);
  await once(server, 'listening');
}

function seedColumn(course: Course, gradebook: Gradebook): void {
  for (const link of course.links()) {
    gradebook.addLineItem({
      label: link.title.en,
      scoreMaximum: Number(link.custom['points']),
      resourceLinkId: link.id,
      resourceId: null,
      tag: null,
    });
  }
}
