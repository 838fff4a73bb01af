import { statSync } from 'node:fs';
import { createConnection } from 'mongoose';
import type { Viewer } from '../src/domain/person.ts';
import { openStore } from '../src/open-store.ts';
import { openTransfer } from '../src/open-transfer.ts';
import { createCourseViews } from '../src/services/course-views.ts';
import type { ServiceDeps } from '../src/services/deps.ts';
import { aTeacher } from '../test/support/build.ts';
import { catalogue } from '../test/support/placing.ts';
import { copyCourses } from './copy-courses.ts';
import { judged, load, percentile, sized } from './figures.ts';
import { A_COURSE, activityIdOf, addCourses, courseOf } from './many-records.ts';
import { onBoth, type Place } from './places.ts';

const LOOKS = 300;
const FIRST_PAGE = { order: 'oldest-first', after: null, limit: 50 } as const;

type Times = { readonly queue: number; readonly matrix: number };

/**
 * The review queue and class progress of courses here and there, 95th percentile, while the store holds few submissions and
 * when it holds a hundred times as many (full size: 10,000 and 1,000,000); and what a submission takes on the disk, with
 * its share of members, scores and history, without the bytes of its file.
 */
export async function listsBench(): Promise<string> {
  return onBoth(async (place) => {
    const courses = Math.ceil(sized(10_000, 2_000) / A_COURSE);
    const copies = sized(99, 19);
    const transfer = await openTransfer(place.database);
    await addCourses(transfer, courses);
    await transfer.close();
    const before = await look(place, courses, 0);
    await copyCourses(place, copies);
    const after = await look(place, courses, copies);
    const few = courses;
    const many = courses * (1 + copies);
    const { all, indexes } = await bytesOnDisk(place);
    const each = (bytes: number) => (bytes / (many * A_COURSE) / 1024).toFixed(1);
    const count = (courses: number) => (courses * A_COURSE).toLocaleString('en-CA');
    const line = (what: string, of: keyof Times) =>
      `${place.kind}: ${what}  p95 ${before[of].toFixed(1)} ms at ${count(few)} submissions, ${after[of].toFixed(1)} ms at ${count(many)}: ratio ${judged(after[of] / before[of], 1.5, 'at-most', '')}`;
    return [
      line('review queue  ', 'queue'),
      line('class progress', 'matrix'),
      `${place.kind}: a submission takes ${each(all)} KB on the disk${indexes === null ? '' : `, ${each(indexes)} KB of it indexes`} (${load()})`,
    ];
  });
}

async function look(place: Place, courses: number, copies: number): Promise<Times> {
  const store = await openStore(place.database);
  const { rules } = catalogue;
  const views = createCourseViews({ store, rules, now: Date.now } as ServiceDeps);
  const queue: number[] = [];
  const matrix: number[] = [];
  for (let turn = -20; turn < LOOKS; turn += 1) {
    const number = Math.floor(Math.random() * courses);
    const copy = Math.floor(Math.random() * (copies + 1));
    const viewer: Viewer = aTeacher({ ...courseOf(number, copy), activityId: activityIdOf(number, copy) });
    const began = performance.now();
    const { rows } = await views.queue(viewer, 'submitted', FIRST_PAGE);
    const between = performance.now();
    const { students } = await views.classList(viewer);
    const progress = await views.classProgress(viewer, students);
    const ended = performance.now();
    if (rows.length === 0 || progress.length === 0) throw new Error('an empty page says nothing');
    // The first ones warm up.
    if (turn < 0) continue;
    queue.push(between - began);
    matrix.push(ended - between);
  }
  await store.close();
  return { queue: percentile(queue, 0.95), matrix: percentile(matrix, 0.95) };
}

async function bytesOnDisk(place: Place): Promise<{ readonly all: number; readonly indexes: number | null }> {
  if (place.database.kind === 'sqlite') return { all: statSync(place.database.path).size, indexes: null };
  const connection = await createConnection(place.variable).asPromise();
  await connection.db?.admin().command({ fsync: 1 });
  const stats = await connection.db?.command({ dbStats: 1 });
  await connection.close();
  const indexes = Number(stats?.['indexSize']);
  return { all: Number(stats?.['storageSize']) + indexes, indexes };
}
