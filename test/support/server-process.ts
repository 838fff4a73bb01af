import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const AS_IT_SHIPS = ['src/cli/shsm-badges.ts', 'serve'];

/**
 * The server as an operator runs it, a process of its own; or, by another `entry`, as it ships but on another clock.
 * Resolves when it answers.
 */
export async function startServer(
  env: Readonly<Record<string, string>>,
  entry: readonly string[] = AS_IT_SHIPS,
): Promise<ChildProcess> {
  const server = launch(env, entry);
  for (;;) {
    const answer = await fetch(`${env['SHSM_PUBLIC_URL']}/healthz`).catch(() => null);
    if (answer?.ok) return server;
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The same, killed so many milliseconds after its start, whatever it is at. */
export async function killAtStart(
  env: Readonly<Record<string, string>>,
  entry: readonly string[],
  afterMs: number,
): Promise<void> {
  const server = launch(env, entry);
  const ended = once(server, 'exit');
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  server.kill('SIGKILL');
  await ended;
}

function launch(env: Readonly<Record<string, string>>, entry: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...entry], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: 'ignore',
  });
}
