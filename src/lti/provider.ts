import { AsyncLocalStorage } from 'node:async_hooks';
import { KeyObject, randomUUID } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { generateKeyPair, SignJWT } from 'jose';
import { type LtijsProvider, Provider as shared } from 'ltijs';
import type { Platform } from '../domain/platform.ts';
import type { PlatformStore } from '../domain/ports/platform-store.ts';
import { createProviderDatabase, kidOf, type LaunchInHand, unusedLtijsKey } from './provider-database.ts';
import type { SigningIdentityOf } from './signing-identity.ts';
import type { ToolKeys } from './tool-keys.ts';

const ROUTE = '/launch';

/** A token and the platform's key that verified it. */
export type SignedToken = { readonly token: string; readonly key: KeyObject };

export type LtiProvider = {
  /**
   * Lets ltijs validate a launch that the gateway has verified, in a request of our own making, so that nothing else of the
   * browser's request reaches it. It gets the platform's own token and key; where its clock, which forgives nothing, would
   * refuse that token, or where none is given, the claims signed again with a key of this process.
   * Throws ltijs's word for why it refuses.
   */
  readonly admit: (
    platform: Platform,
    verified: Readonly<Record<string, unknown>>,
    original?: SignedToken,
  ) => Promise<void>;
  readonly signingIdentity: SigningIdentityOf;
};

/** Each call makes an ltijs of its own; several live in one process. */
export async function createProvider(deps: {
  readonly store: Pick<PlatformStore, 'platform' | 'platformsByIssuer'>;
  readonly toolKeys: ToolKeys;
}): Promise<LtiProvider> {
  const local = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const localKey = KeyObject.from(local.publicKey);
  const inHand = new AsyncLocalStorage<LaunchInHand>();
  const plugin = createProviderDatabase({ ...deps, inHand: () => inHand.getStore() ?? null });
  // ltijs exports one instance; its constructor makes more. `deploy()` is not called: in serverless mode it only opens the
  // database, which is open, and ends the process on SIGINT, which is ours to do.
  const ltijs: LtijsProvider = Reflect.construct(shared.constructor, []);
  ltijs.setup(
    unusedLtijsKey(),
    { plugin },
    // The gateway has judged the times, with a tolerance.
    { appRoute: ROUTE, ltiaas: true, cors: false, devMode: false, tokenMaxAge: false },
  );

  const waiting = new WeakMap<IncomingMessage, (error?: unknown) => void>();
  const accept = (_token: unknown, req: IncomingMessage) => waiting.get(req)?.();
  const refuse = (req: IncomingMessage, res: { locals: { err?: { details?: { message?: string } } } }) =>
    waiting.get(req)?.(new Error(res.locals.err?.details?.message ?? 'refused'));
  ltijs.onConnect(accept);
  ltijs.onDeepLinking(accept);
  ltijs.onInvalidToken(refuse);

  async function signAgain(platform: Platform, verified: Readonly<Record<string, unknown>>): Promise<string> {
    const { iat, exp, nbf, azp, ...claims } = verified;
    // By the machine's own clock: ltijs reads that one.
    return new SignJWT({ ...claims, aud: platform.clientId, nonce: randomUUID() })
      .setProtectedHeader({ alg: 'RS256', kid: 'local' })
      .setIssuedAt()
      .setExpirationTime('30s')
      .sign(local.privateKey);
  }

  return {
    async admit(platform, verified, original) {
      const state = randomUUID();
      const isFresh = original !== undefined && isInTime(verified, Date.now() / 1000);
      const id_token = isFresh ? original.token : await signAgain(platform, verified);
      const req = Object.assign(new IncomingMessage(new Socket()), {
        method: 'POST',
        url: ROUTE,
        body: { state, id_token },
        _body: true, // body-parser's mark of a body that was read
        // What cookie-parser leaves: the state's cookie is the gateway's own to check.
        secret: state,
        cookies: {},
        signedCookies: { [`state${state}`]: platform.issuer },
      });
      await new Promise<void>((resolve, reject) => {
        const settle = (error?: unknown) => (error === undefined ? resolve() : reject(error));
        waiting.set(req, settle);
        inHand.run({ key: isFresh ? original.key : localKey, platforms: new Map() }, () => {
          ltijs.app(req, new ServerResponse(req), (error) => settle(error ?? new Error('not answered')));
        });
      });
    },
    async signingIdentity(platformId) {
      const known = await deps.store.platform(platformId);
      if (known === null || known.status === 'disabled') return null;
      const platform = await ltijs.getPlatform(known.issuer, known.clientId);
      if (platform === false) return null;
      return {
        issuer: await platform.platformUrl(),
        clientId: await platform.platformClientId(),
        kid: kidOf(await platform.platformKid()),
        privateKeyPem: await platform.platformPrivateKey(),
        tokenUrl: await platform.platformAccessTokenEndpoint(),
        audience: await platform.platformAuthorizationServer(),
      };
    },
  };
}

/** By ltijs's clock, with no tolerance. */
function isInTime({ nbf, exp }: Readonly<Record<string, unknown>>, seconds: number): boolean {
  return Number(nbf ?? 0) <= seconds && seconds < Number(exp);
}
