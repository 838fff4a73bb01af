import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Log } from './domain/ports/log.ts';
import type { Store } from './domain/ports/store.ts';
import { createEgress } from './lti/egress.ts';
import { createGradeServices } from './lti/grade-services.ts';
import { createProvider } from './lti/provider.ts';
import { createToolKeys } from './lti/tool-keys.ts';

/** The services of the LMSs for a command that runs beside the server: signed with the server's keys, as the server does. */
export async function openGradeServices(
  config: Config,
  { store, log }: { readonly store: Store; readonly log: Log },
): Promise<ReturnType<typeof createGradeServices>> {
  const now = Date.now;
  const newId = () => crypto.randomUUID();
  const packageFile = join(import.meta.dirname, '..', 'package.json');
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  const toolKeys = createToolKeys({ store, secrets: [config.secret, ...config.oldSecrets], now, newId, log });
  const { signingIdentity } = await createProvider({ store, toolKeys });
  return createGradeServices({
    store,
    identityOf: signingIdentity,
    production: config.production,
    version,
    dispatcher: createEgress(config.outboundProxy),
    now,
    newId,
  });
}
