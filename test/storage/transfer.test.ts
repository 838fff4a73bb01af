import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createConnection } from 'mongoose';
import { afterAll, expect, test } from 'vitest';
import { migrate } from '../../src/cli/migrate.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { RECORD_KINDS } from '../../src/domain/transfer.ts';
import { openMongoStore } from '../../src/storage/mongo/open.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open.ts';
import { FLAG_COLUMNS, JSON_COLUMNS } from '../../src/storage/sqlite/transfer.ts';
import {
  aDeployment,
  aDesiredScore,
  aLogin,
  aMember,
  anActivity,
  anAuditEvent,
  aPlatform,
  aSession,
  aSubmission,
  aToolKey,
  COURSE,
  DAY,
  HOUR,
  MINUTE,
  NOW,
} from '../support/build.ts';
import { describeWithMongo, freshDatabase } from '../support/mongo.ts';
import { runCommand } from '../support/run-command.ts';
import { seedClass } from '../support/seeded-class.ts';
import { until } from '../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'shsm-move-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A class in the middle of things, and at least one record of every other kind. */
async function fill(store: Store): Promise<void> {
  await store.addPlatform(aPlatform(), anAuditEvent({ id: 'audit-0', subject: 'platform-1' }));
  await store.seeDeployment(aDeployment(), anAuditEvent({ id: 'audit-2', subject: 'deployment-1' }));
  await store.addToolKey(aToolKey());
  await store.openLogin(aLogin());
  await store.openSession(aSession());
  await store.addInvite(
    {
      codeHash: 'hash-1',
      name: null,
      platformStatus: 'active',
      createdAt: NOW,
      expiresAt: NOW + DAY,
      spentAt: null,
    },
    anAuditEvent({ id: 'audit-3' }),
  );
  await seedClass(store);
  await store.saveRosterProblem(COURSE, { key: 'lms-unavailable', status: 503, excerpt: 'Away' }, NOW);
  await store.claimDue('platform-1', NOW, NOW + MINUTE, 'worker-1', 1);
  await store.lockLineItem('activity-1', 'worker-1', NOW, NOW + MINUTE);
  await store.takeTurn('reconcile', 'process-1', NOW, NOW + HOUR);
  await store.savePace(
    {
      ...{ platformId: 'platform-1', version: 1, allowed: 12.5, usedUntil: NOW + 0.5 },
      ...{ learnt: { perSecond: 40, refused: 80, since: NOW }, holdUntil: null, heldFrom: null },
    },
    0,
  );
  await store.noteLaunch({
    ...{ requestId: 'request-1', at: NOW, platformId: 'platform-1', deploymentId: null, messageType: null },
    ...{ role: null, passed: ['state'], failed: 'nonce', refusal: 'lti-errors.nonce', claim: null },
  });
}

test('no table is left behind, and every JSON column and flag is known as one', () => {
  const path = join(folder, 'tables.db');
  void openSqliteStore({ path }).close();
  const database = new DatabaseSync(path);
  const tables = database
    .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all()
    .map((row) => [String(row['name']), String(row['sql'])] as const)
    .filter(([name]) => name !== 'migrations');
  database.close();
  expect(tables.map(([name]) => name).sort()).toEqual([...RECORD_KINDS].sort());
  const marked = (mark: RegExp) =>
    tables.flatMap(([table, sql]) =>
      sql
        .split('\n')
        .filter((line) => mark.test(line))
        .map((line) => `${table}.${/^\s*(\w+)/.exec(line)?.[1]}`),
    );
  // Columns that were added later stand without their comment in what SQLite keeps.
  expect([...JSON_COLUMNS]).toEqual(expect.arrayContaining(marked(/-- JSON/)));
  expect([...FLAG_COLUMNS]).toEqual(expect.arrayContaining(marked(/-- 0 or 1/)));
});

