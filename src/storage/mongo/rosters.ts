import type { RosterStore } from '../../domain/ports/roster.ts';
import type { RosterReading } from '../../domain/roster.ts';
import { type Database, LIGHTLY } from './connection.ts';
import { courseOf, onceMoreOnDuplicate, recordMembers } from './courses.ts';

export function rosterStore({ models, transact }: Database): RosterStore {
  const { members, rosters } = models;
  return {
    addMembers: (course, people) => onceMoreOnDuplicate(() => recordMembers(models, course, people, LIGHTLY)),
    saveRoster: (course, list) =>
      transact(async (session) => {
        const place = courseOf(course);
        await recordMembers(models, course, list.members, { session });
        const present = list.members.map((member) => member.userId);
        if (list.isComplete)
          await members.updateMany(
            { ...place, userId: { $nin: present }, lastSeenAt: { $lt: list.readAt } },
            { $set: { status: 'departed' } },
            { session },
          );
        const { readAt, isComplete } = list;
        await rosters.updateOne(
          place,
          { $set: { readAt, isComplete, triedAt: readAt, problem: null } },
          { upsert: true, session },
        );
      }),
    saveRosterProblem: async (course, problem, at) => {
      await rosters.updateOne(
        courseOf(course),
        { $set: { triedAt: at, problem }, $setOnInsert: { readAt: null, isComplete: false } },
        { upsert: true },
      );
    },
    roster: (course) =>
      rosters
        .findOne(courseOf(course), { _id: 0, readAt: 1, isComplete: 1, triedAt: 1, problem: 1 })
        .lean<RosterReading>(),
  };
}
