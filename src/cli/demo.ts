import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type App, createApp } from '../app.ts';
import { type Config, environment, readConfig } from '../config.ts';
import { type DemoLms, startDemoLms } from '../demo/demo-lms.ts';
import type { Log } from '../domain/ports/log.ts';
import { createLog } from '../log.ts';
import { createPlatforms } from '../services/platforms.ts';
import { StartProblem } from '../start-problem.ts';
import type { Answer } from './command.ts';
import { untilAskedToStop } from './stop-signal.ts';

const FOLDER = join('data', 'demo');

/** The tool on its embedded default, fresh each time, with a local LMS that is registered with it. Runs until it is asked to stop. */
export async function demo(options: { readonly lmsPort: string }): Promise<Answer> {
  const settings = environment();
  if (settings['NODE_ENV'] === 'production')
    return wrong(['NODE_ENV: the demo is not for production; leave it unset']);
  const database = settings['SHSM_DATABASE'] ?? `sqlite:${join(FOLDER, 'shsm.db')}`;
  const read = readConfig({ ...settings, SHSM_DATABASE: database });
  if (!read.ok) return wrong(read.problems);
  if (settings['SHSM_DATABASE'] === undefined) rmSync(FOLDER, { recursive: true, force: true });

  const log = createLog('warn');
  const lms = await startLms(read.config, Number(options.lmsPort));
  const app = await startTool(read.config, lms, log);
  process.stdout.write(welcome(read.config, lms));
  const signal = await untilAskedToStop((err) => log.error({ err }, 'a fault got away: the demo ends'));
  await app.stop();
  await lms.close();
  return { code: signal === 'fault' ? 1 : 0, data: { stopped: signal }, text: '' };
}

function wrong(problems: readonly string[]): Answer {
  return { code: 2, data: { problems }, text: problems.join('\n') };
}

async function startLms(config: Config, port: number): Promise<DemoLms> {
  const samplesDir = join(FOLDER, 'samples');
  try {
    return await startDemoLms({ port, toolUrl: config.publicUrl, samplesDir, now: Date.now });
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (inUse) throw new StartProblem(`--lms-port: port ${port} is in use already; choose another`);
    throw error;
  }
}

/** The demo's issuer is on this machine, which badge look-ups do not reach unless they are told to. */
async function startTool(config: Config, lms: DemoLms, log: Log): Promise<App> {
  const reachable = [...config.allowPrivateHosts, new URL(lms.url).host];
  const app = await createApp({ ...config, allowPrivateHosts: reachable }, { log });
  const platforms = createPlatforms(
    { store: app.store, now: Date.now, newId: () => crypto.randomUUID() },
    false,
  );
  const { deploymentId, ...registration } = lms.registration;
  await platforms.add({ name: 'Demo LMS', ...registration, audience: null, deploymentIds: [deploymentId] });
  await app.listen();
  return app;
}

function welcome(config: Config, lms: DemoLms): string {
  const samples = join(process.cwd(), FOLDER, 'samples');
  return `
SHSM Badges is running.

  The LMS    ${lms.url}
  The tool   ${config.publicUrl}   (people reach it through the LMS)

What to do
  1. Open ${lms.url} and continue as Student One.
  2. Open the course "SHSM Health and Wellness" and its activity, and hand in a badge.
     Samples: the "Sample badges" page of the course, or ${samples}
  3. Go back, continue as Teacher One, open the activity, and accept or return it.
  4. Look at the Gradebook page of the LMS.

Ctrl+C stops both. Next time everything starts afresh.
`;
}
