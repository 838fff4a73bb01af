import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import type { Activity } from '../../src/domain/activity.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { openStore } from '../../src/open-store.ts';
import { aDesiredScore, aSubmission } from '../support/build.ts';
import { openActivity } from '../support/in-course.ts';
import { describeWithMongo, freshDatabase } from '../support/mongo.ts';
import { aPlaceToRun, register } from '../support/whole-tool.ts';

const STUDENTS = Array.from({ length: 12 }, (_, n) => `student-${n + 1}`);
const DECISIONS_EACH = 8;

/** A server as an operator runs it; resolves when it says that it is ready. */
async function startServer(env: Record<string, string>): Promise<ChildProcess> {
  const server = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'src/cli/shsm-badges.ts', 'serve'],
    { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  for await (const chunk of server.stderr ?? []) {
    said += String(chunk);
    if (said.includes('"ready"')) break;
  }
  if (!said.includes('"ready"')) throw new Error(`the server did not start: ${said}`);
  server.stderr?.resume();
  return server;
}

async function stop(server: ChildProcess): Promise<unknown> {
  server.kill('SIGTERM');
  const [code] = await once(server, 'exit');
  return code;
}

/** A teacher's decision, as the review service writes it. */
async function decide(store: Store, activity: Activity, userId: string, points: number): Promise<void> {
  const { id: activityId, platformId, deploymentId, contextId } = activity;
  const cell = await store.cell({ activityId, userId });
  const id = crypto.randomUUID();
  const saved = await store.saveSubmission(
    {
      submission: aSubmission({ id, activityId, platformId, deploymentId, contextId, userId }),
      fromVersion: 0,
      evidence: null,
      score: {
        desired: aDesiredScore({ scoreGiven: points, scoreMaximum: 100, comment: `decision ${points}` }),
        fromVersion: cell?.desiredVersion ?? 0,
      },
      audit: null,
    },
    Date.now(),
  );
  if (saved !== 'saved') throw new Error(saved);
}

await describeWithMongo('two servers on one database', (mongo) => {
  const { url, drop } = freshDatabase(mongo);
  afterAll(drop);

  test('share the deliveries: every score is right, once, in one column, also when one of them stops', async () => {
    const { lms, env, close } = await aPlaceToRun({ studentCount: STUDENTS.length, seedColumn: false });
    const store = await openStore({ kind: 'mongodb', url });
    await register(store, lms);
    const shared = { ...env, SHSM_DATABASE: url };
    const servers = [await startServer(shared), await startServer({ ...shared, SHSM_PORT: '0' })] as const;
    await openActivity(lms, 'student-1');
    const [platform] = await store.platforms();
    const [activity] = await store.activitiesIn({
      platformId: platform?.id ?? '',
      deploymentId: lms.registration.deploymentId,
      contextId: lms.course.id,
    });
    if (activity === undefined) throw new Error('the launch left no activity');

    const owners = new Set<string>();
    for (let round = 1; round <= DECISIONS_EACH; round += 1) {
      await Promise.all(
        STUDENTS.map((student, n) => decide(store, activity, student, round * 10 + (n % 10))),
      );
      await lms.gradebook.until((cells) => cells.length > 0);
      for (const cell of await store.cells({})) if (cell.leaseOwner !== null) owners.add(cell.leaseOwner);
      if (round === DECISIONS_EACH - 2) expect(await stop(servers[1])).toBe(0);
    }

    const expected = Object.fromEntries(
      STUDENTS.map((student, n) => [student, DECISIONS_EACH * 10 + (n % 10)]),
    );
    const shown = () =>
      Object.fromEntries(lms.gradebook.cells().map((cell) => [cell.userId, cell.score.scoreGiven]));
    await lms.gradebook.until(
      () => STUDENTS.every((student) => shown()[student] === expected[student]),
      30_000,
    );
    expect(shown()).toEqual(expected);
    expect(lms.gradebook.lineItems()).toHaveLength(1);
    // Both took part: each fetched a token of its own.
    const tokens = lms.log.calls().filter((call) => call.path === '/lti/token' && call.status === 200);
    expect(tokens.length).toBeGreaterThanOrEqual(2);
    expect(owners.size).toBeGreaterThanOrEqual(1);

    expect(await stop(servers[0])).toBe(0);
    expect((await store.cells({})).map((cell) => cell.status)).toEqual(STUDENTS.map(() => 'delivered'));
    await store.close();
    await close();
  }, 90_000);
});
