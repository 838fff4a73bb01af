import { setInterval } from 'node:timers/promises';
import { startDemoLms } from '../src/demo/demo-lms.ts';
import { createSamples } from '../src/demo/samples.ts';
import type { ServiceCall } from '../src/demo/service-log.ts';
import { serveParent } from './child.ts';

/** The demo LMS with a class of so many, in a process of its own. */
export type DemoLmsOptions = { readonly toolUrl: string; readonly students: number };
export type DemoLmsReady = {
  readonly url: string;
  readonly registration: Awaited<ReturnType<typeof startDemoLms>>['registration'];
};
/** A badge of the student's own, signed by the demo's issuer. */
export type StudentBadge = {
  readonly studentId: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
};
/** When the LMS took a score, and what it was. */
export type Arrival = { readonly userId: string; readonly gradingProgress: string; readonly at: number };

const { toolUrl, students } = JSON.parse(process.argv[2] ?? '{}') as DemoLmsOptions;
const lms = await startDemoLms({ port: 0, toolUrl, samplesDir: null, now: Date.now, studentCount: students });
const arrivals: Arrival[] = [];
let last: ServiceCall | null = null;

async function badges(): Promise<readonly StudentBadge[]> {
  const people = lms.course.people.filter((person) => person.kind === 'student');
  const samples = createSamples(lms.issuer, people).all.filter(
    (sample) => sample.award.id === 'standard-first-aid' && sample.locale === 'en',
  );
  return Promise.all(
    samples.map(async (sample) => ({
      studentId: sample.person.id,
      fileName: sample.fileName,
      bytes: new Uint8Array(await sample.bytes()),
    })),
  );
}

/** The log keeps only the newest calls, so it is read as they come. */
async function watchScores(): Promise<void> {
  for await (const _ of setInterval(20, undefined, { ref: false })) {
    const calls = lms.log.calls();
    const fresh = calls.slice(last === null ? 0 : calls.indexOf(last) + 1);
    last = calls.at(-1) ?? null;
    for (const { note, path, status, at } of fresh) {
      const said = /^(.+): (.+), (\w+), (\w+)$/.exec(note);
      if (path.endsWith('/scores') && status === 200 && said !== null)
        arrivals.push({ userId: said[1] ?? '', gradingProgress: said[4] ?? '', at });
    }
  }
}

void watchScores();
serveParent({ url: lms.url, registration: lms.registration } satisfies DemoLmsReady, (question) =>
  question === 'badges' ? badges() : arrivals,
);
