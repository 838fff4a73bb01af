import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { DemoLms } from '../../src/demo/demo-lms.ts';
import type { Fields } from './demo-visitor.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A tool with nothing but a key: enough to speak to a platform with real signatures. */
export type TrialTool = {
  readonly url: string;
  readonly sign: (claims: JWTPayload, key?: CryptoKey, kid?: string) => Promise<string>;
  /** A client assertion for the platform's token endpoint, with what is different about it. */
  readonly assertion: (lms: DemoLms, different?: JWTPayload) => Promise<string>;
  readonly askToken: (lms: DemoLms, scope: string, different?: Fields) => Promise<Response>;
  /** An access token; throws when the platform says no. */
  readonly token: (lms: DemoLms, ...scopes: string[]) => Promise<string>;
  readonly close: () => Promise<void>;
};

export async function startTrialTool(now: () => number): Promise<TrialTool> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const ownKid: string = randomUUID();
  const jwk = { ...(await exportJWK(publicKey)), kid: ownKid, use: 'sig', alg: 'RS256' };
  const server = createServer((_req, res) => {
    res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  }).listen(0, 'localhost');
  await once(server, 'listening');

  const sign = (claims: JWTPayload, key: CryptoKey = privateKey, kid = ownKid) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(key);
  const assertion = (lms: DemoLms, different: JWTPayload = {}) => {
    const seconds = Math.floor(now() / 1000);
    return sign({
      iss: lms.registration.clientId,
      sub: lms.registration.clientId,
      aud: lms.registration.tokenUrl,
      iat: seconds,
      exp: seconds + 300,
      jti: randomUUID(),
      ...different,
    });
  };
  const askToken = async (lms: DemoLms, scope: string, different: Fields = {}) =>
    fetch(lms.registration.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: JWT_BEARER,
        client_assertion: await assertion(lms),
        scope,
        ...different,
      }),
    });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    sign,
    assertion,
    askToken,
    token: async (lms, ...scopes) => {
      const response = await askToken(lms, scopes.join(' '));
      const answer = (await response.json()) as { access_token?: string };
      if (answer.access_token === undefined) throw new Error(`token refused with ${response.status}`);
      return answer.access_token;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
