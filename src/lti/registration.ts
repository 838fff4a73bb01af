import type { NewId, Now } from '../domain/instant.ts';
import type { Invite } from '../domain/invite.ts';
import type { Platform } from '../domain/platform.ts';
import type { InviteStore } from '../domain/ports/invites.ts';
import type { PlatformStore } from '../domain/ports/platform-store.ts';
import { isPlatformEndpoint } from './endpoint.ts';
import type { Form } from './form.ts';
import { inviteHash } from './invites.ts';
import { type PlatformConfiguration, readConfiguration } from './openid-configuration.ts';
import { readJson } from './read-json.ts';
import { refusal } from './refusal.ts';
import type { ServiceFailure, ServiceHttp, ServiceResponse } from './service-http.ts';
import { readRegistered, toolRegistration } from './tool-registration.ts';

/** Longer than the two requests of one attempt may take. */
const HOLD_MS = 60_000;
const LONGEST_ADDRESS = 4096;
const LONGEST_TOKEN = 16 * 1024;

export type Registered = {
  readonly platform: Platform;
  readonly isBrightspace: boolean;
  /** null when the platform has made none yet: its first launch waits for approval. */
  readonly deploymentId: string | null;
};

export type RegistrationDeps = {
  readonly store: InviteStore & PlatformStore;
  readonly http: ServiceHttp;
  readonly publicUrl: string;
  readonly production: boolean;
  readonly now: Now;
  readonly newId: NewId;
};

/** The invite behind a code, as long as it can be used. Throws refusals. */
export async function openInvite(code: string, deps: RegistrationDeps): Promise<Invite> {
  const invite = code === '' || code.length > 128 ? null : await deps.store.invite(inviteHash(code));
  if (invite === null) throw refusal('invite-unknown');
  if (invite.spentAt !== null) throw refusal('invite-used');
  if (invite.expiresAt <= deps.now()) throw refusal('invite-expired');
  return invite;
}

/**
 * LTI Dynamic Registration 1.0 §3: reads the platform's configuration, registers the tool there and the platform here. The
 * invite is spent when, and only when, a registration came of it. Throws refusals.
 */
export async function register(invite: Invite, form: Form, deps: RegistrationDeps): Promise<Registered> {
  const { store, now } = deps;
  const at = now();
  if (!(await store.holdInvite(invite.codeHash, at, at + HOLD_MS))) throw refusal('invite-busy');
  try {
    const configuration = await fetchConfiguration(configurationUrlOf(form, deps.production), deps);
    const { clientId, deploymentId } = await registerThere(
      configuration,
      form.get('registration_token') ?? '',
      deps,
    );
    const platform = platformOf(invite, configuration, clientId, deps);
    const outcome = await store.registerInvited(
      invite.codeHash,
      {
        platform,
        deployment:
          deploymentId === null
            ? null
            : { platformId: platform.id, deploymentId, status: 'approved', firstSeenAt: now() },
        audit: auditOf(platform, deploymentId, deps),
      },
      now(),
    );
    if (outcome === 'spent') throw refusal('invite-used');
    if (outcome === 'known') throw refusal('registration-known');
    return { platform, isBrightspace: configuration.isBrightspace, deploymentId };
  } finally {
    await store.releaseInvite(invite.codeHash);
  }
}

/** The address of the configuration, once it may be asked. */
export function configurationUrlOf(form: Form, production: boolean): string {
  const address = form.get('openid_configuration') ?? '';
  if (address.length > LONGEST_ADDRESS || !isPlatformEndpoint(address, production))
    throw refusal('registration-address');
  return address;
}

async function fetchConfiguration(url: string, deps: RegistrationDeps): Promise<PlatformConfiguration> {
  const answer = await deps.http({ method: 'GET', url, headers: { accept: 'application/json' } });
  const body = bodyOf(answer, 'registration-not-understood');
  return readConfiguration(body, url, deps.production);
}

async function registerThere(
  { registrationUrl, ...offered }: PlatformConfiguration,
  token: string,
  deps: RegistrationDeps,
): Promise<{ readonly clientId: string; readonly deploymentId: string | null }> {
  // RFC 6750 §2.1: what a header may hold. Brightspace sends no token: its configuration address carries one.
  if (token.length > LONGEST_TOKEN || !/^[\w.~+/-]*=*$/.test(token)) throw refusal('form-malformed');
  const answer = await deps.http({
    method: 'POST',
    url: registrationUrl,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      ...(token !== '' && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(toolRegistration(deps.publicUrl, offered)),
  });
  const registered = readRegistered(readJson(bodyOf(answer, 'registration-refused')));
  if (registered === null) throw refusal('registration-not-understood');
  return registered;
}

function bodyOf(
  answer: ServiceResponse | ServiceFailure,
  refused: 'registration-not-understood' | 'registration-refused',
): string {
  if (answer.kind === 'response') {
    if (answer.status === 200 || answer.status === 201) return answer.body;
    throw refusal(answer.status >= 500 ? 'registration-unreachable' : refused, `status ${answer.status}`);
  }
  const cause = `${answer.reason} ${answer.code}`;
  if (answer.reason === 'address' || answer.reason === 'redirect')
    throw refusal('registration-address', cause);
  if (answer.reason === 'too-large') throw refusal('registration-not-understood', cause);
  throw refusal('registration-unreachable', cause);
}

function platformOf(
  invite: Invite,
  configuration: PlatformConfiguration,
  clientId: string,
  { newId, now }: RegistrationDeps,
): Platform {
  const { issuer, authUrl, tokenUrl, jwksUrl, audience } = configuration;
  return {
    id: newId(),
    name: invite.name ?? new URL(issuer).host,
    issuer,
    clientId,
    authUrl,
    tokenUrl,
    jwksUrl,
    audience,
    status: invite.platformStatus,
    createdAt: now(),
  };
}

function auditOf(platform: Platform, deploymentId: string | null, { newId, now }: RegistrationDeps) {
  const event = (action: 'platform.added' | 'deployment.approved', subject: string) => ({
    id: newId(),
    at: now(),
    actor: 'operator',
    action,
    platformId: platform.id,
    deploymentId,
    subject,
    detail: { way: 'dynamic-registration' },
  });
  return [
    event('platform.added', platform.id),
    ...(deploymentId === null ? [] : [event('deployment.approved', deploymentId)]),
  ];
}
