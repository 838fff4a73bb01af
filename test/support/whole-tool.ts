import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp } from '../../src/app.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { type DemoLms, type DemoLmsOptions, startDemoLms } from '../../src/demo/demo-lms.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { createPlatforms } from '../../src/services/platforms.ts';
import { createMemoryLog } from './memory-log.ts';

/** The tool as it ships on `http://localhost:…`, and an LMS it is registered with on `http://127.0.0.1:…`: two sites. */
export type WholeTool = {
  readonly lms: DemoLms;
  readonly app: App;
  readonly config: Config;
  /** For commands beside it. */
  readonly env: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
};

/** `now` of the options is the clock of both. */
export async function startWholeTool(lmsOptions: Partial<DemoLmsOptions> = {}): Promise<WholeTool> {
  const place = await aPlaceToRun(lmsOptions);
  const { now } = lmsOptions;
  const app = await createApp(place.config, { log: createMemoryLog().log, ...(now && { now }) });
  await register(app.store, place.lms);
  await app.listen();
  return {
    ...place,
    app,
    stop: async () => {
      await app.stop();
      await place.close();
    },
  };
}

/** A free port, an empty folder and an LMS for a tool that is about to start. */
export async function aPlaceToRun(
  lmsOptions: Partial<DemoLmsOptions> = {},
): Promise<{ lms: DemoLms; config: Config; env: Record<string, string>; close: () => Promise<void> }> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'shsm-journey-'));
  const toolUrl = `http://localhost:${port}`;
  const lms = await startDemoLms({ port: 0, toolUrl, samplesDir: null, now: Date.now, ...lmsOptions });
  const env = {
    SHSM_PUBLIC_URL: toolUrl,
    SHSM_PORT: String(port),
    SHSM_DATABASE: `sqlite:${join(folder, 'journey.db')}`,
    SHSM_ALLOW_PRIVATE_HOSTS: new URL(lms.url).host,
  };
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return {
    lms,
    config: read.config,
    env,
    close: async () => {
      await lms.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function register(store: Store, lms: DemoLms): Promise<void> {
  const { deploymentId, ...registration } = lms.registration;
  await createPlatforms({ store, now: Date.now, newId: randomUUID }, false).add({
    name: 'Demo LMS',
    ...registration,
    audience: null,
    deploymentIds: [deploymentId],
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
