import type { NewId, Now } from '../domain/instant.ts';
import type { Launch, LoginTransaction } from '../domain/launch.ts';
import type { Locale } from '../domain/local-text.ts';
import type { Platform } from '../domain/platform.ts';
import type { LaunchStore } from '../domain/ports/launch-store.ts';
import type { PlatformStore } from '../domain/ports/platform-store.ts';
import type { Form } from './form.ts';
import { launchOf } from './launch.ts';
import { CLAIM, type LaunchClaims, readClaims } from './launch-claims.ts';
import { isOwnAddress, stateHash } from './login.ts';
import type { PlatformKeyOf } from './platform-keys.ts';
import type { LtiProvider, SignedToken } from './provider.ts';
import { refusal } from './refusal.ts';
import type { Trail } from './trail.ts';
import { verifySignature } from './verify-signature.ts';

/** Clocks differ (Brightspace sends `nbf` = now): this much either way is forgiven. */
const TOLERANCE_S = 60;
const LONGEST_LIFE_S = 24 * 60 * 60;
const STATE = /^[A-Za-z0-9_-]{20,128}$/;

export type VerifyDeps = {
  readonly store: PlatformStore & LaunchStore;
  readonly publicUrl: string;
  readonly production: boolean;
  readonly now: Now;
  readonly newId: NewId;
  readonly platformKeyOf: PlatformKeyOf;
  readonly admit: LtiProvider['admit'];
};

/** The state, once it looks like one of ours. */
function stateOf(form: Form): string {
  const state = form.get('state') ?? '';
  if (state === '') throw refusal('launch-incomplete');
  if (!STATE.test(state)) throw refusal('state-malformed');
  return state;
}

/**
 * Everything between a posted form and a believed launch (Security Framework §5.1.3, LTI Core §5.3). Each step leaves its
 * name on the trail; the first that fails throws its refusal. The state is spent last, by exactly one launch.
 */
export async function verifyLaunch(
  form: Form,
  trail: Trail,
  deps: VerifyDeps & {
    /** What the cookie of this state says. */
    readonly browserOf: (state: string) => 'bound' | 'missing' | 'wrong';
    /** Called with the language the launch names, once it can be believed. */
    readonly speak: (locale: Locale) => void;
    /** Called with the way back to the course, once it can be believed. */
    readonly offerReturn: (address: string) => void;
  },
): Promise<Launch> {
  const { store, now } = deps;
  const state = await trail.step('state', () => stateOf(form));
  const login = await trail.step('login', () => openedLogin(state, deps));
  trail.note({ platformId: login.platformId });
  await trail.step('browser', () => {
    const browser = deps.browserOf(state);
    if (browser === 'missing') throw refusal('cookies-blocked');
    if (browser === 'wrong') throw refusal('other-browser');
  });
  const platform = await trail.step('platform', () => activePlatform(login, deps));
  const token = await trail.step('token', () => tokenOf(form));
  const { payload, key } = await trail.step('signature', () =>
    verifySignature(token, platform, deps.platformKeyOf),
  );
  const claims = await trail.step('claims', () => readClaims(payload, (claim) => trail.note({ claim })));
  trail.note({
    deploymentId: claims[CLAIM.deploymentId],
    messageType: claims[CLAIM.messageType],
    resourceLinkId: claims[CLAIM.resourceLink]?.id ?? null,
  });
  await trail.step('audience', () => checkParties(claims, platform));
  await trail.step('time', () => checkTimes(claims, now()));
  await trail.step('nonce', () => {
    if (claims.nonce !== login.nonce) throw refusal('nonce');
  });
  const launch = launchOf(claims, platform, {
    production: deps.production,
    fallbackTarget: `${deps.publicUrl}/lti/launch`,
  });
  trail.note({ role: launch.role });
  if (launch.locale !== null) deps.speak(launch.locale);
  if (launch.returnUrl !== null) deps.offerReturn(launch.returnUrl);
  await trail.step('target', () => {
    if (!isOwnAddress(launch.targetLinkUri, deps.publicUrl)) throw refusal('target-elsewhere');
  });
  await trail.step('deployment', () => approvedDeployment(launch, deps));
  // ltijs does not know submission reviews.
  if (launch.messageType !== 'submission-review')
    await trail.step('engine', () => admitted(platform, payload, { token, key }, trail, deps.admit));
  await trail.step('once', async () => {
    if (!(await store.spendLogin(stateHash(state), now()))) throw refusal('state-used');
  });
  return launch;
}

async function openedLogin(state: string, deps: VerifyDeps): Promise<LoginTransaction> {
  const login = await deps.store.login(stateHash(state));
  if (login === null) throw refusal('state-unknown');
  if (login.spentAt !== null) throw refusal('state-used');
  if (login.expiresAt <= deps.now()) throw refusal('state-expired');
  return login;
}

async function activePlatform(login: LoginTransaction, deps: VerifyDeps): Promise<Platform> {
  const platform = await deps.store.platform(login.platformId);
  if (platform === null) throw refusal('platform-unknown');
  if (platform.status === 'disabled') throw refusal('platform-disabled');
  return platform;
}

/** The compact JWS, or why the platform sent none (OpenID Connect Core §3.1.2.6). */
function tokenOf(form: Form): string {
  const token = form.get('id_token') ?? '';
  if (token === '') throw refusal(form.has('error') ? 'platform-refused' : 'launch-incomplete');
  return token;
}

/** Exactly one audience, this tool: a token that others may also use is refused (Security Framework §5.1.3). */
function checkParties(claims: LaunchClaims, platform: Platform): void {
  if (claims.iss !== platform.issuer) throw refusal('issuer');
  const audience = typeof claims.aud === 'string' ? [claims.aud] : claims.aud;
  if (audience.length !== 1 || audience[0] !== platform.clientId) throw refusal('audience');
  if (claims.azp !== undefined && claims.azp !== platform.clientId) throw refusal('audience');
}

function checkTimes(claims: LaunchClaims, now: number): void {
  const seconds = now / 1000;
  if (claims.exp + TOLERANCE_S <= seconds) throw refusal('token-expired');
  if (Math.max(claims.iat, claims.nbf ?? claims.iat) - TOLERANCE_S > seconds) throw refusal('token-early');
  if (claims.exp <= claims.iat) throw refusal('token-times');
  if (claims.exp - claims.iat > LONGEST_LIFE_S) throw refusal('token-lifetime');
}

/** ltijs's own word for why it refuses (such as `ISS_CLAIM_DOES_NOT_MATCH`) goes to the log. */
async function admitted(
  platform: Platform,
  payload: Readonly<Record<string, unknown>>,
  original: SignedToken,
  trail: Trail,
  admit: LtiProvider['admit'],
): Promise<void> {
  try {
    await admit(platform, payload, original);
  } catch (error) {
    trail.note({ engine: error instanceof Error ? error.message : 'unknown' });
    throw refusal('engine', error);
  }
}

/** A deployment that nobody approved is written down, so that `platform approve-deployment` can find it, and waits. */
async function approvedDeployment(launch: Launch, deps: VerifyDeps): Promise<void> {
  const { store, now, newId } = deps;
  const { platform, deploymentId } = launch;
  const at = now();
  const deployment = await store.seeDeployment(
    { platformId: platform.id, deploymentId, status: 'pending', firstSeenAt: at },
    {
      id: newId(),
      at,
      actor: 'system',
      action: 'deployment.seen',
      platformId: platform.id,
      deploymentId,
      subject: deploymentId,
      detail: {},
    },
  );
  if (deployment.status !== 'approved') throw refusal('deployment-waits');
}
