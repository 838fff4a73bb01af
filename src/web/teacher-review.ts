import type { Response } from 'express';
import type { Locale } from '../domain/local-text.ts';
import type { Placement } from '../domain/placement.ts';
import type { Rubric } from '../domain/rubric.ts';
import type { Review } from '../services/course-views.ts';
import type { FieldProblem } from '../services/deps.ts';
import type { FilledDecision } from './decision-body.ts';
import { gradebookSentence } from './gradebook-view.ts';
import { contextOf } from './page-context.ts';
import { problemView } from './problem-view.ts';
import type { WebDeps } from './server.ts';
import { homeOf, liveViewer } from './session.ts';
import { shsmDatesText } from './shsm-dates.ts';
import { studentName } from './student-name.ts';
import {
  badgeName,
  certificationName,
  proposedLines,
  qualityView,
  type Reader,
  stateChip,
  submissionView,
} from './submission-view.ts';

export type ReviewOptions = {
  /** What the teacher had filled in, where it was not saved. */
  readonly filled?: FilledDecision;
  /** `conflict`: somebody changed it meanwhile; `conflict-read`: it was read meanwhile. */
  readonly problems?: readonly FieldProblem[] | 'conflict' | 'conflict-read';
  readonly banner?: Banner | null;
};

export type Banner = { readonly tone: string; readonly icon: string; readonly text: string };

/** One submission with everything a decision needs on one page, and the decision. */
export function showReview(deps: WebDeps, res: Response, view: Review, options: ReviewOptions): void {
  const { pages, services } = deps;
  const { locale } = contextOf(res);
  const base = homeOf(liveViewer(res));
  const reader: Reader = { say: pages.say, locale, rules: services.rules };
  const say = (key: string, params = {}) => pages.say(locale, `teacher.review.${key}`, params);
  const { submission, member } = view;
  const conflict = typeof options.problems === 'string' ? options.problems : null;
  const found = problemView(pages, locale, Array.isArray(options.problems) ? options.problems : []);
  const filled = options.filled ?? filledFrom(view);
  const student = studentName(reader, member, submission);
  const badge = badgeName(reader, submission);
  pages.show(
    res,
    'teacher/review',
    {
      title: `${student} – ${badge}`,
      section: 'queue',
      problems: found.list.length > 0,
      status: conflict !== null ? 409 : found.list.length > 0 ? 422 : 200,
    },
    {
      problems: found.list.map((problem) => ({
        ...problem,
        text: markMissing(services.rubric, problem.target, locale, say) ?? problem.text,
      })),
      banner:
        conflict === null
          ? (options.banner ?? null)
          : { tone: 'caution', icon: 'warning', text: say(conflict) },
      position: submission.state === 'submitted' ? say('position', { count: view.waiting }) : null,
      student,
      badge,
      state: stateChip(reader, submission),
      submittedAt: submission.submittedAt,
      gradebook: gradebookSentence(pages, locale, view.cell),
      retry: view.cell !== null && view.cell.status !== 'delivered' && view.cell.lastError !== null,
      activityId: submission.activityId,
      userId: submission.userId,
      submissionId: submission.id,
      ...submissionView(reader, submission, view.evidence, base),
      quality: qualityView(reader, submission.placement?.quality ?? [], filled.quality, true),
      beingRead: submission.reading !== null,
      dates:
        member === null
          ? null
          : {
              text: shsmDatesText(pages, locale, member.shsmDates),
              href: `${base}/students/${encodeURIComponent(member.userId)}/dates?from=${encodeURIComponent(submission.id)}`,
            },
      prompt: view.activity.settings?.reflectionPrompt ?? pages.say(locale, 'student.form.reflection.prompt'),
      reflection: submission.reflection,
      action: `${base}/submissions/${encodeURIComponent(submission.id)}`,
      version: submission.version,
      counts: { error: found.of('counts'), options: countsOptions(reader, view, filled) },
      rubric: rubricView(deps, res, filled, found.of),
      comment: { value: filled.comment, error: found.of('comment') },
    },
  );
}

/** Which criterion has no level: the summary stands far from it. */
function markMissing(
  rubric: Rubric,
  target: string,
  locale: Locale,
  say: (key: string, params: { name: string }) => string,
): string | null {
  const criterion = rubric.criteria.find(({ id }) => target === `marks-${id}`);
  return criterion === undefined ? null : say('mark-missing', { name: criterion.name[locale] });
}