await describeWithMongo('moving between the stores', (mongo) => {
  const { url, drop } = freshDatabase(mongo);
  afterAll(drop);
  const from = `sqlite:${join(folder, 'from.db')}`;
  const back = `sqlite:${join(folder, 'back.db')}`;

  test('everything arrives, to and fro, and a second run changes nothing', async () => {
    const source = openSqliteStore({ path: join(folder, 'from.db') });
    await fill(source);
    const first = await migrate({ from, to: url });
    expect(first).toMatchObject({ code: 0, data: { same: true } });
    const { moved } = first.data as { moved: { kind: string; from: { count: number } }[] };
    expect(moved.filter((one) => one.from.count === 0)).toEqual([]);

    const target = await openMongoStore({ url });
    for (const read of [
      (store: Store) => store.platforms(),
      (store: Store) => store.session('session-hash-1'),
      (store: Store) => store.activitiesIn(COURSE),
      (store: Store) => store.members(COURSE),
      (store: Store) => store.roster(COURSE),
      (store: Store) => store.submissionsBy(COURSE, 'student-1'),
      (store: Store) => store.evidence('evidence-1'),
      (store: Store) => store.cells({}),
      (store: Store) => store.auditOf('submission-1'),
      (store: Store) => store.launchNotes(null, 10),
    ])
      expect(await read(target)).toEqual(await read(source));
    expect(await migrate({ from, to: url })).toEqual(first);
    expect(await migrate({ from: url, to: back })).toMatchObject({ code: 0 });
    await source.close();
    await target.close();
  });

  test('a move that was broken off goes on, and what is in the target is never replaced', async () => {
    const raw = createConnection(url);
    await raw.asPromise();
    await raw.collection('evidence.files').deleteMany({});
    await raw.collection('audit_events').deleteOne({ id: 'audit-2' });
    await raw.close();
    expect(await migrate({ from, to: url })).toMatchObject({ code: 0 });

    const target = await openMongoStore({ url });
    const known = await target.submission('verified-2');
    const audit = anAuditEvent({ id: 'audit-later', action: 'submission.accepted' });
    const submission = { ...(known ?? aSubmission()), reflection: 'Written after the move.' };
    await target.saveSubmission(
      { submission, fromVersion: submission.version, evidence: null, score: null, audit },
      NOW,
    );
    const again = await migrate({ from, to: url });
    expect(again.code).toBe(1);
    const { moved } = again.data as { moved: { kind: string; same: boolean }[] };
    expect(moved.filter((one) => !one.same).map((one) => one.kind)).toEqual(['submissions', 'audit_events']);
    expect((await target.submission('verified-2'))?.reflection).toBe('Written after the move.');
    await target.close();
  });

  test('the command is killed in the middle, and run again it ends what it began', async () => {
    const pilot = openSqliteStore({ path: join(folder, 'pilot.db') });
    await pilot.recordLaunch(anActivity(), aMember());
    const many = Array.from({ length: 1_500 }, (_, at) => aSubmission({ id: `s-${at}`, userId: `u-${at}` }));
    await Promise.all(
      many.map((submission) =>
        pilot.saveSubmission(
          {
            ...{ submission, fromVersion: 0, evidence: null },
            score: { desired: aDesiredScore(), fromVersion: 0 },
            audit: anAuditEvent({ id: `audit of ${submission.id}`, subject: submission.id }),
          },
          NOW,
        ),
      ),
    );
    await pilot.close();
    const board = freshDatabase(mongo);
    const move = ['migrate', '--from', `sqlite:${join(folder, 'pilot.db')}`, '--to', board.url, '--json'];
    const target = await createConnection(board.url).asPromise();
    const arrived = () => target.collection('submissions').countDocuments();

    const child = spawn(process.execPath, ['src/cli/shsm-badges.ts', ...move], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    await until(async () => (await arrived()) > 0);
    child.kill('SIGKILL');
    await ended;
    expect(await target.collection('audit_events').countDocuments()).toBeLessThan(many.length);

    const { code, stdout } = await runCommand(move, {});
    expect({ code, same: JSON.parse(stdout).same, arrived: await arrived() }).toEqual({
      code: 0,
      same: true,
      arrived: many.length,
    });
    await target.close();
    await board.drop();
  }, 60_000);

  test.each([
    [{ from: 'postgres://x', to: 'sqlite:x.db' }, /^--from:/],
    [{ from: `sqlite:${join(folder, 'nowhere.db')}`, to: 'sqlite:x.db' }, /^--from: there is no/],
    [{ from, to: 'elsewhere' }, /^--to:/],
  ])('what cannot be moved is refused: %o', async (options, words) => {
    expect(await migrate(options)).toMatchObject({ code: 2, text: expect.stringMatching(words) });
  });
});
