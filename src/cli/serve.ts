import { createApp } from '../app.ts';
import type { Config } from '../config.ts';
import { unknownSettings } from '../config.ts';
import { createLog } from '../log.ts';
import type { Answer } from './command.ts';
import { untilAskedToStop } from './stop-signal.ts';

/** Serves until SIGTERM or SIGINT, then ends within ten seconds; with exit code 1 after a fault that got away. */
export async function serve(config: Config): Promise<Answer> {
  const log = createLog();
  for (const name of unknownSettings()) log.warn({ name }, 'this setting is not known; see .env.example');
  const app = await createApp(config, { log });
  const address = await app.listen();
  log.info({ address, publicUrl: config.publicUrl }, 'ready');
  const reason = await untilAskedToStop((err) => log.error({ err }, 'a fault got away: the server ends'));
  log.info({ reason }, 'stopping');
  await app.stop();
  log.info({}, 'stopped');
  return { code: reason === 'fault' ? 1 : 0, data: { stopped: reason }, text: '' };
}