/** What was decided before; else the proposal, but only where nothing about it needs a person's eye. */
function filledFrom({ submission }: Review): FilledDecision {
  const { decision, placement } = submission;
  if (decision !== null && submission.state !== 'submitted') {
    const asProposed = sameLines(decision.lines, proposedLines(placement));
    return {
      counts: decision.lines.length === 0 ? decision.placement : asProposed ? 'proposed' : 'line',
      line: decision.lines[0] ?? '',
      comment: decision.comment,
      marks: decision.marks,
      quality: decision.quality ?? {},
    };
  }
  const checks = [...(submission.credential?.checks ?? []), ...(placement?.checks ?? [])];
  const sure =
    placement !== null &&
    !placement.needsConfirmation &&
    submission.credential?.outcome === 'verified' &&
    submission.credential.credential.recipient.by !== 'typed-email' &&
    checks.every((check) => check.result !== 'fail');
  return {
    counts: sure ? (proposedLines(placement).length > 0 ? 'proposed' : placement.placement) : null,
    line: '',
    comment: '',
    marks: {},
    quality: {},
  };
}

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length > 0 && a.length === b.length && a.every((line) => b.includes(line));
}

function countsOptions(reader: Reader, view: Review, filled: FilledDecision) {
  const { say, locale } = reader;
  const proposal = proposedLines(view.submission.placement);
  const proposed = (placement: Placement) => view.submission.placement?.placement === placement;
  const label = (key: string, params = {}) => say(locale, `teacher.review.counts.${key}`, params);
  const mark = (text: string, isProposed: boolean) => (isProposed ? label('proposed-mark', { text }) : text);
  const names = proposal.map((id) => certificationName(reader, id)).join(' + ');
  const option = (id: string, text: string) => ({
    id,
    label: text,
    checked: filled.counts === id,
    lines: null,
  });
  return [
    ...(proposal.length > 0 ? [option('proposed', label('proposed', { lines: names }))] : []),
    {
      ...option('line', label(proposal.length > 0 ? 'other-line' : 'line')),
      lines: (['on-list', 'candidates'] as const).map((group) => ({
        label: label(group),
        lines: (view.sector?.lines ?? [])
          .filter((line) => (line.layer === 'candidate') === (group === 'candidates'))
          .map((line) => ({
            id: line.certificationId,
            name: certificationName(reader, line.certificationId),
            selected: filled.line === line.certificationId,
          }))
          .toSorted((a, b) => a.name.localeCompare(b.name, locale)),
      })),
    },
    option('supplementary', mark(label('supplementary'), proposed('supplementary'))),
    option('other-component', mark(label('other-component'), proposed('other-component'))),
  ];
}

function rubricView(
  { services }: WebDeps,
  res: Response,
  filled: FilledDecision,
  errorOf: (field: string) => string | null,
) {
  const { locale } = contextOf(res);
  return services.rubric.criteria.map((criterion) => ({
    target: `marks-${criterion.id}`,
    name: criterion.name[locale],
    error: errorOf(`marks-${criterion.id}`),
    levels: criterion.levels.map((level) => ({
      points: level.points,
      name: level.name[locale],
      description: level.description[locale],
      checked: filled.marks[criterion.id] === level.points,
    })),
  }));
}

/** Confirms the decision just made, on the page that comes after it. null for an id that says nothing to this teacher. */
export async function doneBanner(deps: WebDeps, res: Response, id: string): Promise<Banner | null> {
  const { services, pages } = deps;
  const { locale } = contextOf(res);
  const view = await services.courseViews.review(liveViewer(res), id).catch(() => null);
  if (view === null || view.submission.decision === null) return null;
  const reader: Reader = { say: pages.say, locale, rules: services.rules };
  const text = pages.say(locale, `teacher.review.done-${view.submission.decision.outcome}`, {
    student: studentName(reader, view.member, view.submission),
    badge: badgeName(reader, view.submission),
  });
  const gradebook = gradebookSentence(pages, locale, view.cell);
  const where = gradebook === null ? '' : ` ${gradebook.text}`;
  return { tone: 'good', icon: 'pass', text: text + where };
}
