import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { openStore } from '../../src/open-store.ts';
import { createPlatforms } from '../../src/services/platforms.ts';
import type { LoadFigures, LoadJob } from './load.ts';

const ROOT = join(import.meta.dirname, '../..');

export type MeasuredServer = {
  readonly tool: LoadJob['tool'];
  /** Processor time it has used since its start. */
  readonly cpuMs: () => number;
  readonly stop: () => Promise<void>;
};

/** The tool as `npm start` runs it, registered with the platform, its launch log on stderr going nowhere. */
export async function startOurs(database: string, platform: string): Promise<MeasuredServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env['PATH'],
    SHSM_PORT: String(port),
    SHSM_PUBLIC_URL: url,
    SHSM_DATABASE: database,
    SHSM_SECRET: 'a secret of the bench, 32 bytes long',
  };
  await registerOurs(env, platform);
  const node = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4', ...profiling()];
  const server = spawn(process.execPath, [...node, 'src/cli/shsm-badges.ts', 'serve'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  await answers(`${url}/readyz`, server);
  return {
    tool: { url, loginPath: '/lti/login', launchPath: '/lti/launch', shows: 'SHSM certifications' },
    cpuMs: () => cpuMs(server),
    stop: () => end(server),
  };
}

async function registerOurs(env: NodeJS.ProcessEnv, platform: string): Promise<void> {
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const store = await openStore(read.config.database);
  const added = await createPlatforms({ store, now: Date.now, newId: () => crypto.randomUUID() }, false).add({
    name: 'Platform of the bench',
    issuer: platform,
    clientId: 'bench-client',
    authUrl: `${platform}/auth`,
    tokenUrl: `${platform}/token`,
    jwksUrl: `${platform}/jwks`,
    audience: null,
    deploymentIds: ['bench-deployment'],
  });
  await store.close();
  if (added.kind === 'problems') throw new Error(added.problems.join('\n'));
}

/** ltijs alone in production mode, registered with the same platform. */
export async function startPlainLtijs(store: string, platform: string): Promise<MeasuredServer> {
  const port = await freePort();
  const server = fork(join(import.meta.dirname, 'plain-ltijs.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      BENCH_PORT: String(port),
      BENCH_STORE: store,
      BENCH_PLATFORM: platform,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await Promise.race([
    once(server, 'message'),
    once(server, 'exit').then(() => Promise.reject(new Error('ltijs ended'))),
  ]);
  return {
    tool: {
      url: `http://127.0.0.1:${port}`,
      loginPath: '/login',
      launchPath: '/',
      shows: 'alive',
    },
    cpuMs: () => cpuMs(server),
    stop: () => end(server),
  };
}

export type Load = {
  readonly run: (job: LoadJob) => Promise<LoadFigures>;
  readonly stop: () => Promise<void>;
};

/** The browsers and the platform's sign-in, in a process of their own. */
export function startLoad(): Load {
  const load = fork(join(import.meta.dirname, 'load.ts'));
  return {
    async run(job) {
      load.send(job);
      const [answer] = (await once(load, 'message')) as [{ figures?: LoadFigures; error?: string }];
      if (answer.figures === undefined) throw new Error(answer.error);
      return answer.figures;
    },
    stop: () => end(load),
  };
}

/** `BENCH_PROFILE=<folder>` writes a CPU profile of the measured tool there. */
function profiling(): string[] {
  const folder = process.env['BENCH_PROFILE'];
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server ended with exit code ${server.exitCode}`);
}

/** User and system time in the kernel's own account, in its ticks of 10 ms (Linux); unknown elsewhere. */
function cpuMs(server: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGTERM');
  await once(server, 'exit');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
