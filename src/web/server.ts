import express, { type Express, type RequestHandler } from 'express';
import type { NewId, Now } from '../domain/instant.ts';
import type { Log } from '../domain/ports/log.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Services } from '../services/services.ts';
import { adminRoutes } from './admin.ts';
import { pageNotFound, refuseUnknownMethods, showError } from './errors.ts';
import { type Health, healthRoutes } from './health.ts';
import { chooseLanguage } from './language.ts';
import { languageSwitch } from './language-switch.ts';
import { pickRoutes } from './pick.ts';
import { publicRoutes } from './public.ts';
import type { Pages } from './render.ts';
import { traceRequests } from './request-trace.ts';
import { contentPolicy, fixedHeaders } from './security-headers.ts';
import type { Sessions } from './session.ts';
import { studentRoutes } from './student.ts';
import { teacherRoutes } from './teacher.ts';

export type WebDeps = {
  /** The origin that the LMS sees. */
  readonly publicUrl: string;
  readonly production: boolean;
  readonly store: Store;
  readonly services: Services;
  readonly pages: Pages;
  readonly sessions: Sessions;
  readonly health: Health;
  /** Routers of the LMS adapters, by the path they are mounted at. */
  readonly mounts: Readonly<Record<string, RequestHandler>>;
  readonly now: Now;
  readonly newId: NewId;
  readonly log: Log;
};

/** Every request passes here, in this order. */
export function createWebServer(deps: WebDeps): Express {
  const { pages, sessions, log } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('etag', false);

  app.use(traceRequests(log, deps.now, deps.newId));
  app.use(fixedHeaders(deps.production));
  app.use(healthRoutes(deps.health));
  app.use('/assets', pages.assets.router);

  app.use(contentPolicy(() => deps.store.platforms()));
  app.use(chooseLanguage);
  app.use(refuseUnknownMethods);
  app.use(express.urlencoded({ extended: false, limit: 256 * 1024, parameterLimit: 200 }));
  for (const [path, router] of Object.entries(deps.mounts)) app.use(path, router);

  app.use('/a/:activityId', sessions.load);
  app.use('/a/:activityId', languageSwitch(sessions));
  app.use('/a/:activityId/student', studentRoutes(deps));
  app.use('/a/:activityId/teacher', teacherRoutes(deps));
  app.use('/a/:activityId/pick', pickRoutes(deps));
  app.use('/a/:activityId/admin', adminRoutes(deps));
  app.use(publicRoutes(pages, deps.publicUrl));

  app.use(pageNotFound);
  app.use(showError(pages, log));
  return app;
}
