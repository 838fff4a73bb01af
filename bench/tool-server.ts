import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** The flags of `npm start`. */
const AS_NPM_START = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];

/** The tool in a process of its own, as `npm start` runs it. */
export type ToolServer = {
  readonly url: string;
  /** Resident now, and the most it ever was, in MB, by the kernel's account (Linux). */
  readonly memory: () => { readonly nowMb: number; readonly peakMb: number };
  /** Seconds of processor time since the start. */
  readonly cpuSeconds: () => number;
  readonly stop: () => Promise<void>;
};

export async function startToolServer(
  env: Readonly<Record<string, string>>,
  port?: number,
  args: readonly string[] = AS_NPM_START,
): Promise<ToolServer> {
  const at = port ?? (await freePort());
  const url = `http://localhost:${at}`;
  const child = spawn(process.execPath, [...args, 'src/cli/shsm-badges.ts', 'serve'], {
    env: {
      PATH: process.env['PATH'],
      SHSM_SECRET: 'a secret of the bench, 32 bytes long',
      SHSM_PORT: String(at),
      SHSM_PUBLIC_URL: url,
      ...env,
    },
    stdio: ['ignore', 'ignore', process.env['SHSM_BENCH_LOG'] === 'on' ? 'inherit' : 'ignore'],
  });
  await untilReady(`http://127.0.0.1:${at}/healthz`, child);
  const status = () => readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const mb = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status())?.[1]) / 1024;
  return {
    url,
    memory: () => ({ nowMb: mb('VmRSS'), peakMb: mb('VmHWM') }),
    cpuSeconds: () => cpuOf(child.pid ?? 0),
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function untilReady(address: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`the server ended with exit code ${child.exitCode}`);
}

/** User and system time, in the kernel's hundredths of a second (man proc_pid_stat, fields 14 and 15). */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
