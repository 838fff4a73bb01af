import { createHash, randomBytes } from 'node:crypto';
import type { Now } from '../domain/instant.ts';
import type { Platform } from '../domain/platform.ts';
import type { LaunchStore } from '../domain/ports/launch-store.ts';
import type { PlatformStore } from '../domain/ports/platform-store.ts';
import { isPlatformEndpoint } from './endpoint.ts';
import type { Form } from './form.ts';
import { refusal } from './refusal.ts';

/** How long a person may take to sign in to the LMS between login and launch. */
export const LOGIN_LIFE_MS = 15 * 60_000;
/** Characters; hints are whatever the platform needs to find its way back. */
const LONGEST = { short: 2048, long: 32 * 1024, others: 8 * 1024 } as const;
const KNOWN = new Set([
  'iss',
  'login_hint',
  'target_link_uri',
  'client_id',
  'lti_deployment_id',
  'lti_message_hint',
]);

export type OpenedLogin = {
  readonly platform: Platform;
  readonly state: string;
  /** The platform's authentication endpoint with the request's parameters. */
  readonly redirectTo: string;
};

/** Only the hash of a state is stored: who reads the database cannot finish a login. */
export function stateHash(state: string): string {
  return createHash('sha256').update(state).digest('hex');
}

/**
 * Third-party initiated login (Security Framework §5.1.1.1 and §5.1.1.2): picks the registration, stores a transaction and
 * answers where the browser goes. Throws refusals.
 */
export async function openLogin(
  form: Form,
  deps: {
    readonly store: PlatformStore & LaunchStore;
    readonly publicUrl: string;
    readonly production: boolean;
    readonly now: Now;
  },
): Promise<OpenedLogin> {
  const issuer = text(form, 'iss', LONGEST.short);
  const loginHint = text(form, 'login_hint', LONGEST.long);
  const targetLinkUri = text(form, 'target_link_uri', LONGEST.short);
  const messageHint = form.get('lti_message_hint');
  if (issuer === '' || loginHint === '' || targetLinkUri === '') throw refusal('login-incomplete');
  if ((messageHint?.length ?? 0) > LONGEST.long) throw refusal('form-too-large');
  // They are kept until the launch, and anybody may send a login.
  if (lengthOfOthers(form) > LONGEST.others) throw refusal('form-too-large');
  if (!isOwnAddress(targetLinkUri, deps.publicUrl)) throw refusal('target-elsewhere');

  const platform = await registrationOf(
    issuer,
    text(form, 'client_id', LONGEST.short),
    text(form, 'lti_deployment_id', LONGEST.short),
    deps.store,
  );
  if (platform.status === 'disabled') throw refusal('platform-disabled');
  if (!isPlatformEndpoint(platform.authUrl, deps.production)) throw refusal('platform-insecure');

  const state = randomBytes(32).toString('base64url');
  const nonce = randomBytes(32).toString('base64url');
  const openedAt = deps.now();
  await deps.store.openLogin({
    stateHash: stateHash(state),
    nonce,
    platformId: platform.id,
    targetLinkUri,
    request: Object.fromEntries(form),
    openedAt,
    expiresAt: openedAt + LOGIN_LIFE_MS,
    spentAt: null,
  });

  const redirectTo = new URL(platform.authUrl);
  const parameters = {
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: platform.clientId,
    redirect_uri: `${deps.publicUrl}/lti/launch`,
    login_hint: loginHint,
    ...(messageHint === undefined ? {} : { lti_message_hint: messageHint }),
    state,
    nonce,
  };
  for (const [name, value] of Object.entries(parameters)) redirectTo.searchParams.set(name, value);
  return { platform, state, redirectTo: redirectTo.href };
}

/** The tool opens only pages of its own: a login is not signed and must not steer the browser. */
export function isOwnAddress(address: string, publicUrl: string): boolean {
  const url = URL.parse(address);
  return (
    url !== null && url.username === '' && url.password === '' && url.origin === new URL(publicUrl).origin
  );
}

/** One issuer may have several registrations: the client id names one, or the deployment does. */
async function registrationOf(
  issuer: string,
  clientId: string,
  deploymentId: string,
  store: PlatformStore,
): Promise<Platform> {
  const known = await store.platformsByIssuer(issuer);
  if (known.length === 0) throw refusal('platform-unknown');
  if (clientId !== '') {
    const named = known.find((platform) => platform.clientId === clientId);
    if (named === undefined) throw refusal('client-unknown');
    return named;
  }
  const [only, ...others] = known;
  if (only !== undefined && others.length === 0) return only;
  if (deploymentId === '') throw refusal('platform-ambiguous');
  const deployed: Platform[] = [];
  for (const platform of known) {
    const deployments = await store.deployments(platform.id);
    if (deployments.some((deployment) => deployment.deploymentId === deploymentId)) deployed.push(platform);
  }
  const [match, ...rivals] = deployed;
  if (match === undefined || rivals.length > 0) throw refusal('platform-ambiguous');
  return match;
}

function lengthOfOthers(form: Form): number {
  let length = 0;
  for (const [name, value] of form) if (!KNOWN.has(name)) length += name.length + value.length;
  return length;
}

function text(form: Form, name: string, longest: number): string {
  const value = form.get(name) ?? '';
  if (value.length > longest) throw refusal('form-too-large');
  // No identifier holds a control character; a store or a header might choke on one.
  if (/\p{Cc}/u.test(value)) throw refusal('form-malformed');
  return value;
}
