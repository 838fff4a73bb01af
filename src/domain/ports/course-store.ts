import type { Activity, ActivitySettings } from '../activity.ts';
import type { AuditEvent } from '../audit.ts';
import type { Member, SeenMember } from '../person.ts';
import type { ShsmDates } from '../shsm-dates.ts';

/** A course of one deployment. Nothing of one deployment is reachable from another. */
export type CourseKey = Pick<Activity, 'platformId' | 'deploymentId' | 'contextId'>;

export interface CourseStore {
  /**
   * Finds the activity by its LTI identity or adds `activity` as given, refreshing titles and service addresses
   * (a null address or title, or no scopes, keeps the last ones) and never the settings of one that has some.
   * Adds or refreshes the member; a name or e-mail that the launch leaves out keeps the last one.
   */
  recordLaunch(activity: Activity, member: SeenMember): Promise<Activity>;
  activity(id: string): Promise<Activity | null>;
  activitiesIn(course: CourseKey): Promise<readonly Activity[]>;
  saveSettings(activityId: string, settings: ActivitySettings, audit: AuditEvent): Promise<boolean>;
  /** By user id; of all people of the course, or only of those that are named. */
  members(course: CourseKey, userIds?: readonly string[]): Promise<readonly Member[]>;
  member(course: CourseKey, userId: string): Promise<Member | null>;
  /** False, and nothing written, when nobody of this id is in the course. */
  saveShsmDates(course: CourseKey, userId: string, dates: ShsmDates, audit: AuditEvent): Promise<boolean>;
}
