import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Started = {
  readonly child: ChildProcess;
  /** What it says, line by line, until it ends. */
  readonly lines: AsyncIterator<string>;
  /** Resolves when it has ended and all it said was read. */
  readonly ended: Promise<unknown>;
};

/** Runs one of the scripts beside this file in a process of its own. */
export function start(script: 'writer' | 'racer', ...args: readonly string[]): Started {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${script}.ts`), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, lines, ended: once(child, 'close') };
}
