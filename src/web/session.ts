import { createHash, randomBytes } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, RequestHandler, Response } from 'express';
import type { Picking } from '../domain/deep-linking.ts';
import { AppError } from '../domain/errors.ts';
import type { Now } from '../domain/instant.ts';
import type { Locale } from '../domain/local-text.ts';
import type { Session, Viewer } from '../domain/person.ts';
import type { Platform } from '../domain/platform.ts';
import type { CourseStore } from '../domain/ports/course-store.ts';
import type { LaunchStore } from '../domain/ports/launch-store.ts';
import type { PlatformStore } from '../domain/ports/platform-store.ts';
import { createFormTokens } from './form-token.ts';
import { contextOf, extendContext } from './page-context.ts';
import { allowFramingBy } from './security-headers.ts';

export const SESSION_IDLE_MS = 2 * 3_600_000;
export const SESSION_LIFE_MS = 12 * 3_600_000;
const TOUCH_EVERY_MS = 60_000;

export type OpenedSession = {
  readonly viewer: Viewer;
  /** Set where a teacher picks an activity for a course: the session then opens the picker and nothing else. */
  readonly picking: Picking | null;
  readonly idHash: string;
  /** False once it is over; it then still says who typed what is being posted, so that nothing is lost. */
  readonly live: boolean;
};

export type Sessions = ReturnType<typeof createSessions>;

/**
 * One session an activity and browser: the cookie's name comes from the activity in the address, so that two courses in two tabs
 * never mix. The id is opaque and only its SHA-256 is stored; nothing about it ever stands in an address.
 */
export function createSessions(deps: {
  readonly store: LaunchStore & Pick<PlatformStore, 'platform'> & Pick<CourseStore, 'activity'>;
  readonly now: Now;
  readonly secrets: readonly [string, ...string[]];
  readonly publicUrl: string;
}) {
  const { store, now } = deps;
  const tokens = createFormTokens(deps.secrets);
  const { protocol, hostname } = new URL(deps.publicUrl);
  const https = protocol === 'https:';
  // Browsers trust localhost, so the frame works in development too.
  const framed = https || hostname === 'localhost';

  const cookieName = (activityId: string) => `${https ? '__Host-' : ''}shsm-${hash(activityId).slice(0, 16)}`;

  /** Opens a session for a verified launch and sets its cookie. Answers the address of the first page. */
  async function start(viewer: Viewer, res: Response, picking: Picking | null = null): Promise<string> {
    const id = randomBytes(32).toString('base64url');
    const at = now();
    const session: Session = {
      idHash: hash(id),
      viewer,
      picking,
      createdAt: at,
      lastSeenAt: at,
      expiresAt: at + SESSION_LIFE_MS,
    };
    await store.openSession(session);
    res.append(
      'Set-Cookie',
      stringifySetCookie({
        name: cookieName(viewer.activityId),
        value: id,
        path: '/',
        httpOnly: true,
        maxAge: SESSION_LIFE_MS / 1000,
        ...(framed ? { secure: true, sameSite: 'none', partitioned: true } : { sameSite: 'lax' }),
      }),
    );
    return picking === null ? homeOf(viewer) : pickerPath(picking);
  }

  /** Finds the session of the activity in the address, live or over. */
  const load: RequestHandler = async (req, res, next) => {
    const session = await find(req);
    if (session !== null) {
      const at = now();
      const lasts = at < session.expiresAt && at < session.lastSeenAt + SESSION_IDLE_MS;
      // Switching a platform off shuts out at once whoever it let in.
      const platform = await store.platform(session.viewer.platformId);
      const live = lasts && platform?.status === 'active';
      if (platform !== null && isShared(platform)) await allowFramingByBoard(res, session);
      extendContext(res, {
        locale: session.viewer.locale,
        session: { viewer: session.viewer, picking: session.picking, idHash: session.idHash, live },
      });
      if (live && at - session.lastSeenAt > TOUCH_EVERY_MS) await store.touchSession(session.idHash, at);
    }
    next();
  };

  /** Service addresses and the way back of the launch are at the board's own host. */
  async function allowFramingByBoard(res: Response, { viewer, picking }: Session): Promise<void> {
    const activity = await store.activity(viewer.activityId);
    allowFramingBy(res, [
      activity?.lineItemsUrl ?? null,
      activity?.membershipsUrl ?? null,
      picking?.settings.returnUrl ?? null,
    ]);
  }

  async function find(req: Request): Promise<Session | null> {
    const activityId = String(req.params['activityId'] ?? '');
    const id = parseCookie(req.headers.cookie ?? '')[cookieName(activityId)];
    if (id === undefined || id.length > 100) return null;
    const session = await store.session(hash(id));
    return session?.viewer.activityId === activityId ? session : null;
  }

  /** A person may look at a page of theirs, or is told how to come back. */
  function requireLive(role: Viewer['role']): RequestHandler {
    return (_req, res, next) => {
      const viewer = liveViewer(res);
      if (viewer.role !== role || contextOf(res).session?.picking !== null)
        throw new AppError('forbidden', 'errors.other-role');
      next();
    };
  }

  /** Before a body is read: only somebody who was launched here may post, be their session live or over. */
  const requireKnown: RequestHandler = (_req, res, next) => {
    knownViewer(res);
    next();
  };

  /** A form that changes something must come from a page of ours that was shown to this very person. */
  const requireToken: RequestHandler = (req, res, next) => {
    const { session } = contextOf(res);
    const body: unknown = req.body;
    const token = typeof body === 'object' && body !== null && 'token' in body ? body.token : '';
    if (session === null || typeof token !== 'string' || !tokens.belongsTo(token, session.viewer, now()))
      throw new AppError('forbidden', 'errors.form-token');
    next();
  };

  return {
    start,
    load,
    requireLive,
    requireKnown,
    requireToken,
    formToken: (viewer: Viewer) => tokens.issue(viewer, now()),
    setLocale: (session: OpenedSession, locale: Locale) => store.setSessionLocale(session.idHash, locale),
  };
}

/** Issuer and sign-in at different origins: one issuer for many boards, whose pages stand at neither (Canvas, Blackboard). */
function isShared({ issuer, authUrl }: Platform): boolean {
  return URL.parse(issuer)?.origin !== URL.parse(authUrl)?.origin;
}

/** The viewer of a live session; throws the refusal that tells the person how to get one. */
export function liveViewer(res: Response): Viewer {
  const viewer = knownViewer(res);
  if (!contextOf(res).session?.live) throw new AppError('unauthenticated', 'errors.session-over');
  return viewer;
}

/** The picking of a live session that was opened for one. */
export function livePicking(res: Response): { readonly viewer: Viewer; readonly picking: Picking } {
  const viewer = liveViewer(res);
  const picking = contextOf(res).session?.picking ?? null;
  if (picking === null) throw new AppError('not_found', 'errors.not_found');
  return { viewer, picking };
}

/** Whose session it is or was. */
export function knownViewer(res: Response): Viewer {
  const { session } = contextOf(res);
  if (session === null) throw new AppError('unauthenticated', 'errors.no-session');
  return session.viewer;
}

const HOMES = { student: 'student', teacher: 'teacher', administrator: 'admin' } as const;

export function activityPath(activityId: string): string {
  return `/a/${encodeURIComponent(activityId)}`;
}

export function pickerPath(picking: Picking): string {
  return `${activityPath(picking.id)}/pick`;
}

export function homeOf(viewer: Viewer): string {
  return `${activityPath(viewer.activityId)}/${HOMES[viewer.role]}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
