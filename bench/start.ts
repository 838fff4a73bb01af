import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Figures = { readonly readyMs: number; readonly restMb: number };

const AS_NPM_START = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];
const PLAIN_EXPRESS = `
  const { default: express } = await import('express');
  const app = express();
  app.get('/readyz', (_request, response) => response.send('ready'));
  app.listen(Number(process.env.SHSM_PORT), '127.0.0.1');`;

/** Start to ready and memory at rest, beside a bare Express server on the same Node in the same run. */
export async function startBench(runs = 5): Promise<string> {
  const ours: Figures[] = [];
  const plain: Figures[] = [];
  for (let run = 0; run < runs; run += 1) {
    ours.push(await measure([...AS_NPM_START, 'src/cli/shsm-badges.ts', 'serve']));
    plain.push(await measure(['--input-type=module', '--eval', PLAIN_EXPRESS]));
  }
  const ready = [median(ours.map((f) => f.readyMs)), median(plain.map((f) => f.readyMs))] as const;
  const rest = [median(ours.map((f) => f.restMb)), median(plain.map((f) => f.restMb))] as const;
  return [
    `start to ready   ${ready[0].toFixed(0)} ms (bare Express ${ready[1].toFixed(0)} ms, ratio ${(ready[0] / ready[1]).toFixed(1)}; goal under 2000 ms)`,
    `memory at rest   ${rest[0].toFixed(0)} MB (bare Express ${rest[1].toFixed(0)} MB, ratio ${(rest[0] / rest[1]).toFixed(1)}; goal under 150 MB)`,
  ].join('\n');
}

async function measure(args: readonly string[]): Promise<Figures> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'shsm-bench-'));
  const began = performance.now();
  const server = spawn(process.execPath, args, {
    env: {
      PATH: process.env['PATH'],
      SHSM_PORT: String(port),
      SHSM_PUBLIC_URL: `http://localhost:${port}`,
      SHSM_DATABASE: `sqlite:${join(folder, 'bench.db')}`,
    },
    stdio: 'ignore',
  });
  try {
    await ready(port, server);
    const readyMs = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return { readyMs, restMb: residentMb(server) };
  } finally {
    if (server.exitCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    rmSync(folder, { recursive: true });
  }
}

async function ready(port: number, server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`the server ended with exit code ${server.exitCode}`);
}

/** Resident set size, from the kernel's own account (Linux). */
function residentMb(server: ChildProcess): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
