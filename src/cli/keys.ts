import type { Config } from '../config.ts';
import type { Store } from '../domain/ports/store.ts';
import { createLog } from '../log.ts';
import { createToolKeys, type ToolKeys } from '../lti/tool-keys.ts';
import { openStore } from '../open-store.ts';
import type { Answer } from './command.ts';

/** Takes effect at once, also beside a running server: the keys are read from the store each time. */
export async function keysRotate(config: Config, options: { readonly leaked?: boolean }): Promise<Answer> {
  return withKeys(config, async (keys) => {
    const { kid, signsFrom } = await keys.rotate(options.leaked ? 'leaked' : 'routine');
    const from = new Date(signsFrom).toISOString();
    return {
      code: 0,
      data: { kid, signsFrom: from },
      text: `Key ${kid} is published and signs from ${from}.`,
    };
  });
}

export async function keysList(config: Config): Promise<Answer> {
  return withKeys(config, async (keys, store) => {
    const published = new Set((await keys.keySet()).keys.map((jwk) => jwk['kid']));
    const signing = await keys.signing().then(
      (key) => key.kid,
      () => null,
    );
    const data = (await store.toolKeys()).map(({ kid, createdAt, retiredAt }) => ({
      kid,
      createdAt: new Date(createdAt).toISOString(),
      retiredAt: retiredAt === null ? null : new Date(retiredAt).toISOString(),
      published: published.has(kid),
      signs: kid === signing,
    }));
    const text = data.map((key) =>
      [key.kid, key.createdAt, key.signs ? 'signs' : key.published ? 'published' : 'not used'].join('  '),
    );
    return { code: 0, data, text: text.join('\n') || 'The first start of the server makes the first key.' };
  });
}

async function withKeys(
  config: Config,
  command: (keys: ToolKeys, store: Store) => Promise<Answer>,
): Promise<Answer> {
  const store = await openStore(config.database);
  try {
    const keys = createToolKeys({
      store,
      secrets: [config.secret, ...config.oldSecrets],
      now: Date.now,
      newId: () => crypto.randomUUID(),
      log: createLog('warn'),
    });
    return await command(keys, store);
  } finally {
    await store.close();
  }
}
