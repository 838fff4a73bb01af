import type { Request, Response } from 'express';
import { z } from 'zod';
import type { LoginTransaction } from '../domain/launch.ts';
import type { LaunchStore } from '../domain/ports/launch-store.ts';
import type { PlatformStore } from '../domain/ports/platform-store.ts';
import type { Form } from './form.ts';
import { type OpenedLogin, stateHash } from './login.ts';
import type { Pages } from './pages.ts';
import { readJson } from './read-json.ts';
import { refusal } from './refusal.ts';
import { openSecret, sealSecret } from './seal.ts';
import { type StateProof, storageFrame, storageOrigin } from './state-proof.ts';

const LABEL = 'lti held launch';
/** Marks a login that was begun again with cookies allowed; no parameter of a form can have this name. */
const ASKED = '[cookies asked for]';
const held = z.object({ state: z.string(), idToken: z.string() });

export type HeldLaunch = z.infer<typeof held>;

/**
 * What the tool does inside a frame whose cookies may be blocked, one rung after the other: the partitioned cookie; a proof
 * that the LMS page keeps (Platform Storage); cookies that the person allows with a click (Storage Access); a new window.
 * A launch that shows neither cookie nor proof is never let in.
 */
export function createFrameLadder(deps: {
  readonly store: LaunchStore & PlatformStore;
  readonly secrets: readonly [string, ...string[]];
  readonly proof: StateProof;
  readonly pages: Pages;
}) {
  const { store, secrets, proof, pages } = deps;

  /** The page that has the LMS keep the proof and then goes on to its sign-in; false where a redirect does. */
  function keep(req: Request, res: Response, form: Form, opened: OpenedLogin): boolean {
    const frame = storageFrame(form.get('lti_storage_target'));
    if (frame === null || !isFramed(req) || cookiesWork(req)) return false;
    pages.show(res, 'frame/keep', {
      frame,
      origin: storageOrigin(opened.redirectTo),
      key: proof.storageKey(opened.state),
      value: proof.value(opened.state),
      next: opened.redirectTo,
    });
    return true;
  }

  /**
   * The page for a launch in a frame that brought no cookie: it asks the LMS page for the proof, and offers the other rungs.
   * The launch waits in it sealed. False when there is nothing to offer: the refusal's own page is then shown.
   * @param triedAll this very launch came from such a page, with cookies allowed: only the new window is left
   */
  async function offer(req: Request, res: Response, form: Form, triedAll = false): Promise<boolean> {
    const [state, idToken] = [form.get('state') ?? '', form.get('id_token') ?? ''];
    const login = await store.login(stateHash(state));
    const platform = login === null ? null : await store.platform(login.platformId);
    if (login === null || platform === null || idToken === '' || !isFramed(req)) return false;
    const { origin } = new URL(platform.authUrl);
    allowForm(res, origin);
    const launch: HeldLaunch = { state, idToken };
    pages.show(
      res,
      'frame/blocked',
      {
        frame: storageFrame(login.request['lti_storage_target']),
        origin: storageOrigin(platform.authUrl),
        key: proof.storageKey(state),
        held: sealSecret(JSON.stringify(launch), secrets[0], LABEL),
        cookies: triedAll ? null : login.request[ASKED] === undefined ? 'ask' : 'asked',
      },
      401,
    );
    return true;
  }

  /** The launch of a form that one of our own pages posted. Throws refusals. */
  function launchIn(form: Form): HeldLaunch {
    const opened = openSecret(form.get('held') ?? '', secrets, LABEL);
    const launch = held.safeParse(opened === null ? undefined : readJson(opened));
    if (!launch.success) throw refusal('launch-incomplete');
    return launch.data;
  }

  /**
   * The login of a form that one of our own pages posted, to be begun again with every parameter that the LMS sent. Throws
   * refusals.
   */
  async function loginAgain(form: Form, now: number): Promise<Form> {
    const { request } = await openLoginOf(launchIn(form), now);
    const { lti_storage_target: _framed, [ASKED]: _asked, ...parameters } = request;
    const isAsked = form.get('way') === 'cookies';
    return new Map(Object.entries({ ...parameters, ...(isAsked && { [ASKED]: 'yes' }) }));
  }

  async function openLoginOf({ state }: HeldLaunch, now: number): Promise<LoginTransaction> {
    const login = await store.login(stateHash(state));
    if (login === null) throw refusal('state-unknown');
    if (login.spentAt !== null) throw refusal('state-used');
    if (login.expiresAt <= now) throw refusal('state-expired');
    return login;
  }

  return { keep, offer, launchIn, loginAgain };
}

/** Browsers say so; programs that fetch without a browser are sent on as if there were no frame. */
function isFramed(req: Request): boolean {
  return ['iframe', 'frame'].includes(String(req.headers['sec-fetch-dest']));
}

/** A cookie of ours came along into this frame: the next one will too. */
function cookiesWork(req: Request): boolean {
  return /(?:^|;\s*)(?:__Host-)?(?:lti|shsm)-/.test(req.headers.cookie ?? '');
}

/** A form of this page is answered with a redirect to the LMS, which browsers hold against `form-action` too. */
function allowForm(res: Response, origin: string): void {
  const policy = res.getHeader('Content-Security-Policy');
  if (typeof policy === 'string')
    res.set(
      'Content-Security-Policy',
      policy.replace(/form-action [^;]*/, (own) => `${own} ${origin}`),
    );
}
