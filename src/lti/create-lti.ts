import type { Router } from 'express';
import type { Dispatcher } from 'undici';
import type { NewId, Now } from '../domain/instant.ts';
import type { InviteStore } from '../domain/ports/invites.ts';
import type { LaunchLog } from '../domain/ports/launch-log.ts';
import type { LaunchStore } from '../domain/ports/launch-store.ts';
import type { Log } from '../domain/ports/log.ts';
import type { PlatformStore } from '../domain/ports/platform-store.ts';
import { LOGIN_LIFE_MS } from './login.ts';
import { ltiRouter, type OnLaunch } from './lti-router.ts';
import type { Pages } from './pages.ts';
import { createPlatformKeys } from './platform-keys.ts';
import type { LtiProvider } from './provider.ts';
import { createServiceHttp } from './service-http.ts';
import type { SigningIdentityOf } from './signing-identity.ts';
import { createStateCookie } from './state-cookie.ts';
import { createStateProof } from './state-proof.ts';
import { createToolKeys, type ToolKeys } from './tool-keys.ts';

/** A person waits for the platform's keys. */
const KEYS_MS = 5000;
const REGISTRATION_MS = 5000;

export type Lti = {
  /** To be mounted at `/lti`. */
  readonly router: Router;
  readonly signingIdentity: SigningIdentityOf;
  readonly toolKeys: ToolKeys;
};

/**
 * The LTI side of the tool. Makes the signing key when the store has none.
 * @param deps.publicUrl the origin the LMS sees, without a path
 * @param deps.secrets the installation's secret first, then older ones
 * @param deps.dispatcher the board's egress proxy, where there is one
 */
export async function createLti(deps: {
  readonly store: PlatformStore & LaunchStore & LaunchLog & InviteStore;
  readonly publicUrl: string;
  readonly secrets: readonly [string, ...string[]];
  readonly production: boolean;
  readonly version: string;
  readonly dispatcher: Dispatcher | null;
  readonly now: Now;
  readonly newId: NewId;
  readonly log: Log;
  readonly pages: Pages;
  readonly onLaunch: OnLaunch;
}): Promise<Lti> {
  const toolKeys = createToolKeys(deps);
  await toolKeys.ensure();
  let made: Promise<LtiProvider> | null = null;
  /** ltijs and all it brings load with the first launch: a start is faster, and a server at rest smaller, without them. */
  const provider = async () => {
    made ??= import('./provider.ts').then(({ createProvider }) =>
      createProvider({ store: deps.store, toolKeys }),
    );
    return made;
  };
  const router = ltiRouter({
    ...deps,
    registration: {
      ...deps,
      http: createServiceHttp({ ...deps, timeoutMs: REGISTRATION_MS, publicOnly: deps.production }),
    },
    toolKeys,
    admit: async (...launch) => (await provider()).admit(...launch),
    platformKeyOf: createPlatformKeys({ ...deps, http: createServiceHttp({ ...deps, timeoutMs: KEYS_MS }) }),
    proof: createStateProof(deps.secrets),
    cookie: createStateCookie({ ...deps, lifeMs: LOGIN_LIFE_MS }),
  });
  return {
    router,
    signingIdentity: async (platformId) => (await provider()).signingIdentity(platformId),
    toolKeys,
  };
}
