import type { Activity } from '../domain/activity.ts';
import { AppError } from '../domain/errors.ts';
import type { Launch } from '../domain/launch.ts';
import type { Locale } from '../domain/local-text.ts';
import type { CourseKey } from '../domain/ports/course-store.ts';
import type { ServiceDeps } from './deps.ts';
import { createOpenActivity, type OpenedActivity } from './open-activity.ts';

export type OpenedReview =
  | Extract<OpenedActivity, { kind: 'notice' }>
  | (Extract<OpenedActivity, { kind: 'open' }> & {
      /** What the student handed in last in this activity, null for nothing. */
      readonly submissionId: string | null;
    });

/**
 * A launch from a cell of the LMS gradebook (LTI Submission Review 1.0): the teacher wants to see what one student handed
 * in. Throws `forbidden` for students, who see their own work in the activity.
 */
export function createOpenReview(deps: ServiceDeps) {
  const { store } = deps;
  const openActivity = createOpenActivity(deps);

  return async function openReview(launch: Launch, fallback: Locale): Promise<OpenedReview> {
    if (launch.role === 'student' || launch.role === 'administrator')
      throw new AppError('forbidden', 'errors.review-for-teachers');
    const resourceLink = launch.resourceLink ?? (await linkOfColumn(launch));
    const opened = await openActivity({ ...launch, resourceLink }, fallback);
    if (opened.kind === 'notice') return opened;
    const submissionId = launch.forUserId === null ? null : await newestOf(opened.activity, launch.forUserId);
    return { ...opened, submissionId };
  };

  /** A gradebook may know the column only; the resource link is optional in this message. */
  async function linkOfColumn(launch: Launch): Promise<Launch['resourceLink']> {
    const column = launch.grades?.lineItemUrl ?? null;
    if (column === null || launch.context === null) return null;
    const course: CourseKey = {
      platformId: launch.platform.id,
      deploymentId: launch.deploymentId,
      contextId: launch.context.id,
    };
    for (const activity of await store.activitiesIn(course)) {
      const settled = await store.lineItem(activity.id);
      if (settled?.url === column || activity.lineItemUrl === column)
        return { id: activity.resourceLinkId, title: activity.title };
    }
    return null;
  }

  async function newestOf(activity: Activity, userId: string): Promise<string | null> {
    const theirs = await store.submissionsBy(activity, userId);
    const handedIn = theirs.filter(
      ({ activityId, state }) => activityId === activity.id && state !== 'draft' && state !== 'withdrawn',
    );
    const [newest] = handedIn.toSorted((a, b) => (b.submittedAt ?? 0) - (a.submittedAt ?? 0));
    return newest?.id ?? null;
  }
}
