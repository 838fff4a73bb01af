import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openStore } from '../../src/open-store.ts';
import { openActivity } from '../support/in-course.ts';
import { startServer } from '../support/server-process.ts';
import { aPlaceToRun, register } from '../support/whole-tool.ts';

/** Linux's own way of letting a process write no file beyond a size; what SQLite meets is a write that fails. */
function limitFiles(pid: number | undefined, bytes: number | 'unlimited'): boolean {
  // The hard limit stays, so that the soft one can be lifted again.
  const { status } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
  return status === 0;
}
const canLimit = spawnSync('prlimit', ['--version']).status === 0;

test.skipIf(!canLimit)(
  'a disk that takes no more: a clear page, nothing half written, and all is well once there is room',
  async () => {
    const { lms, config, env, close } = await aPlaceToRun();
    const store = await openStore(config.database);
    await register(store, lms);
    const server = await startServer(env);
    const { visitor, page } = await openActivity(lms, 'student-1');
    const form = await visitor.follow(page, 'a[href$="/new"]');
    const badge = lms.samples.all.find(({ award }) => award.id === 'standard-first-aid');
    if (badge === undefined) throw new Error('no sample badge');
    const bytes = new Uint8Array(await badge.bytes());
    const handIn = () =>
      visitor.send(
        form,
        'form[data-draft]',
        { way: 'file', file: new File([bytes], badge.fileName), reflection: 'I would call for help.' },
        'action=submit',
      );
    const path = config.database.kind === 'sqlite' ? config.database.path : '';
    const [platform] = await store.platforms();
    const course = {
      platformId: platform?.id ?? '',
      deploymentId: lms.registration.deploymentId,
      contextId: lms.course.id,
    };

    expect(limitFiles(server.pid, Math.max(statSync(path).size, statSync(`${path}-wal`).size))).toBe(true);
    const refused = await handIn();
    expect(refused.status).toBe(503);
    expect(refused.html.querySelector('html')?.getAttribute('lang')).toMatch(/^en/);
    expect(refused.html.querySelector('h1')?.text.trim()).not.toBe('');
    expect(refused.text).not.toMatch(/sqlite|disk I\/O|\bat .*\.ts/i);
    expect(await store.submissionsBy(course, 'student-1')).toEqual([]);
    expect(await store.cells({})).toEqual([]);
    expect(server.exitCode).toBeNull();

    expect(limitFiles(server.pid, 'unlimited')).toBe(true);
    const taken = await handIn();
    expect(taken.status).toBe(200);
    await lms.gradebook.until((cells) =>
      cells.some((cell) => cell.score.gradingProgress === 'PendingManual'),
    );
    expect((await store.submissionsBy(course, 'student-1')).map((one) => one.state)).toEqual(['submitted']);
    expect(lms.gradebook.lineItems()).toHaveLength(1);

    server.kill('SIGTERM');
    await once(server, 'exit');
    await store.close();
    await close();
  },
  60_000,
);
