import type { Viewer } from '../domain/person.ts';
import type { CourseKey } from '../domain/ports/course-store.ts';
import type { RosterReading } from '../domain/roster.ts';
import { courseOf, requireRole } from './access.ts';
import type { ServiceDeps } from './deps.ts';
import { createReadRoster } from './read-roster.ts';
import { createRosterNews, type RosterNews } from './roster-news.ts';

const OLD_AFTER_MS = 10 * 60_000;
/** A page without any name waits this long for the first ones. */
const FIRST_NAMES_MS = 1_000;
/** A page that asks for more than it shows waits this long for them. */
const MORE_NAMES_MS = 10_000;

export type RosterState = {
  /** null where nobody has tried to read the class list yet. */
  readonly last: RosterReading | null;
  /** How many people of it have come so far; null when it is not being read. */
  readonly arrived: number | null;
};

/** The class list that stands behind a teacher's pages. It is read in the background and shown as it comes. */
export function createClassRoster(deps: ServiceDeps) {
  const { store, now, background } = deps;
  const readRoster = createReadRoster(deps);
  const beingRead = new Map<string, RosterNews>();
  const keyOf = (course: CourseKey) =>
    JSON.stringify([course.platformId, course.deploymentId, course.contextId]);

  /** One reading at a time for one course. */
  function start(course: CourseKey): RosterNews {
    const key = keyOf(course);
    const running = beingRead.get(key);
    if (running !== undefined) return running;
    const news = createRosterNews();
    beingRead.set(key, news);
    void background('class list', async (signal) => {
      await readRoster(course, signal, news.more);
    }).finally(() => {
      beingRead.delete(key);
      news.end();
    });
    return news;
  }

  /**
   * What is known of the class list. One that is old, or whose last try is, begins to be read again; where there is none
   * yet, the first names are waited for a moment.
   * @param known how many people of a reading the page that asks shows already: it waits until there are more
   */
  async function look(viewer: Viewer, known: number | null = null): Promise<RosterState> {
    requireRole(viewer, 'teacher');
    const course = courseOf(viewer);
    const last = await store.roster(course);
    if (last === null || now() - last.triedAt > OLD_AFTER_MS) start(course);
    const news = beingRead.get(keyOf(course));
    if (news === undefined) return { last, arrived: null };
    if (known !== null) await news.beyond(known, MORE_NAMES_MS);
    else if (last === null) await news.beyond(0, FIRST_NAMES_MS);
    return { last: await store.roster(course), arrived: news.arrived() };
  }

  /** Resolves when the list has been read, or the try has failed; both are kept. */
  async function readAgain(viewer: Viewer): Promise<void> {
    requireRole(viewer, 'teacher');
    await start(courseOf(viewer)).ended;
  }

  return { look, readAgain };
}
