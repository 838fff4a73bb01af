import type { RequestHandler } from 'express';
import type { ActivitySettings } from '../domain/activity.ts';
import type { Progress, ProgressLine } from '../domain/progress.ts';
import type { Sector } from '../domain/sector.ts';
import { isWithStudent, type Submission } from '../domain/submission.ts';
import { dayText } from './dates.ts';
import { contextOf } from './page-context.ts';
import type { WebDeps } from './server.ts';
import { homeOf, liveViewer } from './session.ts';
import { shsmDatesText } from './shsm-dates.ts';
import { nextSteps } from './student-next.ts';
import { mendOf } from './student-result.ts';
import { badgeName, certificationName, type Reader, stateChip } from './submission-view.ts';

const LINE_ICONS = {
  met: 'pass',
  expiring: 'warning',
  flagged: 'warning',
  waiting: 'waiting',
  missing: 'missing',
} as const;

/** The checklist of the sector with what fills each line, what waits for the student, and what to do next. */
export function studentHome({ services, pages }: WebDeps): RequestHandler {
  return async (req, res) => {
    const viewer = liveViewer(res);
    const { locale } = contextOf(res);
    const home = await services.courseViews.studentHome(viewer);
    if (home.activity.settings === null) return pages.notice(res, 'student.wait');
    const reader: Reader = { say: pages.say, locale, rules: services.rules };
    const say = (key: string, params = {}) => pages.say(locale, `student.home.${key}`, params);
    const base = homeOf(viewer);
    const attention = home.submissions.flatMap((submission) => attentionCard(reader, submission, base));
    const next = nextSteps(reader, home);
    const title = home.activity.title === '' ? say('title') : home.activity.title;
    pages.show(
      res,
      'student/home',
      { title },
      {
        heading: title,
        subheading: home.activity.contextTitle,
        banner:
          req.query['done'] === 'withdrawn' ? { tone: 'info', icon: 'pass', text: say('withdrawn') } : null,
        attention,
        next,
        newIsPrimary: attention.length === 0 && !next.isRest,
        due: home.activity.settings.dueAt,
        dates: {
          text: home.dates === null ? null : shsmDatesText(pages, locale, home.dates),
          href: `${base}/dates`,
        },
        progress:
          home.progress === null || home.sector === null || home.activity.settings.kind === 'supplementary'
            ? null
            : progressView(reader, home.sector, home.progress, base, home.activity.settings),
        submissions: home.submissions
          .filter((submission) => submission.state !== 'draft')
          .map((submission) => ({
            name: badgeName(reader, submission),
            href: `${base}/submissions/${encodeURIComponent(submission.id)}`,
            state: stateChip(reader, submission),
            at: submission.updatedAt,
          })),
      },
    );
  };
}

/** What the student has something to do about comes first: drafts, returned badges, a question, a file that says too little. */
function attentionCard(reader: Reader, submission: Submission, base: string) {
  const kind = attentionOf(submission);
  if (kind === null) return [];
  const { say, locale } = reader;
  const words = (key: string, params = {}) => say(locale, `student.home.${kind}.${key}`, params);
  const quotes = {
    draft: submission.reflection,
    returned: submission.decision?.comment ?? '',
    award: '',
    mend: '',
  };
  const icons = { draft: 'draft', returned: 'returned', award: 'unknown', mend: 'warning' };
  return [
    {
      id: submission.id,
      icon: icons[kind],
      heading: words('heading', { name: badgeName(reader, submission) }),
      text: words('text'),
      quote: quotes[kind] === '' ? null : shortened(quotes[kind]),
      href: `${base}/submissions/${encodeURIComponent(submission.id)}`,
      action: words('action'),
    },
  ];
}

function attentionOf(submission: Submission): 'draft' | 'returned' | 'award' | 'mend' | null {
  const { state, credential } = submission;
  if (isWithStudent(state)) return state;
  if (state === 'submitted' && credential?.awards !== undefined) return 'award';
  return mendOf(submission) === null ? null : 'mend';
}

function shortened(text: string): string {
  return text.length <= 240 ? text : `${text.slice(0, 239).trimEnd()}…`;
}

/** `own`: the one line that the activity is about; the rest of the list is then folded. */
function progressView(
  reader: Reader,
  sector: Sector,
  progress: Progress,
  base: string,
  settings: ActivitySettings,
) {
  const say = (key: string, params = {}) => reader.say(reader.locale, `student.home.${key}`, params);
  const view = (line: ProgressLine) => lineView(reader, line, base);
  const compulsory = progress.lines.filter((line) => line.role === 'compulsory');
  const others = progress.lines.filter((line) => line.role !== 'compulsory');
  const listed = others.filter((line) => line.layer !== 'candidate' || line.lineStatus !== 'missing');
  const candidates = others.filter((line) => !listed.includes(line));
  const { met, required } = progress.electives;
  const isOwn = (line: ProgressLine) =>
    settings.kind === 'certification' && line.certificationId === settings.certificationId;
  return {
    own: progress.lines.filter(isOwn).map(view),
    sector: sector.name[reader.locale],
    met: progress.metTotal,
    total: progress.requiredTotal,
    totalText:
      progress.requiredTotal === null
        ? say('met-unknown', { met: progress.metTotal })
        : say('met', { met: progress.metTotal, total: progress.requiredTotal }),
    note: sector.status === 'sourced' ? null : say('sector-unsure'),
    groups: [
      {
        heading: say('compulsory'),
        text: countText(say, progress.compulsory),
        lines: compulsory.map(view),
      },
      {
        heading: say('electives'),
        text: countText(say, { met, required }),
        lines: listed.map(view),
      },
    ].filter((group) => group.lines.length > 0 || group.text !== ''),
    candidates: {
      names: candidates.map((line) => certificationName(reader, line.certificationId)),
      text: say('candidates', { count: candidates.length }),
    },
  };
}

function countText(
  say: (key: string, params?: object) => string,
  { met, required }: Progress['electives'],
): string {
  return required === null ? say('count-unknown', { met }) : say('count', { met, required });
}

function lineView(reader: Reader, line: ProgressLine, base: string) {
  return {
    name: certificationName(reader, line.certificationId),
    status: line.lineStatus,
    icon: LINE_ICONS[line.lineStatus],
    statusText: reader.say(reader.locale, `student.line.${line.lineStatus}`),
    expiresOn: line.expiresOn === null ? null : dayText(reader.locale, line.expiresOn),
    confirm: line.status === 'unverified' || line.layer === 'candidate',
    href: line.submissionId === null ? null : `${base}/submissions/${encodeURIComponent(line.submissionId)}`,
  };
}
