import type { Response } from 'express';
import type { Activity } from '../domain/activity.ts';
import type { GradebookCell } from '../domain/gradebook.ts';
import type { Rubric } from '../domain/rubric.ts';
import type { Evidence, Submission } from '../domain/submission.ts';
import { gradebookSentence } from './gradebook-view.ts';
import { contextOf } from './page-context.ts';
import type { WebDeps } from './server.ts';
import { homeOf, liveViewer } from './session.ts';
import { badgeName, certificationName, type Reader, stateChip, submissionView } from './submission-view.ts';

type View = {
  readonly submission: Submission;
  readonly evidence: Evidence | null;
  readonly activity: Activity;
  readonly cell: GradebookCell | null;
};

/** What came of one badge: at once what it is, where it counts and why; later what the teacher decided. */
export function studentResult(
  { pages, services: { rules, rubric } }: WebDeps,
  res: Response,
  view: View,
  justNow: boolean,
): void {
  const { locale } = contextOf(res);
  const base = homeOf(liveViewer(res));
  const { submission } = view;
  const reader: Reader = { say: pages.say, locale, rules };
  const say = (key: string) => pages.say(locale, `student.result.${key}`);
  const heading = badgeName(reader, submission);
  pages.show(
    res,
    'student/submission',
    { title: heading },
    {
      heading,
      banner: justNow ? { tone: 'good', icon: 'pass', text: say('received') } : null,
      state: stateChip(reader, submission.state),
      submittedAt: submission.submittedAt,
      decision: decisionView(reader, rubric, submission),
      gradebook: gradebookSentence(pages, locale, view.cell),
      ...submissionView(reader, submission, view.evidence, base),
      reflection: submission.reflection,
      placeHeading: say(submission.state === 'accepted' ? 'place-then' : 'place'),
      next: say(`next-${submission.state}`),
      canWithdraw: submission.state === 'submitted',
      action: `${base}/submissions/${encodeURIComponent(submission.id)}`,
      version: submission.version,
    },
  );
}

function decisionView(reader: Reader, rubric: Rubric, submission: Submission) {
  const { decision } = submission;
  if (decision === null || decision.outcome !== 'accepted') return null;
  const { say, locale } = reader;
  const lines = decision.lines.map((id) => certificationName(reader, id));
  return {
    heading: say(locale, 'student.result.accepted'),
    text:
      lines.length === 0
        ? say(locale, 'student.result.accepted-beside')
        : say(locale, 'student.result.accepted-lines', { lines: lines.join(', '), count: lines.length }),
    comment: decision.comment === '' ? null : decision.comment,
    marks: rubric.criteria.flatMap((criterion) => {
      const level = criterion.levels.find((candidate) => candidate.points === decision.marks[criterion.id]);
      return level === undefined ? [] : [{ name: criterion.name[locale], level: level.name[locale] }];
    }),
  };
}
