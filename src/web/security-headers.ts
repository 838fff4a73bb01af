import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { AppError } from '../domain/errors.ts';
import type { Platform } from '../domain/platform.ts';

/** Nothing that could end a directive of the policy. */
const ORIGIN = /^https?:\/\/[\w.:[\]-]+$/;

/** What never depends on the request. Framing is ruled by the content policy alone: X-Frame-Options cannot name an LMS. */
export function fixedHeaders(production: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: false,
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: false,
    frameguard: false,
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: production ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });
}

/**
 * The content policy of every page: nothing from elsewhere, and frames only inside the registered platforms.
 * When the platforms cannot be read the page may be framed by nobody else, which is safe.
 */
export function contentPolicy(platforms: () => Promise<readonly Platform[]>): RequestHandler {
  return async (_req, res, next) => {
    const ancestors = await platforms().then(frameAncestors, () => []);
    res.setHeader(
      'Content-Security-Policy',
      [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        `frame-ancestors ${["'self'", ...ancestors].join(' ')}`,
      ].join('; '),
    );
    res.setHeader('Cache-Control', 'no-store');
    next();
  };
}

/** A page is framed by the address people see (the issuer's) or by the one they sign in at. */
function frameAncestors(platforms: readonly Platform[]): string[] {
  const origins = platforms
    .filter((platform) => platform.status === 'active')
    .flatMap((platform) => [platform.issuer, platform.authUrl])
    .map((address) => URL.parse(address)?.origin)
    .filter((origin) => origin !== undefined && ORIGIN.test(origin));
  return [...new Set(origins)] as string[];
}

/** Lets the form of this one page go to `address` as well: the answer to an LMS is posted by the browser. */
export function allowFormTo(res: Response, address: string): void {
  const origin = URL.parse(address)?.origin ?? '';
  if (!ORIGIN.test(origin)) throw new AppError('forbidden', 'lti-errors.return-elsewhere');
  const policy = String(res.getHeader('Content-Security-Policy'));
  res.setHeader(
    'Content-Security-Policy',
    policy.replace("form-action 'self'", `form-action 'self' ${origin}`),
  );
}
