import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type CryptoKey, decodeJwt, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { DemoLms } from '../../src/demo/demo-lms.ts';
import type { Fields } from './demo-visitor.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A tool with a key and one page that shows its launch: enough to speak to a platform with real signatures. */
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
  const server = createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://localhost');
    if (pathname === '/lti/keys') {
      res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
    } else if (pathname === '/lti/login') {
      res.writeHead(302, { location: authenticationRequest(searchParams) }).end();
    } else {
      void showLaunch(req, res, sign);
    }
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

/** Asks for the launch (Security Framework §5.1.1.2). */
function authenticationRequest(login: URLSearchParams): string {
  const url = new URL('/lti/auth', login.get('iss') ?? '');
  url.search = new URLSearchParams({
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: login.get('client_id') ?? '',
    redirect_uri: login.get('target_link_uri') ?? '',
    login_hint: login.get('login_hint') ?? '',
    lti_message_hint: login.get('lti_message_hint') ?? '',
    state: randomUUID(),
    nonce: randomUUID(),
  }).toString();
  return url.href;
}

/** Shows who launched what; for a deep-linking request, a button that hands over one item. */
async function showLaunch(
  req: IncomingMessage,
  res: ServerResponse,
  sign: (claims: JWTPayload) => Promise<string>,
): Promise<void> {
  const form = new URLSearchParams(await text(req));
  const claims = decodeJwt(form.get('id_token') ?? '');
  const settings = claims['https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings'] as
    | { readonly deep_link_return_url: string; readonly data: string }
    | undefined;
  const button =
    settings === undefined
      ? ''
      : `<form method="post" action="${settings.deep_link_return_url}">
           <input type="hidden" name="JWT" value="${await sign(deepLinkingResponse(claims, settings.data))}">
           <button>Add it</button>
         </form>`;
  res
    .setHeader('content-type', 'text/html; charset=utf-8')
    .end(`<!doctype html><title>Tool</title><p>${claims['name']}, ${claims['locale']}</p>${button}`);
}

function deepLinkingResponse(request: JWTPayload, data: string): JWTPayload {
  const seconds = Number(request.iat);
  return {
    iss: String(request.aud),
    aud: String(request.iss),
    iat: seconds,
    exp: seconds + 300,
    nonce: randomUUID(),
    'https://purl.imsglobal.org/spec/lti/claim/message_type': 'LtiDeepLinkingResponse',
    'https://purl.imsglobal.org/spec/lti/claim/version': '1.3.0',
    'https://purl.imsglobal.org/spec/lti/claim/deployment_id':
      request['https://purl.imsglobal.org/spec/lti/claim/deployment_id'],
    'https://purl.imsglobal.org/spec/lti-dl/claim/data': data,
    'https://purl.imsglobal.org/spec/lti-dl/claim/content_items': [
      { type: 'ltiResourceLink', title: 'CPR only', lineItem: { scoreMaximum: 2 } },
    ],
  };
}
