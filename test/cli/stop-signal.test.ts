import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MODULE = join(import.meta.dirname, '../../src/cli/stop-signal.ts');

/** A process that waits to be stopped, to which `act` happens. */
async function endedBy(act: string): Promise<readonly [number, string]> {
  const program = `
    const { untilAskedToStop } = await import(${JSON.stringify(MODULE)});
    const stopped = untilAskedToStop((fault) => console.log('fault', fault.message));
    setTimeout(() => process.exit(9), 10_000);
    setTimeout(() => { ${act} }, 10);
    console.log('ended by', await stopped);
    ${act.includes('twice') ? 'await new Promise(() => {});' : 'process.exit(0);'}`;
  const ran = await promisify(execFile)(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '-e',
    program,
  ]).catch((error: { code: number; stdout: string }) => error);
  return ['code' in ran ? ran.code : 0, ran.stdout];
}

test.each([
  ['a signal', "process.kill(process.pid, 'SIGTERM')", [0, 'ended by SIGTERM\n']],
  ['a promise that nobody caught', "Promise.reject(new Error('lost'))", [0, 'fault lost\nended by fault\n']],
  ['an error that nobody caught', "throw new Error('lost')", [0, 'fault lost\nended by fault\n']],
  [
    'a second fault while it ends',
    "Promise.reject(new Error('once')); setTimeout(() => Promise.reject(new Error('twice')), 10)",
    [1, 'fault once\nended by fault\n'],
  ],
])('%s', async (_name, act, expected) => {
  expect(await endedBy(act)).toEqual(expected);
});
