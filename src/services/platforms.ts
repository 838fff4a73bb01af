import type { AuditAction, AuditEvent } from '../domain/audit.ts';
import type { Deployment, Platform } from '../domain/platform.ts';
import type { ServiceDeps } from './deps.ts';

export type PlatformForm = {
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly authUrl: string;
  readonly tokenUrl: string;
  readonly jwksUrl: string;
  readonly audience: string | null;
  readonly deploymentIds: readonly string[];
};

export type AddPlatformResult =
  | { readonly kind: 'added'; readonly platform: Platform }
  /** (issuer, client id) is registered already; deployments that were new to it are approved. */
  | { readonly kind: 'known'; readonly platform: Platform }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

const ID = /^[\x21-\x7e]{1,255}$/;

/** Registering an LMS. `secureOnly` refuses http addresses (production). */
export function createPlatforms(deps: Pick<ServiceDeps, 'store' | 'now' | 'newId'>, secureOnly: boolean) {
  const { store, now, newId } = deps;

  async function add(form: PlatformForm): Promise<AddPlatformResult> {
    const problems = platformProblems(form, secureOnly);
    if (problems.length > 0) return { kind: 'problems', problems };
    const platform: Platform = {
      id: newId(),
      name: form.name.trim(),
      issuer: form.issuer,
      clientId: form.clientId,
      authUrl: form.authUrl,
      tokenUrl: form.tokenUrl,
      jwksUrl: form.jwksUrl,
      audience: form.audience,
      status: 'active',
      createdAt: now(),
    };
    const added = await store.addPlatform(platform, audit('platform.added', platform.id, platform.id, null));
    const registered = added ? platform : await registration(form);
    for (const deploymentId of form.deploymentIds) await approveDeployment(registered.id, deploymentId);
    return { kind: added ? 'added' : 'known', platform: registered };
  }

  async function registration(form: PlatformForm): Promise<Platform> {
    const same = (await store.platformsByIssuer(form.issuer)).find((p) => p.clientId === form.clientId);
    if (same === undefined) throw new Error('a registration vanished while it was being read');
    return same;
  }

  /** Approves it before or after its first launch. False when the platform is not known. */
  async function approveDeployment(platformId: string, deploymentId: string): Promise<boolean> {
    if ((await store.platform(platformId)) === null || !ID.test(deploymentId)) return false;
    const known = await store.seeDeployment(
      { platformId, deploymentId, status: 'approved', firstSeenAt: now() },
      audit('deployment.approved', deploymentId, platformId, deploymentId),
    );
    if (known.status === 'approved') return true;
    return store.approveDeployment(
      platformId,
      deploymentId,
      audit('deployment.approved', deploymentId, platformId, deploymentId),
    );
  }

  async function setStatus(platformId: string, status: Platform['status']): Promise<boolean> {
    return store.setPlatformStatus(
      platformId,
      status,
      audit('platform.status', platformId, platformId, null, { status }),
    );
  }

  async function list(): Promise<
    readonly { readonly platform: Platform; readonly deployments: readonly Deployment[] }[]
  > {
    const platforms = await store.platforms();
    return Promise.all(
      platforms.map(async (platform) => ({ platform, deployments: await store.deployments(platform.id) })),
    );
  }

  function audit(
    action: AuditAction,
    subject: string,
    platformId: string,
    deploymentId: string | null,
    detail: AuditEvent['detail'] = {},
  ): AuditEvent {
    return { id: newId(), at: now(), actor: 'operator', action, platformId, deploymentId, subject, detail };
  }

  return { add, approveDeployment, setStatus, list };
}

function platformProblems(form: PlatformForm, secureOnly: boolean): string[] {
  const problems: string[] = [];
  if (form.name.trim() === '') problems.push('--name: must not be empty');
  if (!ID.test(form.clientId)) problems.push('--client-id: must be 1 to 255 characters without spaces');
  if (form.deploymentIds.some((id) => !ID.test(id)))
    problems.push('--deployment-id: must be 1 to 255 characters without spaces');
  const addresses = {
    issuer: form.issuer,
    'auth-url': form.authUrl,
    'token-url': form.tokenUrl,
    'jwks-url': form.jwksUrl,
  };
  for (const [name, value] of Object.entries(addresses)) {
    const url = URL.parse(value);
    if (url === null || !['https:', 'http:'].includes(url.protocol))
      problems.push(`--${name}: must be a web address`);
    else if (secureOnly && url.protocol !== 'https:')
      problems.push(`--${name}: must start with https:// in production`);
    else if (url.protocol === 'http:' && !['127.0.0.1', 'localhost'].includes(url.hostname))
      problems.push(`--${name}: http:// is for 127.0.0.1 and localhost only`);
  }
  return problems;
}
