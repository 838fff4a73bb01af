import { type ChildProcess, spawn } from 'node:child_process';

/**
 * The server as an operator runs it, a process of its own; or, by another `entry`, as it ships but on another clock.
 * Resolves when it answers.
 */
export async function startServer(
  env: Readonly<Record<string, string>>,
  entry: readonly string[] = ['src/cli/shsm-badges.ts', 'serve'],
): Promise<ChildProcess> {
  const server = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...entry], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: 'ignore',
  });
  for (;;) {
    const answer = await fetch(`${env['SHSM_PUBLIC_URL']}/healthz`).catch(() => null);
    if (answer?.ok) return server;
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
