import type { Activity } from '../domain/activity.ts';
import { AppError } from '../domain/errors.ts';
import type { Viewer } from '../domain/person.ts';
import type { CourseKey } from '../domain/ports/course-store.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Submission } from '../domain/submission.ts';

export function courseOf(viewer: Viewer): CourseKey {
  return { platformId: viewer.platformId, deploymentId: viewer.deploymentId, contextId: viewer.contextId };
}

/** Another course's id is answered like an id that does not exist. */
export function inCourse(viewer: Viewer, thing: CourseKey): boolean {
  return (
    thing.platformId === viewer.platformId &&
    thing.deploymentId === viewer.deploymentId &&
    thing.contextId === viewer.contextId
  );
}

export function requireRole(viewer: Viewer, role: Viewer['role']): void {
  if (viewer.role !== role) throw new AppError('forbidden', 'errors.forbidden');
}

/** The activity the viewer was launched into. */
export async function activityOf(store: Store, viewer: Viewer): Promise<Activity> {
  const activity = await store.activity(viewer.activityId);
  if (activity === null || !inCourse(viewer, activity)) throw new AppError('not_found', 'errors.not_found');
  return activity;
}

/** A submission the viewer may see: a student's own, or any of a teacher's course that was handed in. */
export async function visibleSubmission(store: Store, viewer: Viewer, id: string): Promise<Submission> {
  const submission = await store.submission(id);
  const visible =
    submission !== null &&
    inCourse(viewer, submission) &&
    (viewer.role === 'student'
      ? submission.userId === viewer.userId
      : viewer.role === 'teacher' && submission.state !== 'draft');
  if (!visible) throw new AppError('not_found', 'errors.not_found');
  return submission;
}
