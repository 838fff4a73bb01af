import type { Viewer } from '../domain/person.ts';
import type { CourseKey } from '../domain/ports.ts';
import type { RosterReading } from '../domain/roster.ts';
import { courseOf, requireRole } from './access.ts';
import type { ServiceDeps } from './deps.ts';
import { createReadRoster } from './read-roster.ts';

const OLD_AFTER_MS = 10 * 60_000;

export type RosterState = {
  /** null where nobody has tried to read the class list yet. */
  readonly last: RosterReading | null;
  readonly isBeingRead: boolean;
};

/** The class list that stands behind a teacher's pages. It is read in the background: no page waits for the LMS. */
export function createClassRoster(deps: ServiceDeps) {
  const { store, now, background } = deps;
  const readRoster = createReadRoster(deps);
  const beingRead = new Map<string, Promise<void>>();
  const keyOf = (course: CourseKey) =>
    JSON.stringify([course.platformId, course.deploymentId, course.contextId]);

  /** One reading at a time for one course. */
  function start(course: CourseKey): Promise<void> {
    const key = keyOf(course);
    const running = beingRead.get(key);
    if (running !== undefined) return running;
    const reading = background('class list', async (signal) => {
      await readRoster(course, signal);
    }).finally(() => beingRead.delete(key));
    beingRead.set(key, reading);
    return reading;
  }

  /** What is known of the class list. One that is old, or whose last try is, begins to be read again. */
  async function look(viewer: Viewer): Promise<RosterState> {
    requireRole(viewer, 'teacher');
    const course = courseOf(viewer);
    const last = await store.roster(course);
    if (last === null || now() - last.triedAt > OLD_AFTER_MS) void start(course);
    return { last, isBeingRead: beingRead.has(keyOf(course)) };
  }

  /** Resolves when the list has been read, or the try has failed; both are kept. */
  async function readAgain(viewer: Viewer): Promise<void> {
    requireRole(viewer, 'teacher');
    await start(courseOf(viewer));
  }

  return { look, readAgain };
}
