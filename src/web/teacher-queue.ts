import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { QueuePage } from '../domain/ports/submission-store.ts';
import type { Submission, SubmissionState } from '../domain/submission.ts';
import type { QueueRow } from '../services/course-views.ts';
import { gradebookView } from './gradebook-view.ts';
import { contextOf } from './page-context.ts';
import { pagingView } from './paging-view.ts';
import { parkedView } from './parked-view.ts';
import type { WebDeps } from './server.ts';
import { homeOf, liveViewer } from './session.ts';
import { studentName } from './student-name.ts';
import { badgeName, certificationName, outcomeChip, proposedLines, type Reader } from './submission-view.ts';
import { doneBanner } from './teacher-review.ts';

const FILTERS = {
  waiting: { state: 'submitted', order: 'oldest-first' },
  returned: { state: 'returned', order: 'newest-first' },
  accepted: { state: 'accepted', order: 'newest-first' },
} as const satisfies Record<string, { state: SubmissionState; order: QueuePage['order'] }>;
type Filter = keyof typeof FILTERS;

const ROWS_A_PAGE = 50;

/** Where the page before ended, as `after` of the address carries it. */
const place = z
  .string()
  .regex(/^\d{1,16}~.{1,255}$/)
  .transform((text): QueuePage['after'] => {
    const [at = '', ...id] = text.split('~');
    return { submittedAt: Number(at), id: id.join('~') };
  })
  .nullable()
  .catch(null);
const placeText = ({ submittedAt, id }: NonNullable<QueuePage['after']>) => `${submittedAt}~${id}`;

/** What waits for the teacher, oldest first, and what was decided, newest first. */
export function teacherQueue(deps: WebDeps): RequestHandler {
  const { services, pages } = deps;
  return async (req, res) => {
    const viewer = liveViewer(res);
    const { locale } = contextOf(res);
    const reader: Reader = { say: pages.say, locale, rules: services.rules };
    const base = homeOf(viewer);
    const say = (key: string, params = {}) => pages.say(locale, `teacher.queue.${key}`, params);
    const filters = Object.keys(FILTERS) as Filter[];
    const shown = filters.find((name) => name === req.query['show']) ?? 'waiting';
    const { state, order } = FILTERS[shown];
    const after = place.parse(req.query['after']);
    const { rows, next, counts, changed } = await services.courseViews.queue(viewer, state, {
      order,
      after,
      limit: ROWS_A_PAGE,
    });
    const first = shown === 'waiting' && after === null ? rows[0] : undefined;
    const done = req.query['done'];
    const nothingToReview =
      req.query['review'] === 'none'
        ? { tone: 'info', icon: 'unknown', text: say('nothing-to-review') }
        : null;
    const title = say('title');
    pages.show(
      res,
      'teacher/queue',
      { title, section: 'queue' },
      {
        banner: typeof done === 'string' ? await doneBanner(deps, res, done) : nothingToReview,
        summary: say('summary', { count: counts.submitted }),
        parked: parkedView(pages, locale, viewer, await services.parkedDeliveries.list(viewer)),
        changed: changed.map((row) => rowView(deps, reader, row, base)),
        changedText: say('changed-text', { count: changed.length }),
        filters: filters.map((name) => ({
          href: `${base}?show=${name}`,
          current: name === shown,
          label: say(`filter-${name}`, { count: counts[FILTERS[name].state] }),
        })),
        first: first === undefined ? null : `${base}/submissions/${encodeURIComponent(first.submission.id)}`,
        showGradebook: shown !== 'waiting',
        linesLabel: say(shown === 'accepted' ? 'counts-as' : 'proposal'),
        caption: say(`caption-${shown}`),
        empty: say(after === null ? `empty-${shown}` : 'empty-page'),
        rows: rows.map((row) => rowView(deps, reader, row, base)),
        paging: pagingView(pages, locale, {
          first: after === null ? null : `${base}?show=${shown}`,
          next: next === null ? null : `${base}?show=${shown}&after=${encodeURIComponent(placeText(next))}`,
        }),
      },
    );
  };
}

function rowView({ pages }: WebDeps, reader: Reader, row: QueueRow, base: string) {
  const { submission, member, cell } = row;
  const { say, locale } = reader;
  const lines = submission.decision?.lines ?? proposedLines(submission.placement);
  return {
    href: `${base}/submissions/${encodeURIComponent(submission.id)}`,
    student: studentName(reader, member, submission),
    badge: badgeName(reader, submission),
    outcome: outcomeChip(reader, submission),
    proposal:
      lines.length > 0
        ? lines.map((id) => certificationName(reader, id)).join(', ')
        : say(locale, `common.placement.${placementWord(submission)}`),
    confirm:
      submission.state === 'submitted' &&
      lines.length > 0 &&
      submission.placement?.needsConfirmation === true,
    at: submission.submittedAt ?? submission.updatedAt,
    gradebook: gradebookView(pages, locale, cell),
  };
}

function placementWord({ placement, reading }: Submission): string {
  if (placement !== null) return placement.placement;
  return reading === null ? 'undetermined' : 'being-read';
}
