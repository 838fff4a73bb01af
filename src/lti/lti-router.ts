import { type Request, type RequestHandler, type Response, Router } from 'express';
import { AppError } from '../domain/errors.ts';
import type { Launch } from '../domain/launch.ts';
import type { LaunchLog } from '../domain/ports/launch-log.ts';
import type { Log } from '../domain/ports/log.ts';
import { type Form, formOf, queryStringOf, readForm } from './form.ts';
import { createFrameLadder } from './frame-ladder.ts';
import { launchNoteOf } from './launch-note.ts';
import { openLogin } from './login.ts';
import type { Pages } from './pages.ts';
import { refusal } from './refusal.ts';
import type { RegistrationDeps } from './registration.ts';
import { registrationRoute } from './registration-route.ts';
import type { StateCookie } from './state-cookie.ts';
import type { StateProof } from './state-proof.ts';
import type { ToolKeys } from './tool-keys.ts';
import { createTrail, type Trail } from './trail.ts';
import { type VerifyDeps, verifyLaunch } from './verify-launch.ts';

/** Takes over once a launch is believed: opens a session and sends the browser on. */
export type OnLaunch = (launch: Launch, req: Request, res: Response) => Promise<void>;

/**
 * The gateway, to be mounted at `/lti`: login, launch, key set and the tool's addresses. Every refusal goes to `next` as an
 * `AppError`; nothing that was posted is repeated.
 */
export function ltiRouter(
  deps: VerifyDeps & {
    readonly store: LaunchLog;
    readonly cookie: StateCookie;
    readonly proof: StateProof;
    readonly secrets: readonly [string, ...string[]];
    readonly toolKeys: ToolKeys;
    readonly log: Log;
    readonly pages: Pages;
    readonly onLaunch: OnLaunch;
    readonly registration: RegistrationDeps;
  },
): Router {
  const { publicUrl, cookie, proof, toolKeys, log, pages, onLaunch } = deps;

  const ladder = createFrameLadder(deps);

  const login: RequestHandler = (req, res) => begin(req, res, () => formOf(queryStringOf(req), req.body));

  /** The person asked for a new sign-in, in a window of its own or with cookies allowed. */
  const again: RequestHandler = async (req, res) => {
    const form = await ladder.loginAgain(formOf('', req.body), deps.now());
    await begin(req, res, () => form);
  };

  async function begin(req: Request, res: Response, read: () => Form): Promise<void> {
    const requestId = pages.requestIdOf(res);
    try {
      const form = read();
      const opened = await openLogin(form, deps);
      cookie.set(res, opened.state);
      log.info({ requestId, platformId: opened.platform.id }, 'lti login opened');
      res.set('Cache-Control', 'no-store');
      if (!ladder.keep(req, res, form, opened)) res.redirect(302, opened.redirectTo);
    } catch (error) {
      log.info({ requestId, key: keyOf(error) }, 'lti login refused');
      throw error;
    }
  }

  async function believe(
    res: Response,
    read: () => Form,
    browserOf: (state: string) => ReturnType<StateCookie['check']>,
  ): Promise<Launch> {
    const requestId = pages.requestIdOf(res);
    const trail = createTrail();
    try {
      const form = await trail.step('form', read);
      const launch = await verifyLaunch(form, trail, {
        ...deps,
        browserOf,
        speak: (locale) => pages.speak(res, locale),
        offerReturn: (address) => pages.offerReturn(res, address),
      });
      cookie.clear(res, form.get('state') ?? '');
      log.info({ requestId, ...trail.fields() }, 'lti launch accepted');
      // Nobody waits for it.
      void note(requestId, trail, null);
      return launch;
    } catch (error) {
      log.info({ requestId, key: keyOf(error), ...trail.fields() }, 'lti launch refused');
      await note(requestId, trail, keyOf(error));
      throw error;
    }
  }

  /** For the administrators of the platform. A launch does not fail because its note cannot be written. */
  async function note(requestId: string, trail: Trail, key: string | null): Promise<void> {
    const written = launchNoteOf(trail.fields(), { requestId, at: deps.now(), refusal: key });
    if (written === null) return;
    await deps.store.noteLaunch(written).catch(() => {
      log.warn({ requestId }, 'the launch could not be noted');
    });
  }

  const launch: RequestHandler = async (req, res) => {
    res.set('Cache-Control', 'no-store');
    const read = () => formOf('', req.body);
    try {
      const believed = await believe(res, read, (state) => cookie.check(req, state));
      await onLaunch(believed, req, res);
    } catch (error) {
      const isBlocked = keyOf(error) === 'lti-errors.cookies-blocked';
      if (!isBlocked || !(await ladder.offer(req, res, read()))) throw error;
    }
  };

  /** A launch that waited in our page, with the proof that the LMS page kept, or with cookies allowed meanwhile. */
  const resume: RequestHandler = async (req, res) => {
    res.set('Cache-Control', 'no-store');
    const form = formOf('', req.body);
    const { state, idToken } = ladder.launchIn(form);
    const waited = new Map(Object.entries({ state, id_token: idToken }));
    const browserOf = () =>
      proof.proves(state, form.get('proof') ?? '') ? 'bound' : cookie.check(req, state);
    try {
      const believed = await believe(res, () => waited, browserOf);
      await onLaunch(believed, req, res);
    } catch (error) {
      const isBlocked = keyOf(error) === 'lti-errors.cookies-blocked';
      if (!isBlocked || !(await ladder.offer(req, res, waited, true))) throw error;
    }
  };

  const router = Router();
  router.get('/login', login);
  router.post('/login', readForm, login);
  router.post('/launch', readForm, launch);
  router.post('/resume', readForm, resume);
  router.post('/again', readForm, again);
  router.all('/launch', (_req, res) => {
    res.set('Allow', 'POST').status(405);
    throw refusal('launch-by-get');
  });
  router.get('/register', registrationRoute({ ...deps.registration, log, pages }));
  router.get('/keys', async (_req, res) => {
    res.set('Cache-Control', 'public, max-age=300').json(await toolKeys.keySet());
  });
  router.get('/config.json', (_req, res) => {
    res.set('Cache-Control', 'public, max-age=300').json(toolAddresses(publicUrl));
  });
  return router;
}

/** The addresses that board IT types into the LMS. */
export function toolAddresses(publicUrl: string) {
  return {
    loginUrl: `${publicUrl}/lti/login`,
    launchUrl: `${publicUrl}/lti/launch`,
    keysetUrl: `${publicUrl}/lti/keys`,
  } as const;
}

/** The refusal's key for the log, whatever was thrown. */
function keyOf(error: unknown): string {
  return error instanceof AppError ? error.key : 'internal';
}
