import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DemoLms, startDemoLms } from '../src/demo/demo-lms.ts';
import type { Log, Store } from '../src/domain/ports.ts';
import { createGradeServices } from '../src/lti/grade-services.ts';
import { createProvider } from '../src/lti/provider.ts';
import { createToolKeys } from '../src/lti/tool-keys.ts';
import { createWorker } from '../src/passback/worker.ts';
import { createPlatforms } from '../src/services/platforms.ts';
import { openSqliteStore } from '../src/storage/sqlite/open.ts';
import { aDesiredScore, aMember, anActivity, aSubmission } from '../test/support/build.ts';

const SCORES = 400;
const PLATFORMS = 40;
const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope';
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };
const newId = () => crypto.randomUUID();

/** Scores brought to demo LMSs in a second: one LMS, forty, and forty of which one hangs; all in the same run and process. */
export async function passbackBench(): Promise<string> {
  const one = await measure(1, 0);
  const forty = await measure(PLATFORMS, 0);
  const hanging = await measure(PLATFORMS, 1);
  return [
    `deliveries       ${one.toFixed(0)} a second to one LMS, ${forty.toFixed(0)} to ${PLATFORMS} (ratio ${(forty / one).toFixed(1)})`,
    `one LMS hangs    ${hanging.toFixed(0)} a second to the other ${PLATFORMS - 1} (ratio ${(hanging / forty).toFixed(2)} of all well; goal over 0.9)`,
  ].join('\n');
}

/** Scores a second to the platforms that are well. */
async function measure(platforms: number, hanging: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'shsm-bench-'));
  const store = openSqliteStore({ path: join(folder, 'bench.db') });
  const toolKeys = createToolKeys({
    store,
    secrets: ['a secret of the bench, 32 bytes long'],
    now: Date.now,
    newId,
    log: silent,
  });
  await toolKeys.ensure();
  const { signingIdentity } = await createProvider({ store, toolKeys });
  const keys = createServer(async (_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(await toolKeys.keySet()));
  });
  keys.listen(0, '127.0.0.1');
  await once(keys, 'listening');
  const toolUrl = `http://127.0.0.1:${(keys.address() as AddressInfo).port}`;
  const { sendScore } = createGradeServices({
    store,
    identityOf: signingIdentity,
    production: false,
    version: 'bench',
    dispatcher: null,
    now: Date.now,
    newId,
  });
  const lmss: DemoLms[] = [];
  const perPlatform = SCORES / platforms;
  for (let at = 0; at < platforms; at += 1) {
    const lms = await startDemoLms({
      port: 0,
      toolUrl,
      samplesDir: null,
      now: Date.now,
      studentCount: Math.max(2, perPlatform),
    });
    lmss.push(lms);
    await decideAll(store, lms, perPlatform);
    if (at < hanging) lms.faults.set({ token: { delayMs: 600_000 } });
  }

  const worker = createWorker({ store, sendScore, now: Date.now, log: silent, owner: newId() });
  const well = lmss.slice(hanging);
  const began = performance.now();
  worker.start();
  await Promise.all(well.map((lms) => lms.gradebook.until((cells) => cells.length === perPlatform, 120_000)));
  const seconds = (performance.now() - began) / 1000;
  for (const lms of lmss) await lms.close();
  await worker.stop();
  await store.close();
  keys.closeAllConnections();
  keys.close();
  rmSync(folder, { recursive: true });
  return (well.length * perPlatform) / seconds;
}

/** A decision on every student of a course. */
async function decideAll(store: Store, lms: DemoLms, students: number): Promise<void> {
  const { deploymentId, ...registration } = lms.registration;
  const added = await createPlatforms({ store, now: Date.now, newId }, false).add({
    name: 'Demo LMS',
    ...registration,
    audience: null,
    deploymentIds: [deploymentId],
  });
  if (added.kind === 'problems') throw new Error(added.problems.join('\n'));
  const course = { platformId: added.platform.id, deploymentId, contextId: lms.course.id };
  const lineItemsUrl = `${lms.url}/lti/courses/${lms.course.id}/line-items?type_id=1`;
  const scopes = ['lineitem', 'score', 'result.readonly'].map((name) => `${AGS}/${name}`);
  const [link] = lms.course.links();
  const activity = anActivity({
    ...course,
    id: newId(),
    resourceLinkId: link?.id ?? '',
    lineItemsUrl,
    lineItemUrl: null,
    scopes,
  });
  await store.recordLaunch(activity, aMember(course));
  for (let at = 1; at <= students; at += 1)
    await store.saveSubmission(
      {
        submission: aSubmission({ ...course, id: newId(), activityId: activity.id, userId: `student-${at}` }),
        fromVersion: 0,
        evidence: null,
        score: { desired: aDesiredScore({ scoringUserId: null }), fromVersion: 0 },
        audit: null,
      },
      Date.now(),
    );
}
