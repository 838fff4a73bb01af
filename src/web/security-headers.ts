import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { AppError } from '../domain/errors.ts';
import type { Platform } from '../domain/platform.ts';

/** Nothing that could end a directive of the policy. */
const ORIGIN = /^https?:\/\/[\w.:[\]-]+$/;

/** Vendors whose platforms share one issuer, while their pages stand at addresses of the boards. */
const SHARED_ISSUERS: Readonly<Record<string, string>> = {
  'https://canvas.instructure.com': 'https://*.instructure.com',
  'https://canvas.beta.instructure.com': 'https://*.beta.instructure.com',
  'https://canvas.test.instructure.com': 'https://*.test.instructure.com',
  'https://blackboard.com': 'https://*.blackboard.com',
};

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
  const active = platforms.filter((platform) => platform.status === 'active');
  const shared = active.flatMap(({ issuer }) => SHARED_ISSUERS[issuer] ?? []);
  const own = active.flatMap((platform) => [platform.issuer, platform.authUrl]);
  return [...new Set([...own.flatMap(originOf), ...shared])];
}

/** Lets pages at these addresses of a believed launch frame this one too: a board's own host behind a shared issuer. */
export function allowFramingBy(res: Response, addresses: readonly (string | null)[]): void {
  const more = new Set(addresses.flatMap((address) => (address === null ? [] : originOf(address))));
  const policy = String(res.getHeader('Content-Security-Policy'));
  res.setHeader(
    'Content-Security-Policy',
    policy.replace(/frame-ancestors [^;]*/, (own) =>
      [own, ...[...more].filter((origin) => !own.split(' ').includes(origin))].join(' '),
    ),
  );
}

function originOf(address: string): string[] {
  const origin = URL.parse(address)?.origin ?? '';
  return ORIGIN.test(origin) ? [origin] : [];
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
