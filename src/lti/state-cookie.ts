import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { parseCookie } from 'cookie';
import type { CookieOptions, Request, Response } from 'express';
import { keyOf } from './seal.ts';

export type StateCookie = {
  readonly set: (res: Response, state: string) => void;
  readonly clear: (res: Response, state: string) => void;
  readonly check: (req: Request, state: string) => 'bound' | 'missing' | 'wrong';
};

/**
 * Binds an OIDC login to the browser that began it (Security Framework §5.1.1.5), one cookie a state so that two tabs do
 * not disturb each other. Inside an LMS frame the cookie is a third-party one: `SameSite=None` needs `Secure`, and
 * `Partitioned` keeps it where others are blocked.
 */
export function createStateCookie(deps: {
  readonly publicUrl: string;
  readonly secrets: readonly [string, ...string[]];
  readonly lifeMs: number;
}): StateCookie {
  const url = new URL(deps.publicUrl);
  const https = url.protocol === 'https:';
  const options: CookieOptions =
    https || url.hostname === 'localhost'
      ? { httpOnly: true, secure: true, sameSite: 'none', partitioned: true, path: '/' }
      : { httpOnly: true, sameSite: 'lax', path: '/' };
  const keys = deps.secrets.map((secret) => keyOf(secret, 'lti state cookie'));

  const nameOf = (state: string) =>
    `${https ? '__Host-' : ''}lti-${createHash('sha256').update(state).digest('base64url').slice(0, 22)}`;
  const valuesOf = (state: string) => keys.map((key) => createHmac('sha256', key).update(state).digest());

  return {
    set(res, state) {
      const value = valuesOf(state)[0]?.toString('base64url') ?? '';
      res.cookie(nameOf(state), value, { ...options, maxAge: deps.lifeMs });
    },
    clear: (res, state) => {
      res.clearCookie(nameOf(state), options);
    },
    check(req, state) {
      const sent = parseCookie(req.headers.cookie ?? '')[nameOf(state)];
      if (sent === undefined) return 'missing';
      const bytes = Buffer.from(sent, 'base64url');
      const bound = valuesOf(state).some(
        (value) => value.byteLength === bytes.byteLength && timingSafeEqual(value, bytes),
      );
      return bound ? 'bound' : 'wrong';
    },
  };
}
