import type { Config } from '../config.ts';
import type { CourseKey } from '../domain/ports/course-store.ts';
import type { Store } from '../domain/ports/store.ts';
import { createLog } from '../log.ts';
import { openGradeServices } from '../open-grade-services.ts';
import { openStore } from '../open-store.ts';
import { createReadRoster, type RosterOutcome } from '../services/read-roster.ts';
import type { Answer } from './command.ts';

/** Reads the class list of a course from its LMS, in every deployment that knows the course. Code 1 when one cannot be read. */
export async function rosterFetch(config: Config, platformId: string, contextId: string): Promise<Answer> {
  const store = await openStore(config.database);
  try {
    const courses = await knownCourses(store, platformId, contextId);
    if (courses.length === 0)
      return {
        code: 1,
        data: { platform: platformId, context: contextId, error: 'unknown course' },
        text: `Nobody has opened an activity of course ${contextId} from platform ${platformId}: see shsm-badges platform list`,
      };
    const { fetchRoster } = await openGradeServices(config, { store, log: createLog('warn') });
    const readRoster = createReadRoster({ store, fetchRoster, now: Date.now });
    const lists = [];
    for (const course of courses)
      lists.push({ deployment: course.deploymentId, ...reportOf(await readRoster(course)) });
    return {
      code: lists.some((list) => list.error !== null) ? 1 : 0,
      data: { platform: platformId, context: contextId, lists },
      text: lists.map((list) => `${list.deployment}  ${sentence(list)}`).join('\n'),
    };
  } finally {
    await store.close();
  }
}

type Report = {
  /** null when the list could not be read. */
  readonly members: number | null;
  readonly complete: boolean;
  readonly error: { readonly key: string; readonly status: number | null } | null;
};

function reportOf(outcome: RosterOutcome): Report {
  if (outcome.kind === 'read') return { members: outcome.members, complete: outcome.isComplete, error: null };
  const { key, status } = outcome.error;
  return { members: null, complete: false, error: { key, status } };
}

function sentence({ members, complete, error }: Report): string {
  if (error !== null)
    return `could not be read: ${error.key}${error.status === null ? '' : ` (${error.status})`}`;
  return `${members} people${complete ? '' : ', but the LMS did not give the whole list'}`;
}

async function knownCourses(store: Store, platformId: string, contextId: string): Promise<CourseKey[]> {
  const courses = (await store.deployments(platformId)).map(({ deploymentId }) => ({
    platformId,
    deploymentId,
    contextId,
  }));
  const known = await Promise.all(
    courses.map(async (course) => (await store.activitiesIn(course)).length > 0),
  );
  return courses.filter((_, index) => known[index]);
}
