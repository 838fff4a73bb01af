import { createActivitySettings } from './activity-settings.ts';
import { createAdministration } from './administration.ts';
import { createChooseAward } from './choose-award.ts';
import { createClassRoster } from './class-roster.ts';
import { createConcludeReading } from './conclude-reading.ts';
import { createConfirmAddress } from './confirm-address.ts';
import { createCourseViews } from './course-views.ts';
import type { ServiceDeps } from './deps.ts';
import { createOpenActivity } from './open-activity.ts';
import { createOpenReview } from './open-review.ts';
import { createParkedDeliveries } from './parked-deliveries.ts';
import { createPickActivity } from './pick-activity.ts';
import { createReadingQueue } from './reading-queue.ts';
import { createReviewSubmission } from './review-submission.ts';
import { createShsmDates } from './shsm-dates.ts';
import { createSubmitBadge } from './submit-badge.ts';

/** What people do with the tool. */
export function createServices(deps: ServiceDeps) {
  const { store, now, log, newId } = deps;
  const readings = createReadingQueue({
    store,
    conclude: createConcludeReading(deps),
    now,
    log,
    owner: newId(),
  });
  return {
    readings,
    rules: deps.rules,
    rubric: deps.rubric,
    classRoster: createClassRoster(deps),
    openActivity: createOpenActivity(deps),
    openReview: createOpenReview(deps),
    pickActivity: createPickActivity(deps),
    confirmAddress: createConfirmAddress(deps),
    chooseAward: createChooseAward(deps, readings),
    submitBadge: createSubmitBadge(deps, readings),
    reviewSubmission: createReviewSubmission(deps),
    activitySettings: createActivitySettings(deps),
    courseViews: createCourseViews(deps),
    parkedDeliveries: createParkedDeliveries(deps),
    shsmDates: createShsmDates(deps),
    administration: createAdministration(deps),
  };
}

export type Services = ReturnType<typeof createServices>;
