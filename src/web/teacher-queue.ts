import type { RequestHandler } from 'express';
import type { SubmissionState } from '../domain/submission.ts';
import type { QueueRow } from '../services/course-views.ts';
import { gradebookView } from './gradebook-view.ts';
import { contextOf } from './page-context.ts';
import type { WebDeps } from './server.ts';
import { homeOf, liveViewer } from './session.ts';
import { studentName } from './student-name.ts';
import { badgeName, certificationName, outcomeChip, proposedLines, type Reader } from './submission-view.ts';
import { doneBanner } from './teacher-review.ts';

const FILTERS = {
  waiting: 'submitted',
  returned: 'returned',
  accepted: 'accepted',
} as const satisfies Record<string, SubmissionState>;
type Filter = keyof typeof FILTERS;

/** What an issuer may make of a badge after it was accepted. */
const WITHDRAWN: ReadonlySet<string> = new Set(['revoked', 'invalid']);

/** What waits for the teacher, oldest first, and what was decided. */
export function teacherQueue(deps: WebDeps): RequestHandler {
  const { services, pages } = deps;
  return async (req, res) => {
    const viewer = liveViewer(res);
    const { locale } = contextOf(res);
    const reader: Reader = { say: pages.say, locale, rules: services.rules };
    const base = homeOf(viewer);
    const say = (key: string, params = {}) => pages.say(locale, `teacher.queue.${key}`, params);
    const shown = (Object.keys(FILTERS) as Filter[]).find((name) => name === req.query['show']) ?? 'waiting';
    const all = await services.courseViews.queue(viewer, Object.values(FILTERS));
    const of = (filter: Filter) => all.filter((row) => row.submission.state === FILTERS[filter]);
    const rows = of(shown);
    const changed = of('accepted').filter((row) => WITHDRAWN.has(row.submission.credential?.outcome ?? ''));
    const first = of('waiting')[0];
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
        summary: say('summary', { count: of('waiting').length }),
        changed: changed.map((row) => rowView(deps, reader, row, base)),
        changedText: say('changed-text', { count: changed.length }),
        filters: (Object.keys(FILTERS) as Filter[]).map((name) => ({
          href: `${base}?show=${name}`,
          current: name === shown,
          label: say(`filter-${name}`, { count: of(name).length }),
        })),
        first:
          shown === 'waiting' && first !== undefined
            ? `${base}/submissions/${encodeURIComponent(first.submission.id)}`
            : null,
        showGradebook: shown !== 'waiting',
        linesLabel: say(shown === 'accepted' ? 'counts-as' : 'proposal'),
        caption: say(`caption-${shown}`),
        empty: say(`empty-${shown}`),
        rows: rows.map((row) => rowView(deps, reader, row, base)),
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
    outcome: outcomeChip(reader, submission.credential),
    proposal:
      lines.length > 0
        ? lines.map((id) => certificationName(reader, id)).join(', ')
        : say(locale, `common.placement.${submission.placement?.placement ?? 'undetermined'}`),
    confirm:
      submission.state === 'submitted' &&
      lines.length > 0 &&
      submission.placement?.needsConfirmation === true,
    at: submission.submittedAt ?? submission.updatedAt,
    gradebook: gradebookView(pages, locale, cell),
  };
}
