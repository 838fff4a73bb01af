import type { Config } from '../config.ts';
import { createInvite } from '../lti/invites.ts';
import { openStore } from '../open-store.ts';
import type { Answer } from './command.ts';

export type PlatformInviteOptions = {
  /** Milliseconds. */
  readonly expires: number;
  readonly name?: string;
  readonly inactive?: boolean;
};

/** A one-time link by which an LMS registers itself. It is shown here only: the store keeps a hash. */
export async function platformInvite(config: Config, options: PlatformInviteOptions): Promise<Answer> {
  const store = await openStore(config.database);
  try {
    const { code, expiresAt } = await createInvite(
      { store, now: Date.now, newId: () => crypto.randomUUID() },
      {
        lifeMs: options.expires,
        name: options.name?.trim() || null,
        platformStatus: options.inactive ? 'disabled' : 'active',
      },
    );
    const url = `${config.publicUrl}/lti/register?code=${code}`;
    const until = new Date(expiresAt).toISOString();
    return {
      code: 0,
      data: { url, expiresAt: until },
      text: [
        'Paste this into the LMS where it asks for a dynamic registration. It works once, until',
        `${until}, and is not shown again:`,
        `  ${url}`,
      ].join('\n'),
    };
  } finally {
    await store.close();
  }
}
