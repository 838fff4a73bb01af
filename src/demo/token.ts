import { type RequestHandler, type Response, Router, urlencoded } from 'express';
import { jwtVerify } from 'jose';
import { z } from 'zod';
import { type Lms, platformAddresses } from './lms.ts';
import { note } from './service-log.ts';
import { GRADE_SCOPES, SCOPE } from './vocabulary.ts';

const OFFERED: readonly string[] = [...GRADE_SCOPES, SCOPE.roster];
const DEFAULT_LIFETIME_SECONDS = 3600;

const grant = z.object({
  grant_type: z.literal('client_credentials'),
  client_assertion_type: z.literal('urn:ietf:params:oauth:client-assertion-type:jwt-bearer'),
  client_assertion: z.string().min(1),
  scope: z.string().min(1),
});

/** Security Framework §4.1.1. Brightspace takes one audience as a string and answers a list with an error. */
const assertionClaims = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.string(),
  iat: z.number(),
  exp: z.number(),
  jti: z.string().min(1),
});

/** The token endpoint: client credentials, proven by an assertion that the tool signed. */
export function tokenRoutes(lms: Lms): Router {
  const router = Router();
  const refuse = (res: Response, status: number, error: string, why: string): void => {
    note(res, `${error}: ${why}`);
    res.status(status).json({ error, error_description: why });
  };

  router.post(
    '/lti/token',
    lms.log.record,
    lms.faults.on('token'),
    urlencoded({ extended: false }),
    async (req, res) => {
      const asked = grant.safeParse(req.body);
      if (!asked.success) {
        const wrong = asked.error.issues.map((issue) => issue.path.join('.')).join(', ');
        return refuse(res, 400, 'invalid_request', `missing or wrong: ${wrong}`);
      }
      const problem = await assertionProblem(lms, asked.data.client_assertion);
      if (problem !== null) return refuse(res, 401, 'invalid_client', problem);

      const scopes = asked.data.scope.split(' ').filter((scope) => scope !== '');
      const unknown = scopes.filter((scope) => !OFFERED.includes(scope));
      if (unknown.length > 0) return refuse(res, 400, 'invalid_scope', unknown.join(' '));

      const lifetime = lms.faults.current().tokenLifetimeSeconds ?? DEFAULT_LIFETIME_SECONDS;
      note(res, scopes.map((scope) => scope.split('/').at(-1)).join(' '));
      res.set('cache-control', 'no-store').json({
        access_token: lms.accessTokens.keep({ scopes }, lifetime * 1000),
        token_type: 'Bearer',
        expires_in: DEFAULT_LIFETIME_SECONDS,
        scope: scopes.join(' '),
      });
    },
  );
  return router;
}

async function assertionProblem(lms: Lms, assertion: string): Promise<string | null> {
  const tokenUrl = platformAddresses(lms).token;
  try {
    const { payload, protectedHeader } = await jwtVerify(assertion, lms.toolKeys, {
      algorithms: ['RS256'],
      issuer: lms.clientId,
      subject: lms.clientId,
      audience: tokenUrl,
      clockTolerance: 60,
      maxTokenAge: '10m',
      currentDate: new Date(lms.now()),
    });
    if (protectedHeader.kid === undefined) return 'the assertion names no key';
    const claims = assertionClaims.safeParse(payload);
    if (!claims.success) {
      return `claims missing or wrong: ${claims.error.issues.map((issue) => issue.path.join('.')).join(', ')}`;
    }
    if (!lms.spent.keepOnce(`jti ${claims.data.jti}`, true)) return 'jti was used before';
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'not a token';
  }
}

/** Lets a service call through only with a live access token for one of the scopes. */
export function requireScope(lms: Lms, ...anyOf: readonly string[]): RequestHandler {
  return (req, res, next) => {
    const token = /^Bearer ([\w-]+)$/.exec(req.headers.authorization ?? '')?.[1];
    const known = token === undefined ? undefined : lms.accessTokens.get(token);
    if (known === undefined) {
      note(res, 'no live access token');
      res
        .set('www-authenticate', 'Bearer error="invalid_token"')
        .status(401)
        .json({ error: 'invalid_token' });
      return;
    }
    if (!anyOf.some((scope) => known.scopes.includes(scope))) {
      note(res, 'scope missing');
      res.status(403).json({ error: 'insufficient_scope', scope: anyOf.join(' ') });
      return;
    }
    next();
  };
}
