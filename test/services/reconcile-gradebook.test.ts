import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorker } from '../../src/passback/worker.ts';
import { createReconcileGradebook } from '../../src/services/reconcile-gradebook.ts';
import { HOUR, NOW } from '../support/build.ts';
import { createClock } from '../support/clock.ts';
import { type GradePlatform, startGradePlatform } from '../support/grade-platform.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { createPassbackRig } from '../support/passback-rig.ts';

let clock: ReturnType<typeof createClock>;
const cleanUp: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  clock = createClock();
});
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});

async function wire(...ids: readonly string[]) {
  const platforms: Record<string, GradePlatform> = {};
  for (const id of ids) {
    const platform = await startGradePlatform({ now: clock.now });
    platforms[id] = platform;
    cleanUp.push(platform.close);
  }
  const rig = createPassbackRig(platforms, { now: clock.now });
  cleanUp.push(() => rig.store.close());
  await rig.addPlatforms();
  const { log } = createMemoryLog();
  const worker = createWorker({
    store: rig.store,
    sendScore: rig.sendScore,
    now: clock.now,
    log,
    owner: 'one',
  });
  const reconcile = createReconcileGradebook({
    store: rig.store,
    readGradebook: rig.readResults,
    now: clock.now,
  });
  const findings = async (options = { resend: false }) => {
    const { agreeing, differences } = await reconcile(options);
    const said = differences.map(({ cell, finding, shown, resent }) => ({
      user: cell.userId,
      finding,
      shown: shown?.score ?? null,
      resent,
    }));
    return { agreeing, said: said.toSorted((a, b) => a.user.localeCompare(b.user)) };
  };
  return { ...rig, platforms, worker, reconcile, findings };
}

async function graded(...students: readonly string[]) {
  const rig = await wire('p');
  const platform = rig.platforms['p'] as GradePlatform;
  const activity = await rig.launch('p');
  for (const student of students) await rig.decide(activity, student);
  await rig.worker.runOnce();
  return { ...rig, platform, activity };
}

test('a gradebook that shows every score agrees, through all its pages', async () => {
  const rig = await graded('a', 'b', 'c', 'd', 'e');
  expect(await rig.findings()).toEqual({ agreeing: 5, said: [] });
});

test('a score that the LMS took and does not show is missing, and is sent again only on request', async () => {
  const rig = await graded('a', 'b');
  rig.platform.book.forget('b');
  const missing = { user: 'b', finding: 'missing', shown: null };
  expect(await rig.findings()).toEqual({ agreeing: 1, said: [{ ...missing, resent: false }] });
  expect((await rig.cell(rig.activity, 'b')).status).toBe('delivered');

  clock.advance(HOUR);
  expect(await rig.findings({ resend: true })).toEqual({ agreeing: 1, said: [{ ...missing, resent: true }] });
  expect(await rig.worker.runOnce()).toBe(1);
  expect(rig.platform.book.shown('b')).toMatchObject({
    scoreGiven: 10,
    timestamp: new Date(NOW + HOUR).toISOString(),
  });
  expect(await rig.findings()).toEqual({ agreeing: 2, said: [] });
});

test('what a teacher changed in the LMS is shown as such and never overwritten', async () => {
  const rig = await graded('a');
  rig.platform.book.override('a', 6);
  const changed = { agreeing: 0, said: [{ user: 'a', finding: 'changed', shown: 6, resent: false }] };
  expect(await rig.findings({ resend: true })).toEqual(changed);
  expect(await rig.worker.runOnce()).toBe(0);
  expect(await rig.findings({ resend: true })).toEqual(changed);
  await rig.decide(rig.activity, 'a', { scoreGiven: 8 });
  await rig.worker.runOnce();
  expect(await rig.findings()).toEqual({ agreeing: 1, said: [] });
});

test('the same points in another scale agree', async () => {
  const rig = await graded('a');
  rig.platform.book.override('a', 100, 100);
  expect(await rig.findings()).toEqual({ agreeing: 1, said: [] });
});

test('a score that waits for its teacher need not be shown', async () => {
  const rig = await graded();
  await rig.decide(rig.activity, 'a', { scoreGiven: null, gradingProgress: 'PendingManual' });
  await rig.worker.runOnce();
  expect(await rig.findings()).toEqual({ agreeing: 1, said: [] });
});

test('what is on its way and what a person must see to are told apart', async () => {
  const rig = await graded();
  rig.platform.book.refusedUsers.set('a', { status: 422, body: 'role' });
  await rig.decide(rig.activity, 'a');
  await rig.worker.runOnce();
  await rig.decide(rig.activity, 'b');
  expect(await rig.findings()).toEqual({
    agreeing: 0,
    said: [
      { user: 'a', finding: 'failed', shown: null, resent: false },
      { user: 'b', finding: 'waiting', shown: null, resent: false },
    ],
  });
});

test('a decision that falls into the comparison is on its way, not missing', async () => {
  const rig = await graded('a');
  rig.platform.book.forget('a');
  const reconcile = createReconcileGradebook({
    store: rig.store,
    now: clock.now,
    readGradebook: async (activity) => {
      const read = await rig.readResults(activity);
      await rig.decide(rig.activity, 'a', { scoreGiven: 9 });
      return read;
    },
  });
  const { differences } = await reconcile({ resend: true });
  expect(differences.map(({ finding, resent }) => ({ finding, resent }))).toEqual([
    { finding: 'waiting', resent: false },
  ]);
  expect(await rig.cell(rig.activity, 'a')).toMatchObject({ desiredVersion: 2, desired: { scoreGiven: 9 } });
});

test('of a list that does not end nothing is said about those who are not on it', async () => {
  const rig = await graded('a', 'b', 'c');
  rig.platform.settings.nextLink = () => `${rig.platform.origin}/lineitems/1/lineitem/results?type_id=7`;
  const { agreeing, said } = await rig.findings({ resend: true });
  expect({ agreeing, said }).toEqual({
    agreeing: 2,
    said: [{ user: 'c', finding: 'unchecked', shown: null, resent: false }],
  });
});

test('an LMS that hangs is asked once, and the others are compared all the same', async () => {
  const rig = await wire('still', 'well');
  const still = rig.platforms['still'] as GradePlatform;
  for (const link of ['link-1', 'link-2', 'link-3'])
    await rig.decide(await rig.launch('still', { resourceLinkId: link }), `${link} still`);
  await rig.decide(await rig.launch('well'), 'well');
  await rig.worker.runOnce();
  still.fail('results', 'hang');
  const asked = still.seen.length;
  const { agreeing, said } = await rig.findings();
  expect({ agreeing, findings: said.map((one) => one.finding) }).toEqual({
    agreeing: 1,
    findings: ['unchecked', 'unchecked', 'unchecked'],
  });
  expect(still.seen.slice(asked).filter((request) => request.route === 'results')).toHaveLength(1);
});

test('an LMS that does not let the tool read results is not said to agree', async () => {
  const rig = await wire('p');
  const activity = await rig.launch('p', {
    scopes: (rig.platforms['p']?.settings.scopes ?? []).filter((scope) => !scope.includes('result')),
  });
  await rig.decide(activity, 'a');
  await rig.worker.runOnce();
  const { differences } = await rig.reconcile({ resend: false });
  expect(differences).toMatchObject([{ finding: 'unchecked', error: { key: 'service-not-allowed' } }]);
});
