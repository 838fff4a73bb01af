import { z } from 'zod';
import type { SeenMember } from '../../domain/person.ts';
import type { CourseKey } from '../../domain/ports/course-store.ts';
import type { RosterStore } from '../../domain/ports/roster.ts';
import type { RosterReading } from '../../domain/roster.ts';
import type { Connection } from './connection.ts';
import { RECORD_MEMBER } from './courses.ts';
import { courseOf, IN_COURSE } from './in-course.ts';
import { deliveryErrorColumn, json } from './json-columns.ts';

const rosterRow: z.ZodType<RosterReading> = z.object({
  readAt: z.number().nullable(),
  isComplete: z.number().transform((flag) => flag === 1),
  triedAt: z.number(),
  problem: json(deliveryErrorColumn).nullable(),
});

export function rosterStore({ query, command, lightly, transaction }: Connection): RosterStore {
  const recordMember = command(RECORD_MEMBER);
  const depart = command(
    `UPDATE members SET status = 'departed'
     WHERE ${IN_COURSE} AND last_seen_at < :readAt AND user_id NOT IN (SELECT value FROM json_each(:present))`,
  );
  const noteList = command(
    `INSERT INTO rosters (platform_id, deployment_id, context_id, read_at, is_complete, tried_at, problem)
     VALUES (:platformId, :deploymentId, :contextId, :readAt, :isComplete, :readAt, NULL)
     ON CONFLICT (platform_id, deployment_id, context_id) DO UPDATE SET
       read_at = excluded.read_at, is_complete = excluded.is_complete, tried_at = excluded.tried_at, problem = NULL`,
  );
  const noteProblem = command(
    `INSERT INTO rosters (platform_id, deployment_id, context_id, read_at, is_complete, tried_at, problem)
     VALUES (:platformId, :deploymentId, :contextId, NULL, 0, :at, :problem)
     ON CONFLICT (platform_id, deployment_id, context_id) DO UPDATE SET
       tried_at = excluded.tried_at, problem = excluded.problem`,
  );
  const ofCourse = query(
    `SELECT read_at, is_complete, tried_at, problem FROM rosters WHERE ${IN_COURSE}`,
    rosterRow,
  );

  function recordAll(course: CourseKey, members: readonly SeenMember[]): void {
    for (const member of members) recordMember({ ...member, ...courseOf(course) });
  }

  return {
    addMembers: async (course, members) => lightly(() => transaction(() => recordAll(course, members))),
    saveRoster: async (course, { members, isComplete, readAt }) =>
      transaction(() => {
        recordAll(course, members);
        const present = JSON.stringify(members.map((member) => member.userId));
        if (isComplete) depart({ ...courseOf(course), readAt, present });
        noteList({ ...courseOf(course), readAt, isComplete: isComplete ? 1 : 0 });
      }),
    saveRosterProblem: async (course, problem, at) => {
      noteProblem({ ...courseOf(course), problem: JSON.stringify(problem), at });
    },
    roster: async (course) => ofCourse.get(courseOf(course)),
  };
}
