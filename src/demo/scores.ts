import { json, Router } from 'express';
import { z } from 'zod';
import { ACTIVITY_PROGRESS, GRADING_PROGRESS, type Score } from './gradebook.ts';
import { knownLineItem, refuse, send } from './line-items.ts';
import { type Lms, platformAddresses } from './lms.ts';
import { page } from './paging.ts';
import { note } from './service-log.ts';
import { requireScope } from './token.ts';
import { MEDIA, SCOPE } from './vocabulary.ts';

const PAGE_SIZE = 50;
const MINUTE = 60_000;

/** ISO 8601 with a zone (AGS 2.0 §3.4.9). */
const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const body = z
  .object({
    userId: z.string().min(1),
    scoreGiven: z.number().nonnegative().optional(),
    scoreMaximum: z.number().positive().optional(),
    comment: z.string().nullish(),
    timestamp: instant,
    activityProgress: z.enum(ACTIVITY_PROGRESS),
    gradingProgress: z.enum(GRADING_PROGRESS),
    submission: z.object({ startedAt: instant.optional(), submittedAt: instant.optional() }).optional(),
    scoringUserId: z.string().optional(),
  })
  .refine((score) => score.scoreGiven === undefined || score.scoreMaximum !== undefined, {
    path: ['scoreMaximum'],
  });

/** The score and result services (AGS 2.0 §3.3, §3.4), as strict as the strictest of the LMSs. */
export function scoreRoutes(lms: Lms): Router {
  const router = Router();
  const lineItem = `/lti/courses/${lms.course.id}/line-items/:id`;

  router.post(
    `${lineItem}/scores`,
    lms.log.record,
    lms.faults.on('scores'),
    requireScope(lms, SCOPE.score),
    json({ type: MEDIA.score }),
    (req, res) => {
      const item = knownLineItem(lms, req, res);
      if (item === null) return;
      if (!req.is(MEDIA.score)) return refuse(res, 415, `expected ${MEDIA.score}`);
      const asked = body.safeParse(req.body);
      if (!asked.success) {
        const wrong = asked.error.issues.map((issue) => issue.path.join('.')).join(', ');
        return refuse(res, 400, `missing or wrong: ${wrong}`);
      }
      const score = asScore(asked.data);
      const person = lms.course.person(score.userId);
      if (person === undefined) return refuse(res, 404, 'User in requested score does not exist');
      if (person.kind !== 'student') return refuse(res, 422, 'this role cannot be graded');
      // Canvas refuses a submission from the future; a minute allows for clocks.
      if (score.submittedAt !== null && score.submittedAt > lms.now() + MINUTE) {
        return refuse(res, 400, 'submittedAt is in the future');
      }
      const inSeconds = lms.faults.current().scoreClock === 'seconds';
      if (lms.gradebook.record(item.id, score, inSeconds) === 'not-newer') {
        return refuse(res, 409, 'a score with this or a later timestamp is already there');
      }
      note(
        res,
        `${score.userId}: ${score.scoreGiven ?? 'no score'}, ${score.activityProgress}, ${score.gradingProgress}`,
      );
      res.json({ resultUrl: resultUrl(lms, item.id, score.userId) });
    },
  );

  router.get(
    `${lineItem}/results`,
    lms.log.record,
    lms.faults.on('results'),
    requireScope(lms, SCOPE.resultRead),
    (req, res) => {
      const item = knownLineItem(lms, req, res);
      if (item === null) return;
      const userId = req.query['user_id'];
      const found = lms.gradebook
        .cells()
        .filter((cell) => cell.lineItemId === item.id && (userId === undefined || userId === cell.userId))
        .map((cell) => ({
          id: resultUrl(lms, item.id, cell.userId),
          scoreOf: platformAddresses(lms).lineItem(item.id),
          userId: cell.userId,
          ...(cell.points !== null && { resultScore: cell.points }),
          resultMaximum: item.scoreMaximum,
          ...(cell.score.comment !== '' && { comment: cell.score.comment }),
          ...(cell.score.scoringUserId !== null && { scoringUserId: cell.score.scoringUserId }),
        }));
      send(res, MEDIA.results, page(req, res, lms.url, found, PAGE_SIZE));
    },
  );
  return router;
}

function resultUrl(lms: Lms, lineItemId: string, userId: string): string {
  const url = new URL(platformAddresses(lms).lineItem(lineItemId));
  url.pathname += '/results';
  url.searchParams.set('user_id', userId);
  return url.href;
}

function asScore(asked: z.infer<typeof body>): Score {
  return {
    userId: asked.userId,
    scoreGiven: asked.scoreGiven ?? null,
    scoreMaximum: asked.scoreMaximum ?? null,
    comment: asked.comment ?? '',
    timestamp: asked.timestamp,
    activityProgress: asked.activityProgress,
    gradingProgress: asked.gradingProgress,
    submittedAt: asked.submission?.submittedAt ?? null,
    scoringUserId: asked.scoringUserId ?? null,
  };
}
