import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import type { Instant, NewId, Now } from '../domain/instant.ts';
import { readJson } from './read-json.ts';
import type { ServiceHttp } from './service-http.ts';
import {
  excerptOf,
  lastingProblem,
  passingProblem,
  problemOf,
  type ServiceProblem,
} from './service-problem.ts';
import { DEPLOYMENT_CLAIM, type SigningIdentity, type SigningIdentityOf } from './signing-identity.ts';

const CLIENT_ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** An LMS whose clock is a little behind must not see an assertion from the future. */
const ISSUED_EARLIER_S = 5;
const ASSERTION_LIFETIME_S = 240;
/** A token is no longer used this long before it ends. */
const LEEWAY_MS = 60_000;
/** Assumed when the LMS does not say; the Security Framework recommends an hour. */
const DEFAULT_LIFETIME_S = 300;

/** What a token is good for. The order of the scopes does not matter. */
export type TokenUse = {
  readonly platformId: string;
  readonly deploymentId: string;
  readonly scopes: readonly string[];
};

export type AccessTokens = {
  /** A token that is good for at least a minute, from the cache or the LMS; never more than one request a use at a time. */
  readonly get: (
    use: TokenUse,
  ) => Promise<{ readonly kind: 'token'; readonly value: string } | ServiceProblem>;
  /** Forgets `value` (the LMS answered 401), unless a newer token took its place already. */
  readonly drop: (use: TokenUse, value: string) => void;
};

type Granted = { readonly kind: 'token'; readonly value: string; readonly usableUntil: Instant };

const grant = z.object({
  access_token: z.string().min(1),
  // Missing or odd in the wild; the type is always Bearer.
  expires_in: z.coerce.number().positive().catch(DEFAULT_LIFETIME_S),
});
const refusal = z.object({ error: z.string() });

/** Access tokens by client credentials with a signed assertion (Security Framework §4.1.1, LTI Core §6). */
export function createAccessTokens(deps: {
  readonly http: ServiceHttp;
  readonly identityOf: SigningIdentityOf;
  readonly now: Now;
  readonly newId: NewId;
}): AccessTokens {
  const { http, identityOf, now, newId } = deps;
  const granted = new Map<string, Granted>();
  const asking = new Map<string, Promise<Granted | ServiceProblem>>();

  async function ask(use: TokenUse): Promise<Granted | ServiceProblem> {
    const identity = await identityOf(use.platformId);
    if (identity === null) return passingProblem('platform-disabled');
    const answer = await http({
      method: 'POST',
      url: identity.tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: CLIENT_ASSERTION_TYPE,
        client_assertion: await signAssertion(identity, use.deploymentId, now(), newId()),
        scope: sorted(use.scopes).join(' '),
      }).toString(),
    });
    if (answer.kind === 'failure') return problemOf(answer, 'token-refused', now());
    if (answer.status >= 200 && answer.status < 300) {
      const token = grant.safeParse(readJson(answer.body));
      if (!token.success) return passingProblem('token-refused', answer.status);
      const { access_token: value, expires_in: seconds } = token.data;
      return { kind: 'token', value, usableUntil: now() + seconds * 1000 - LEEWAY_MS };
    }
    const said = refusal.safeParse(readJson(answer.body));
    // RFC 6749 §5.2. Only a missing permission lasts: an unknown client may be a key set not read yet, or a clock.
    if (said.success && ['invalid_scope', 'unauthorized_client'].includes(said.data.error)) {
      return lastingProblem('service-not-allowed', answer.status, excerptOf(said.data.error));
    }
    const problem = problemOf(answer, 'token-refused', now());
    return { ...problem, lasting: false };
  }

  return {
    get: async (use) => {
      const key = keyOf(use);
      const known = granted.get(key);
      if (known !== undefined && now() < known.usableUntil) return known;
      let answer = asking.get(key);
      if (answer === undefined) {
        answer = ask(use)
          .then((result) => {
            if (result.kind === 'token') granted.set(key, result);
            return result;
          })
          .finally(() => asking.delete(key));
        asking.set(key, answer);
      }
      return answer;
    },
    drop: (use, value) => {
      const key = keyOf(use);
      if (granted.get(key)?.value === value) granted.delete(key);
    },
  };
}

async function signAssertion(
  identity: SigningIdentity,
  deploymentId: string,
  now: Instant,
  jti: string,
): Promise<string> {
  const seconds = Math.floor(now / 1000);
  return new SignJWT({ [DEPLOYMENT_CLAIM]: deploymentId })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: identity.kid })
    .setIssuer(identity.clientId)
    .setSubject(identity.clientId)
    .setAudience(identity.audience)
    .setIssuedAt(seconds - ISSUED_EARLIER_S)
    .setExpirationTime(seconds + ASSERTION_LIFETIME_S)
    .setJti(jti)
    .sign(await importPKCS8(identity.privateKeyPem, 'RS256'));
}

function keyOf({ platformId, deploymentId, scopes }: TokenUse): string {
  return JSON.stringify([platformId, deploymentId, sorted(scopes)]);
}

function sorted(scopes: readonly string[]): readonly string[] {
  return [...new Set(scopes)].sort();
}
