import { z } from 'zod';
import type { Activity } from '../../domain/activity.ts';
import type { Member } from '../../domain/person.ts';
import type { CourseStore } from '../../domain/ports/course-store.ts';
import type { AppendAudit } from './audit.ts';
import type { Connection } from './connection.ts';
import { courseOf, IN_COURSE } from './in-course.ts';
import { json, settingsColumn, shsmDatesColumn, word } from './json-columns.ts';

const activityRow: z.ZodType<Activity> = z.object({
  id: z.string(),
  platformId: z.string(),
  deploymentId: z.string(),
  contextId: z.string(),
  resourceLinkId: z.string(),
  title: z.string(),
  contextTitle: z.string().nullable(),
  settings: json(settingsColumn).nullable(),
  lineItemsUrl: z.string().nullable(),
  lineItemUrl: z.string().nullable(),
  scopes: json(z.array(z.string())),
  membershipsUrl: z.string().nullable(),
});

const memberRow: z.ZodType<Member> = z.object({
  platformId: z.string(),
  deploymentId: z.string(),
  contextId: z.string(),
  userId: z.string(),
  role: word<Member['role']>(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  studentNumber: z.string().nullable(),
  status: word<Member['status']>(),
  lastSeenAt: z.number(),
  shsmDates: json(shsmDatesColumn).nullable(),
});

/** Adds the member, or refreshes one that is known; what is left out keeps its last value. */
export const RECORD_MEMBER = `INSERT INTO members (platform_id, deployment_id, context_id, user_id, role, name, email, student_number, status,
       last_seen_at)
     VALUES (:platformId, :deploymentId, :contextId, :userId, :role, :name, :email, :studentNumber, :status, :lastSeenAt)
     ON CONFLICT (platform_id, deployment_id, context_id, user_id) DO UPDATE SET
       role = excluded.role,
       name = coalesce(excluded.name, name),
       email = coalesce(excluded.email, email),
       student_number = coalesce(excluded.student_number, student_number),
       status = excluded.status,
       last_seen_at = max(last_seen_at, excluded.last_seen_at)`;

export function courseStore(connection: Connection, append: AppendAudit): CourseStore {
  const { query, command, lightly, transaction } = connection;
  const recordActivity = query(
    `INSERT INTO activities (id, platform_id, deployment_id, context_id, resource_link_id, title, context_title,
       settings, line_items_url, line_item_url, scopes, memberships_url)
     VALUES (:id, :platformId, :deploymentId, :contextId, :resourceLinkId, :title, :contextTitle,
       :settings, :lineItemsUrl, :lineItemUrl, :scopes, :membershipsUrl)
     ON CONFLICT (platform_id, deployment_id, context_id, resource_link_id) DO UPDATE SET
       title = excluded.title,
       context_title = coalesce(excluded.context_title, context_title),
       settings = coalesce(settings, excluded.settings),
       line_items_url = coalesce(excluded.line_items_url, line_items_url),
       line_item_url = coalesce(excluded.line_item_url, line_item_url),
       scopes = iif(excluded.scopes = '[]', scopes, excluded.scopes),
       memberships_url = coalesce(excluded.memberships_url, memberships_url)
     RETURNING *`,
    activityRow,
  );
  const activityById = query('SELECT * FROM activities WHERE id = :id', activityRow);
  const activitiesInCourse = query(
    `SELECT * FROM activities WHERE ${IN_COURSE} ORDER BY title, id`,
    activityRow,
  );
  const setSettings = command('UPDATE activities SET settings = :settings WHERE id = :activityId');

  const recordMember = command(RECORD_MEMBER);
  const membersInCourse = query(`SELECT * FROM members WHERE ${IN_COURSE} ORDER BY user_id`, memberRow);
  const membersNamed = query(
    `SELECT * FROM members WHERE ${IN_COURSE} AND user_id IN (SELECT value FROM json_each(:userIds)) ORDER BY user_id`,
    memberRow,
  );
  const setDates = command(`UPDATE members SET shsm_dates = :dates WHERE ${IN_COURSE} AND user_id = :userId`);
  const memberInCourse = query(`SELECT * FROM members WHERE ${IN_COURSE} AND user_id = :userId`, memberRow);

  return {
    // The next launch would bring it back.
    recordLaunch: async (activity, member) =>
      lightly(() =>
        transaction(() => {
          recordMember(member);
          const settings = activity.settings === null ? null : JSON.stringify(activity.settings);
          const [recorded = activity] = recordActivity.all({
            ...activity,
            settings,
            scopes: JSON.stringify(activity.scopes),
          });
          return recorded;
        }),
      ),
    activity: async (id) => activityById.get({ id }),
    activitiesIn: async (course) => activitiesInCourse.all(courseOf(course)),
    saveSettings: async (activityId, settings, audit) =>
      transaction(() => {
        if (setSettings({ activityId, settings: JSON.stringify(settings) }) === 0) return false;
        append(audit);
        return true;
      }),
    members: async (course, userIds) =>
      userIds === undefined
        ? membersInCourse.all(courseOf(course))
        : membersNamed.all({ ...courseOf(course), userIds: JSON.stringify(userIds) }),
    saveShsmDates: async (course, userId, dates, audit) =>
      transaction(() => {
        if (setDates({ ...courseOf(course), userId, dates: JSON.stringify(dates) }) === 0) return false;
        append(audit);
        return true;
      }),
    member: async (course, userId) => memberInCourse.get({ ...courseOf(course), userId }),
  };
}
