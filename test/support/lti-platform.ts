import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { Platform } from '../../src/domain/platform.ts';
import { aPlatform, COURSE, NOW } from './build.ts';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
export const INSTRUCTOR = `${MEMBERSHIP}#Instructor`;
export const LEARNER = `${MEMBERSHIP}#Learner`;

export type Claims = Record<string, unknown>;

export type PlatformKey = {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
};

export type FakePlatform = {
  readonly url: string;
  readonly registration: Platform;
  /** What the key set answers; a test replaces it. */
  keySet: (res: ServerResponse) => void;
  readonly keySetRequests: () => number;
  readonly publish: (...keys: readonly PlatformKey[]) => void;
  readonly stop: () => Promise<void>;
};

/** RSA-2048 with a `kid`; the published half leaves out `alg`, like Brightspace's. */
export async function aPlatformKey(kid: string): Promise<PlatformKey> {
  const pair = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  return { ...pair, jwk: { ...(await exportJWK(pair.publicKey)), kid, use: 'sig' } };
}

/** A key set on a real address, with a counter. Tokens are made by `signed`. */
export async function startPlatform(...keys: readonly PlatformKey[]): Promise<FakePlatform> {
  let requests = 0;
  const publish =
    (...published: readonly PlatformKey[]) =>
    (res: ServerResponse) => {
      res.setHeader('content-type', 'application/json').setHeader('cache-control', 'no-cache, no-store');
      res.end(JSON.stringify({ keys: published.map((key) => key.jwk) }));
    };
  const server = createServer((_req, res) => {
    requests += 1;
    platform.keySet(res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const platform: FakePlatform = {
    url,
    registration: aPlatform({
      authUrl: `${url}/d2l/lti/authenticate`,
      tokenUrl: `${url}/core/connect/token`,
      jwksUrl: `${url}/d2l/.well-known/jwks`,
    }),
    keySet: publish(...keys),
    keySetRequests: () => requests,
    publish: (...published) => {
      platform.keySet = publish(...published);
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return platform;
}

/** The claims of an ordinary launch; `undefined` in `over` removes one. */
export function launchClaims(over: Claims = {}): Claims {
  return {
    iss: 'https://lms.example.test',
    aud: 'client-1',
    iat: NOW / 1000,
    nbf: NOW / 1000,
    exp: NOW / 1000 + 1800,
    nonce: 'nonce-1',
    sub: 'student-1',
    name: 'Student One',
    given_name: 'Student',
    family_name: 'One',
    email: 'student.one@example.test',
    [`${LTI}/message_type`]: 'LtiResourceLinkRequest',
    [`${LTI}/version`]: '1.3.0',
    [`${LTI}/deployment_id`]: COURSE.deploymentId,
    [`${LTI}/roles`]: [LEARNER],
    [`${LTI}/resource_link`]: { id: 'link-1', title: 'SHSM certifications' },
    [`${LTI}/context`]: {
      id: COURSE.contextId,
      title: 'Health and Wellness SHSM',
      label: 'SHSM-HW',
      type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'],
    },
    ...over,
  };
}

/** A claim's full name. */
export function lti(name: string): string {
  return `${LTI}/${name}`;
}

export async function signed(
  claims: Claims,
  key: PlatformKey,
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(key.jwk.kid && { kid: key.jwk.kid }), ...header })
    .sign(key.privateKey);
}
