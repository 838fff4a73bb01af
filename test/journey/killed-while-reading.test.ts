import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { parseDatabase } from '../../src/config.ts';
import type { Submission } from '../../src/domain/submission.ts';
import { openStore } from '../../src/open-store.ts';
import { SECOND } from '../support/build.ts';
import { openActivity } from '../support/in-course.ts';
import { describeWithMongo, freshDatabase } from '../support/mongo.ts';
import { startServer } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { aPlaceToRun, register } from '../support/whole-tool.ts';

/** Longer than the claim of a process that died. */
const PAST_ITS_CLAIM = 31 * SECOND;
const PAGE = '<html><head><meta property="og:title" content="Standard First Aid"></head><body></body></html>';

/** A site that shows a badge: it keeps whoever asks waiting, until `open`. */
async function aSlowSite() {
  const held: ServerResponse[] = [];
  let isOpen = false;
  let asked = 0;
  const site = createServer((_request, response) => {
    asked += 1;
    if (isOpen) response.setHeader('content-type', 'text/html').end(PAGE);
    else held.push(response);
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  const host = `127.0.0.1:${(site.address() as AddressInfo).port}`;
  return {
    host,
    asked: () => asked,
    open: () => {
      isOpen = true;
      for (const response of held) response.destroy();
    },
    close: () => {
      site.closeAllConnections();
      site.close();
    },
  };
}

/** A badge is handed in, the server ends in the middle of reading it, and another one starts. */
async function endedWhileReading(signal: 'SIGKILL' | 'SIGTERM', database: string | null) {
  const { lms, config, env, close } = await aPlaceToRun();
  const site = await aSlowSite();
  const running = {
    ...env,
    ...(database !== null && {
      SHSM_DATABASE: database,
      SHSM_SECRET: 'a secret of the tests, 32 bytes long',
    }),
    SHSM_ALLOW_PRIVATE_HOSTS: `${env['SHSM_ALLOW_PRIVATE_HOSTS']},${site.host}`,
  };
  const store = await openStore((database === null ? null : parseDatabase(database)) ?? config.database);
  await register(store, lms);
  const first = await startServer(running);
  const student = await openActivity(lms, 'student-1');
  const form = await student.visitor.follow(student.page, 'a[href$="/new"]');
  const id = /submissions\/([\w-]+)/.exec(
    form.html.querySelector('form[data-draft]')?.getAttribute('action') ?? '',
  )?.[1];
  const submission = async (): Promise<Submission> => {
    const found = await store.submission(id ?? '');
    if (found === null) throw new Error('nothing was kept');
    return found;
  };
  // The visitor waits for the result; the server ends before it can bring it.
  const handingIn = student.visitor
    .send(
      form,
      'form[data-draft]',
      { way: 'address', address: `http://${site.host}/badge`, reflection: 'I would call for help.' },
      'action=submit',
    )
    .catch(() => null);
  await until(async () => site.asked() > 0 && (await store.submission(id ?? ''))?.reading != null);
  const before = await submission();
  first.kill(signal);
  const [exitCode] = await once(first, 'exit');
  const after = await submission();
  site.open();
  const ahead = { ...running, CLOCK_AHEAD_MS: String(signal === 'SIGKILL' ? PAST_ITS_CLAIM : 0) };
  const second: ChildProcess = await startServer(ahead, ['test/support/server-on-clock.ts']);
  await until(async () => (await submission()).reading === null);
  const read = await submission();
  const cell = await store.cell(read);
  await handingIn;
  second.kill('SIGKILL');
  await once(second, 'exit');
  await store.close();
  site.close();
  await close();
  return { exitCode, before, after, read, cell };
}

function nothingIsLost(
  name: string,
  signals: readonly ('SIGKILL' | 'SIGTERM')[],
  database: () => string | null,
) {
  test.each(signals)(
    `${name}: a badge that was being read at %s is read all the same`,
    async (signal) => {
      const { exitCode, before, after, read, cell } = await endedWhileReading(signal, database());
      expect(exitCode).toBe(signal === 'SIGKILL' ? null : 0);
      expect(before).toMatchObject({
        state: 'submitted',
        credential: null,
        reflection: 'I would call for help.',
      });
      expect(read).toMatchObject({
        state: 'submitted',
        reflection: 'I would call for help.',
        submittedAt: before.submittedAt,
        reading: null,
      });
      // A server that is asked to stop may still hear that the site does not answer.
      if (signal === 'SIGTERM' && after.reading === null)
        expect(read.credential?.outcome).toBe('could-not-check');
      else
        expect(read).toMatchObject({
          credential: { outcome: 'self-reported', credential: { name: 'Standard First Aid' } },
          placement: { certification: 'standard-first-aid' },
        });
      if (signal === 'SIGKILL') expect(after).toEqual(before);
      expect(cell?.desired).toMatchObject({ activityProgress: 'Submitted' });
    },
    60_000,
  );
}

describe('ended while reading', () => nothingIsLost('SQLite', ['SIGKILL', 'SIGTERM'], () => null));
await describeWithMongo('ended while reading', (mongo) => {
  const { url } = freshDatabase(mongo);
  nothingIsLost('MongoDB', ['SIGKILL'], () => url);
});
