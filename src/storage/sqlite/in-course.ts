import type { CourseKey } from '../../domain/ports/course-store.ts';

/** The condition that keeps one course of one deployment apart from every other; filled by `courseOf`. */
export const IN_COURSE =
  'platform_id = :platformId AND deployment_id = :deploymentId AND context_id = :contextId';

export function courseOf({ platformId, deploymentId, contextId }: CourseKey) {
  return { platformId, deploymentId, contextId };
}
