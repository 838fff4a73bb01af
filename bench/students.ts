import { setTimeout as pause } from 'node:timers/promises';
import { openStore } from '../src/open-store.ts';
import { type ClassOfStudents, startClass } from './class-of-students.ts';
import type { StudentBadge } from './demo-lms.ts';
import { judged, load, percentile, sized } from './figures.ts';
import { onBoth, type Place } from './places.ts';

const LAUNCHES_AT_ONCE = 8;

type Ready = { readonly address: string; readonly init: RequestInit };

/** A class that presses the button in the same moment: every student has a form open, with a badge of their own in it. */
export async function studentsBench(): Promise<string> {
  return onBoth(async (place) => {
    const students = sized(200, 40);
    const klass = await startClass(place, students + 1);
    try {
      const [first, ...badges] = await klass.badges();
      // A server that has read a badge before: what reads and places them loads with the first one.
      if (first !== undefined) await submit(await openForm(klass, first));
      await untilAllRead(place, 1);
      const ready = await openForms(klass, badges);
      await pause(2_000);
      const before = klass.tool.memory();
      const cpu = klass.tool.cpuSeconds();
      const began = performance.now();
      const answers = await Promise.all(ready.map(submit));
      const tookMs = performance.now() - began;
      const cpuMs = ((klass.tool.cpuSeconds() - cpu) * 1000) / students;
      const errors = answers.filter(({ status }) => status !== 303).length;
      const times = answers.map(({ ms }) => ms);
      await untilAllRead(place, students + 1);
      const readMs = performance.now() - began;
      const { peakMb } = klass.tool.memory();
      return [
        `${place.kind}: ${students} students at once   p95 ${judged(percentile(times, 0.95), 500, 'at-most', ' ms')}, median ${percentile(times, 0.5).toFixed(0)} ms, all in ${tookMs.toFixed(0)} ms`,
        `${place.kind}:   errors ${errors} (goal 0), ${cpuMs.toFixed(1)} ms of processor each (${load()})`,
        `${place.kind}:   memory ${judged(peakMb, 350, 'at-most', ' MB')} at most, ${before.nowMb.toFixed(0)} MB before; all badges read and placed after ${(readMs / 1000).toFixed(1)} s`,
      ];
    } finally {
      await klass.stop();
    }
  });
}

/** Launches every student and fills in the form; what is measured is only what follows. */
async function openForms(klass: ClassOfStudents, badges: readonly StudentBadge[]): Promise<readonly Ready[]> {
  const ready: Ready[] = [];
  const waiting = [...badges];
  const work = async () => {
    for (let badge = waiting.shift(); badge !== undefined; badge = waiting.shift())
      ready.push(await openForm(klass, badge));
  };
  await Promise.all(Array.from({ length: LAUNCHES_AT_ONCE }, work));
  return ready;
}

async function openForm(klass: ClassOfStudents, badge: StudentBadge): Promise<Ready> {
  const { visitor, page } = await klass.open(badge.studentId);
  const form = await visitor.follow(page, 'a[href$="/new"]');
  const element = form.html.querySelector('form[data-draft]');
  const action = new URL(element?.getAttribute('action') ?? '', form.url);
  const body = new FormData();
  body.append('token', element?.querySelector('input[name=token]')?.getAttribute('value') ?? '');
  body.append('way', 'file');
  body.append('file', new File([new Uint8Array(badge.bytes)], badge.fileName));
  body.append(
    'reflection',
    `I am ${badge.studentId} and I learned how to help somebody who is not breathing.`,
  );
  body.append('action', 'submit');
  // Put together beforehand: a browser does that on another machine.
  const encoded = new Response(body);
  return {
    address: byNumber(action),
    init: {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': encoded.headers.get('content-type') ?? '',
        cookie: visitor.cookiesOf(action.href),
      },
      body: await encoded.arrayBuffer(),
    },
  };
}

/** Two hundred machines would each look up the name; one that does it for all of them would be what is measured. */
function byNumber(address: URL): string {
  return new URL(`${address.pathname}${address.search}`, `http://127.0.0.1:${address.port}`).href;
}

async function submit({ address, init }: Ready): Promise<{ readonly status: number; readonly ms: number }> {
  const began = performance.now();
  const response = await fetch(address, init);
  await response.arrayBuffer();
  return { status: response.status, ms: performance.now() - began };
}

async function untilAllRead(place: Place, students: number): Promise<void> {
  const store = await openStore(place.database);
  for (;;) {
    const waiting = await store.submissionsWaiting('', 1_000);
    if (waiting.filter(({ credential }) => credential !== null).length >= students) break;
    await pause(100);
  }
  await store.close();
}
