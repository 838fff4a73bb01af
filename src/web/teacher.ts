import { setTimeout } from 'node:timers/promises';
import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { readDecisionForm } from './decision-body.ts';
import { sendEvidence } from './evidence.ts';
import { readBody, textField } from './form-body.ts';
import { sendReport } from './report-download.ts';
import type { WebDeps } from './server.ts';
import { activityPath, homeOf, liveViewer } from './session.ts';
import { shsmDates } from './shsm-dates.ts';
import { sendReadingStatus } from './student-reading.ts';
import { teacherProgress } from './teacher-progress.ts';
import { teacherQueue } from './teacher-queue.ts';
import { doneBanner, showReview } from './teacher-review.ts';
import { teacherSetUp } from './teacher-set-up.ts';

/** A list that takes longer is there the next time the page is opened. */
const LONGEST_WAIT_MS = 5_000;

type Id = { id: string };
const delivery = z.object({ activity: textField, user: textField, submission: textField });

/** A teacher's pages: the queue, one review after the other, the class, and the set-up of the activity. */
export function teacherRoutes(deps: WebDeps): RequestHandler {
  const { services, sessions } = deps;
  const router = Router({ mergeParams: true });
  const setUp = teacherSetUp(deps);
  const dates = shsmDates(deps);

  router.use(sessions.requireLive('teacher'));
  router.get('/', setUp.firstIfNeeded, teacherQueue(deps));
  router.get('/progress', setUp.firstIfNeeded, teacherProgress(deps));
  router.post('/progress/roster', sessions.requireToken, async (_req, res) => {
    const viewer = liveViewer(res);
    const patience = setTimeout(LONGEST_WAIT_MS, undefined, { ref: false });
    await Promise.race([services.classRoster.readAgain(viewer), patience]);
    res.redirect(303, `${homeOf(viewer)}/progress`);
  });
  router.get('/students/:userId/dates', dates.show);
  router.post('/students/:userId/dates', sessions.requireToken, dates.save);
  router.get('/set-up', setUp.show);
  router.post('/set-up', sessions.requireToken, setUp.save);
  router.get<Id>('/submissions/:id', async (req, res) => {
    const view = await services.courseViews.review(liveViewer(res), req.params.id);
    const done = req.query['done'];
    const banner = typeof done === 'string' ? await doneBanner(deps, res, done) : null;
    showReview(deps, res, view, { banner });
  });
  router.get<Id>('/submissions/:id/reading', sendReadingStatus(deps));
  router.get<Id>('/submissions/:id/report', sendReport(services));
  router.post<Id>('/submissions/:id', sessions.requireToken, async (req, res) => {
    const viewer = liveViewer(res);
    const { version, filled, formFor } = readDecisionForm(req.body, services.rubric);
    const { submission } = await services.courseViews.submissionView(viewer, req.params.id);
    const result = await services.reviewSubmission.decide(
      viewer,
      req.params.id,
      version,
      formFor(submission),
    );
    if (result.kind === 'saved') {
      const next =
        result.next === null
          ? homeOf(viewer)
          : `${homeOf(viewer)}/submissions/${encodeURIComponent(result.next)}`;
      return res.redirect(303, `${next}?done=${encodeURIComponent(result.submission.id)}`);
    }
    const view = await services.courseViews.review(viewer, req.params.id);
    const wasReading = result.kind === 'conflict' && result.isOnlyRead;
    showReview(deps, res, view, {
      filled,
      problems: result.kind === 'problems' ? result.problems : wasReading ? 'conflict-read' : 'conflict',
    });
  });
  router.post('/gradebook/retry', sessions.requireToken, async (req, res) => {
    const viewer = liveViewer(res);
    const { activity, user, submission } = readBody(delivery, req.body);
    await services.courseViews.retryDelivery(viewer, activity, user);
    res.redirect(
      303,
      submission === ''
        ? `${activityPath(viewer.activityId)}/teacher/progress`
        : `${homeOf(viewer)}/submissions/${encodeURIComponent(submission)}`,
    );
  });
  router.post('/gradebook/retry-all', sessions.requireToken, async (_req, res) => {
    const viewer = liveViewer(res);
    await services.parkedDeliveries.sendAgain(viewer);
    res.redirect(303, homeOf(viewer));
  });
  router.get('/evidence/:evidenceId', sendEvidence(services));
  return router;
}
