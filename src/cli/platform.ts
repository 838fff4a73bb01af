import type { Config } from '../config.ts';
import { openStore } from '../open-store.ts';
import { createPlatforms } from '../services/platforms.ts';
import type { Answer } from './command.ts';

export type PlatformAddOptions = {
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly authUrl: string;
  readonly tokenUrl: string;
  readonly jwksUrl: string;
  readonly audience?: string;
  readonly deploymentId: readonly string[];
};

export async function platformAdd(config: Config, options: PlatformAddOptions): Promise<Answer> {
  return withPlatforms(config, async (platforms) => {
    const result = await platforms.add({
      ...options,
      audience: options.audience ?? null,
      deploymentIds: options.deploymentId,
    });
    if (result.kind === 'problems')
      return { code: 2, data: { problems: result.problems }, text: result.problems.join('\n') };
    const data = { id: result.platform.id, known: result.kind === 'known', ...toolUrls(config) };
    return {
      code: 0,
      data,
      text: [
        result.kind === 'known'
          ? `This LMS was registered already, as ${data.id}.`
          : `Registered as ${data.id}. Enter these in the LMS:`,
        `  OpenID Connect login URL  ${data.loginUrl}`,
        `  Redirect and target URL   ${data.launchUrl}`,
        `  Keyset URL                ${data.keysetUrl}`,
      ].join('\n'),
    };
  });
}

export async function platformList(config: Config): Promise<Answer> {
  return withPlatforms(config, async (platforms) => {
    const list = await platforms.list();
    const data = list.map(({ platform, deployments }) => ({ ...platform, deployments }));
    const text = list.map(({ platform, deployments }) =>
      [
        `${platform.id}  ${platform.status}  ${platform.name}`,
        `  issuer ${platform.issuer}  client id ${platform.clientId}`,
        ...deployments.map((deployment) => `  deployment ${deployment.deploymentId}  ${deployment.status}`),
      ].join('\n'),
    );
    return {
      code: 0,
      data,
      text: text.join('\n') || 'No LMS is registered yet: shsm-badges platform add --help',
    };
  });
}

export async function platformStatus(config: Config, id: string, to: 'enable' | 'disable'): Promise<Answer> {
  return withPlatforms(config, async (platforms) => {
    const status = to === 'enable' ? 'active' : 'disabled';
    return (await platforms.setStatus(id, status))
      ? { code: 0, data: { id, status }, text: `${id} is ${status}.` }
      : unknownPlatform(id);
  });
}

export async function platformApproveDeployment(
  config: Config,
  id: string,
  deployment: string,
): Promise<Answer> {
  return withPlatforms(config, async (platforms) =>
    (await platforms.approveDeployment(id, deployment))
      ? {
          code: 0,
          data: { id, deployment, status: 'approved' },
          text: `Deployment ${deployment} is approved.`,
        }
      : unknownPlatform(id),
  );
}

export function unknownPlatform(id: string): Answer {
  return {
    code: 1,
    data: { id, error: 'unknown platform' },
    text: `No platform ${id}: see shsm-badges platform list`,
  };
}

export function toolUrls(config: Config): { loginUrl: string; launchUrl: string; keysetUrl: string } {
  return {
    loginUrl: `${config.publicUrl}/lti/login`,
    launchUrl: `${config.publicUrl}/lti/launch`,
    keysetUrl: `${config.publicUrl}/lti/keys`,
  };
}

async function withPlatforms(
  config: Config,
  command: (platforms: ReturnType<typeof createPlatforms>) => Promise<Answer>,
): Promise<Answer> {
  const store = await openStore(config.database);
  try {
    return await command(
      createPlatforms({ store, now: Date.now, newId: () => crypto.randomUUID() }, config.production),
    );
  } finally {
    await store.close();
  }
}
