import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { createToolKeys } from '../../src/lti/tool-keys.ts';
import { openStore } from '../../src/open-store.ts';
import { aMember, anActivity, HOUR, MINUTE } from '../support/build.ts';
import { brokenPromises, handInAll, NOTHING_BROKEN, type Word } from '../support/graded-journey.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { describeWithMongo, freshDatabase } from '../support/mongo.ts';
import { numbersFrom } from '../support/numbers-from.ts';
import { trailOf } from '../support/score-trail.ts';
import { until } from '../support/until.ts';
import { aPlaceToRun, register } from '../support/whole-tool.ts';

/** `SHSM_TEST_KILLS=500` for a long run on each store, `SHSM_TEST_SEED` to see a run again. */
const KILLS = Number(process.env['SHSM_TEST_KILLS'] ?? 8);
const SEED = Number(process.env['SHSM_TEST_SEED'] ?? Date.now() % 1_000_000);
const STUDENTS = 12;
const SEATS = 3;
const PATIENCE_MS = Math.max(120_000, KILLS * 20_000);
const PROMISE = `${KILLS} SIGKILLs in the middle of decisions and deliveries: nothing that was answered is missing (seed ${SEED})`;

test(`SQLite, ${PROMISE}`, () => killAgainAndAgain('SQLite', {}), PATIENCE_MS);

await describeWithMongo('MongoDB', (mongo) => {
  const { url, drop } = freshDatabase(mongo);
  afterAll(drop);
  test(`MongoDB, ${PROMISE}`, () => killAgainAndAgain('MongoDB', { SHSM_DATABASE: url }), PATIENCE_MS);
});

async function killAgainAndAgain(name: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const random = numbersFrom(SEED);
  let ahead = 0;
  const place = await aPlaceToRun({
    now: () => Date.now() + ahead,
    studentCount: STUDENTS,
    seedColumn: false,
    faults: { busy: { share: 0.1, seed: SEED } },
  });
  const { lms } = place;
  const env = { ...place.env, ...settings };
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const trail = trailOf(lms.gradebook);
  const store = await openStore(read.config.database);
  await register(store, lms);
  const keys = await serveKeys(store, read.config.secret, Number(env['SHSM_PORT']));
  const ids = await openCourse(store, lms.url);
  const words = new Map(ids.map((id): [string, Word] => [id, { said: 0, kept: 0 }]));
  const seats = Array.from({ length: SEATS }, (_, seat) => ids.filter((_id, at) => at % SEATS === seat));
  const kept = () => [...words.values()].reduce((sum, word) => sum + word.kept, 0);
  const compiled = mkdtempSync(join(tmpdir(), 'shsm-compiled-'));
  let answered = 0;

  function start(): ChildProcess {
    const numbers = Object.fromEntries([...words].map(([id, { said }]) => [id, said]));
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        'test/support/grading-process.ts',
        JSON.stringify({ seats, numbers }),
      ],
      {
        env: {
          PATH: process.env['PATH'] ?? '',
          ...env,
          CLOCK_AHEAD_MS: String(ahead),
          NODE_COMPILE_CACHE: compiled,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const [what, id = '', number] = line.split(' ');
      const word = words.get(id);
      if (word === undefined) throw new Error(line);
      word[what as keyof Word] = Number(number);
      if (what === 'kept') answered += 1;
    });
    return child;
  }

  async function kill(child: ChildProcess): Promise<void> {
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }

  for (let kills = 0; kills < KILLS; kills += 1) {
    const before = answered;
    const child = start();
    // One in ten dies before it has decided anything.
    if (random() < 0.9) await until(() => answered > before || child.exitCode !== null);
    if (child.exitCode !== null) throw new Error(`the process ended by itself with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, random() * 250));
    await kill(child);
    // Past the lease of what it held.
    ahead += MINUTE + 1_000;
  }
  lms.faults.clear();
  ahead += 2 * HOUR;
  const last = start();
  const before = kept();
  await until(() => kept() > before);
  // No more decisions: the next one only delivers.
  await kill(last);
  seats.splice(0);
  ahead += MINUTE + 1_000;
  const delivering = start();
  await until(async () => (await store.cells({})).every((cell) => cell.status !== 'pending'));
  await kill(delivering);

  expect(await brokenPromises(store, lms, words, trail)).toEqual(NOTHING_BROKEN);
  expect(answered).toBeGreaterThan(KILLS / 2);
  process.stderr.write(
    `${name}: ${KILLS} kills, ${answered} decisions answered, ${trail.length} scores received, seed ${SEED}\n`,
  );
  rmSync(compiled, { recursive: true, force: true });
  keys.closeAllConnections();
  keys.close();
  await store.close();
  await place.close();
}

/** The tool's published keys, where the LMS looks for them. */
async function serveKeys(store: Store, secret: string, port: number) {
  const toolKeys = createToolKeys({
    store,
    secrets: [secret],
    now: Date.now,
    newId: () => crypto.randomUUID(),
    log: createMemoryLog().log,
  });
  await toolKeys.ensure();
  const server = createServer(async (_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(await toolKeys.keySet()));
  });
  server.listen(port, 'localhost');
  await once(server, 'listening');
  return server;
}

/** The activity as a launch brings it, and a submission of each student. */
async function openCourse(store: Store, lmsUrl: string): Promise<readonly string[]> {
  const [platform] = await store.platforms();
  const [deployment] = await store.deployments(platform?.id ?? '');
  const course = {
    platformId: platform?.id ?? '',
    deploymentId: deployment?.deploymentId ?? '',
    contextId: 'course-1',
  };
  const scopes = ['lineitem', 'score', 'result.readonly'].map(
    (scope) => `https://purl.imsglobal.org/spec/lti-ags/scope/${scope}`,
  );
  await store.recordLaunch(
    anActivity({
      ...course,
      id: crypto.randomUUID(),
      resourceLinkId: 'activity-1',
      lineItemsUrl: `${lmsUrl}/lti/courses/course-1/line-items?type_id=1`,
      lineItemUrl: null,
      scopes,
    }),
    aMember(course),
  );
  return handInAll(store, STUDENTS);
}
