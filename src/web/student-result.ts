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
  done: unknown,
): void {
  const { locale } = contextOf(res);
  const base = homeOf(liveViewer(res));
  const { submission } = view;
  const reader: Reader = { say: pages.say, locale, rules };
  const say = (key: string) => pages.say(locale, `student.result.${key}`);
  const arrived = done === 'submitted' ? 'received' : done === 'read' ? 'read' : null;
  const mend = mendOf(submission);
  const heading = badgeName(reader, submission);
  pages.show(
    res,
    'student/submission',
    { title: heading },
    {
      heading,
      banner: arrived === null ? null : { tone: 'good', icon: 'pass', text: say(arrived) },
      mend: mend === null ? null : say(`mend-${mend}`),
      state: stateChip(reader, submission),
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

/** What would help, where what was found says too little. */
function mendOf({ state, credential, input }: Submission): string | null {
  if (state !== 'submitted' || credential === null) return null;
  const { outcome } = credential;
  if (outcome === 'unreadable') return input.way === 'address' ? 'link' : 'file';
  if (outcome === 'no-badge-data') return input.way === 'address' ? 'link' : 'words';
  if (outcome === 'not-a-badge') return 'not-a-badge';
  return outcome === 'could-not-check' && credential.credential.name === null && input.way === 'address'
    ? 'link'
    : null;
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
