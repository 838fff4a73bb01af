import type { ClientSession } from 'mongoose';
import type { Activity } from '../../domain/activity.ts';
import type { Member, SeenMember } from '../../domain/person.ts';
import type { CourseKey, CourseStore } from '../../domain/ports/course-store.ts';
import { appendAudit } from './audit.ts';
import { type Database, LIGHTLY } from './connection.ts';
import { byKey, gather } from './gather.ts';
import type { Models } from './models.ts';
import { isDuplicate } from './mongo-failure.ts';

/** The filter that keeps one course of one deployment apart from every other. */
export function courseOf({ platformId, deploymentId, contextId }: CourseKey) {
  return { platformId, deploymentId, contextId };
}

/** A value as it is: in an update pipeline, text that begins with `$` would be read as the name of a field. */
export const literally = (value: unknown) => ({ $literal: value });
const NEWER = (field: string, value: unknown) => ({ $ifNull: [literally(value), `$${field}`, null] });
const OLDER = (field: string, value: unknown) => ({ $ifNull: [`$${field}`, literally(value)] });

/** Adds the member, or refreshes one that is known; what is left out keeps its last value. */
const memberUpdate = (member: SeenMember) => ({
  filter: { ...courseOf(member), userId: member.userId },
  update: [
    {
      $set: {
        role: literally(member.role),
        name: NEWER('name', member.name),
        email: NEWER('email', member.email),
        studentNumber: NEWER('studentNumber', member.studentNumber),
        status: literally(member.status),
        lastSeenAt: { $max: ['$lastSeenAt', member.lastSeenAt] },
        shsmDates: OLDER('shsmDates', null),
      },
    },
  ],
  upsert: true,
});

/** Many of one course, in one question to the server. */
export async function recordMembers(
  { members }: Models,
  course: CourseKey,
  people: readonly SeenMember[],
  options: { readonly session: ClientSession } | typeof LIGHTLY,
): Promise<void> {
  if (people.length === 0) return;
  const changes = people.map((member) => ({ updateOne: memberUpdate({ ...member, ...courseOf(course) }) }));
  await members.collection.bulkWrite(changes, options);
}

export function courseStore({ models, transact }: Database): CourseStore {
  const { activities, members } = models;

  const recordActivity = (activity: Activity) =>
    activities
      .findOneAndUpdate(
        { ...courseOf(activity), resourceLinkId: activity.resourceLinkId },
        [
          {
            $set: {
              id: OLDER('id', activity.id),
              title: literally(activity.title),
              contextTitle: NEWER('contextTitle', activity.contextTitle),
              settings: OLDER('settings', activity.settings),
              lineItemsUrl: NEWER('lineItemsUrl', activity.lineItemsUrl),
              lineItemUrl: NEWER('lineItemUrl', activity.lineItemUrl),
              scopes: activity.scopes.length === 0 ? OLDER('scopes', []) : literally([...activity.scopes]),
              membershipsUrl: NEWER('membershipsUrl', activity.membershipsUrl),
            },
          },
        ],
        { upsert: true, updatePipeline: true, returnDocument: 'after', projection: { _id: 0 }, ...LIGHTLY },
      )
      .lean<Activity>();

  const activityByLink = gather(async (launched: readonly Activity[]) => {
    const linkOf = (one: Activity) => ({ ...courseOf(one), resourceLinkId: one.resourceLinkId });
    const keyOf = (one: Activity) => JSON.stringify(Object.values(linkOf(one)));
    const keys = launched.map(keyOf);
    const different = launched.filter((_, at) => keys.indexOf(keys[at] ?? '') === at).map(linkOf);
    const found = await activities.find({ $or: different }, { _id: 0 }).lean<Activity[]>();
    return byKey(keys, found, keyOf);
  });
  const activityById = gather(async (ids: readonly string[]) => {
    const found = await activities.find({ id: { $in: [...new Set(ids)] } }, { _id: 0 }).lean<Activity[]>();
    return byKey(ids, found, (activity) => activity.id);
  });
  const addSeen = gather(async (seen: readonly SeenMember[]) => {
    await members.collection.bulkWrite(
      seen.map((member) => ({ updateOne: memberUpdate(member) })),
      LIGHTLY,
    );
    return seen;
  });

  /** A whole class opens one activity at the same moment: one that is known as it is launched is not written again. */
  async function activityOf(launched: Activity): Promise<Activity> {
    const known = await activityByLink(launched);
    if (known !== null && isAsLaunched(known, launched)) return known;
    return (await onceMoreOnDuplicate(() => recordActivity(launched))) ?? launched;
  }

  return {
    recordLaunch: async (launched, member) => {
      const [activity] = await Promise.all([
        activityOf(launched),
        onceMoreOnDuplicate(() => addSeen(member)),
      ]);
      return activity;
    },
    activity: activityById,
    activitiesIn: (course) =>
      activities.find(courseOf(course), { _id: 0 }).sort({ title: 1, id: 1 }).lean<Activity[]>(),
    saveSettings: (activityId, settings, audit) =>
      transact(async (session) => {
        const { matchedCount } = await activities.updateOne(
          { id: activityId },
          { $set: { settings } },
          { session },
        );
        if (matchedCount === 0) return false;
        await appendAudit(models, audit, session);
        return true;
      }),
    members: (course, userIds) =>
      members
        .find(
          { ...courseOf(course), ...(userIds === undefined ? {} : { userId: { $in: [...userIds] } }) },
          { _id: 0 },
        )
        .sort({ userId: 1 })
        .lean<Member[]>(),
    saveShsmDates: (course, userId, shsmDates, audit) =>
      transact(async (session) => {
        const { matchedCount } = await members.updateOne(
          { ...courseOf(course), userId },
          { $set: { shsmDates } },
          { session },
        );
        if (matchedCount === 0) return false;
        await appendAudit(models, audit, session);
        return true;
      }),
    member: (course, userId) => members.findOne({ ...courseOf(course), userId }, { _id: 0 }).lean<Member>(),
  };
}

/** Two first launches at the same moment: one adds the record, the other finds it at the second try. */
export async function onceMoreOnDuplicate<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return work();
  }
}

/** Writing the launch would change nothing. */
function isAsLaunched(known: Activity, launched: Activity): boolean {
  const hasAll = (['contextTitle', 'lineItemsUrl', 'lineItemUrl', 'membershipsUrl'] as const).every(
    (field) => launched[field] === null || launched[field] === known[field],
  );
  const settled = known.settings !== null || launched.settings === null;
  const scopes = launched.scopes.length === 0 || String(launched.scopes) === String(known.scopes);
  return known.title === launched.title && hasAll && settled && scopes;
}
