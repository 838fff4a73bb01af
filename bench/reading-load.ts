import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { DemoLms } from '../src/demo/demo-lms.ts';
import { openStore } from '../src/open-store.ts';
import { openActivity } from '../test/support/in-course.ts';
import { createVisitor, type Page } from '../test/support/visitor.ts';
import { aPlaceToRun, register } from '../test/support/whole-tool.ts';

const BADGES = 50;
const PHOTOS = 10;
const ASK_EVERY_MS = 100;
/** As a page that waits looks again by itself. */
const LOOK_AGAIN_MS = 3_000;
const PHOTO = 'test/badges/fixtures/pictures/certificate.jpg';

/**
 * A class hands in fifty badges at the same moment (baked, hosted, PDF, and photos whose letters have to be read). Meanwhile
 * a teacher and a student open pages: what they wait for, beside the same pages on the same server at rest.
 */
export async function readingLoadBench(): Promise<string> {
  const place = await aPlaceToRun({ studentCount: BADGES });
  const store = await openStore(place.config.database);
  await register(store, place.lms);
  const server = await start(place.env);
  try {
    const teacher = await openActivity(place.lms, 'teacher-1');
    const student = await openActivity(place.lms, 'student-1');
    const addresses = [teacher.page.url, student.page.url];
    const ask = async (at: number): Promise<number> => {
      const [who, address] = at % 2 === 0 ? [teacher, addresses[0]] : [student, addresses[1]];
      const began = performance.now();
      const page = await who.visitor.open(address ?? '');
      if (page.status !== 200) throw new Error(`${page.url}: ${page.status}`);
      return performance.now() - began;
    };
    for (let warm = 0; warm < 20; warm += 1) await ask(warm);
    const rest = await askFor(5_000, ask);

    const people: Awaited<ReturnType<typeof openActivity>>[] = [];
    for (let at = 1; at <= BADGES; at += 1)
      people.push(
        await openActivity(place.lms, `student-${at}`, {
          visitor: createVisitor({ lookAgainMs: LOOK_AGAIN_MS }),
        }),
      );
    const forms: Page[] = [];
    for (const { visitor, page } of people) forms.push(await visitor.follow(page, 'a[href$="/new"]'));
    const files = await filesOf(place.lms);
    let isDone = false;
    const began = performance.now();
    const load = Promise.all(
      people.map(async ({ visitor }, at) => {
        const form = forms[at];
        const file = files[at];
        if (form === undefined || file === undefined) throw new Error('no form');
        const done = await visitor.send(
          form,
          'form[data-draft]',
          {
            way: 'file',
            file,
            title: 'Standard First Aid',
            reflection: 'I would stay calm and call for help.',
          },
          'action=submit',
        );
        if (done.status !== 200) throw new Error(`${done.status}: ${done.text.slice(0, 200)}`);
      }),
    ).then(() => {
      isDone = true;
    });
    const meanwhile: number[] = [];
    for (let at = 0; !isDone; at += 1) {
      meanwhile.push(await ask(at));
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
    await load;
    const seconds = (performance.now() - began) / 1000;
    return [
      `pages at rest            median ${ms(part(rest, 0.5))}, p95 ${ms(part(rest, 0.95))} (${rest.length} pages)`,
      `while ${BADGES} badges are read  median ${ms(part(meanwhile, 0.5))}, p95 ${ms(part(meanwhile, 0.95))}, longest ${ms(Math.max(...meanwhile))} (${meanwhile.length} pages; goal p95 under 100 ms; ratio ${(part(meanwhile, 0.95) / part(rest, 0.95)).toFixed(1)})`,
      `all read and shown       ${seconds.toFixed(1)} s, ${PHOTOS} of them photos`,
    ].join('\n');
  } finally {
    server.kill('SIGTERM');
    await once(server, 'exit');
    await store.close();
    await place.close();
  }
}

/** Ten photos, and the demo's badges in turn. */
async function filesOf({ samples }: DemoLms): Promise<readonly File[]> {
  const photo = readFileSync(PHOTO);
  const badges = samples.all.filter(({ award }) => award.form !== 'picture' && award.flaw === null);
  const files: File[] = [];
  for (let at = 0; at < BADGES; at += 1) {
    const badge = badges[at % badges.length];
    if (at % (BADGES / PHOTOS) === 0) files.push(new File([photo], `photo-${at}.jpg`));
    else if (badge !== undefined) files.push(new File([new Uint8Array(await badge.bytes())], badge.fileName));
  }
  return files;
}

async function askFor(forMs: number, ask: (at: number) => Promise<number>): Promise<readonly number[]> {
  const times: number[] = [];
  const until = performance.now() + forMs;
  for (let at = 0; performance.now() < until; at += 1) {
    times.push(await ask(at));
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  return times;
}

async function start(env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const server = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4', 'src/cli/shsm-badges.ts', 'serve'],
    { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: 'ignore' },
  );
  while (server.exitCode === null) {
    const answer = await fetch(`${env['SHSM_PUBLIC_URL']}/readyz`).catch(() => null);
    if (answer?.ok) return server;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`the server ended with exit code ${server.exitCode}`);
}

function part(values: readonly number[], share: number): number {
  return (
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ??
    Number.NaN
  );
}

const ms = (value: number): string => `${value.toFixed(0)} ms`;
