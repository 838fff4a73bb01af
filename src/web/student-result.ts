import type { Response } from 'express';
import type { Activity } from '../domain/activity.ts';
import type { GradebookCell } from '../domain/gradebook.ts';
import type { Rubric } from '../domain/rubric.ts';
import type { Evidence, Submission } from '../domain/submission.ts';
import type { FieldProblem } from '../services/deps.ts';
import { gradebookSentence } from './gradebook-view.ts';
import { contextOf } from './page-context.ts';
import { fieldView, problemView } from './problem-view.ts';
import type { WebDeps } from './server.ts';
import { homeOf, liveViewer } from './session.ts';
import { badgeName, certificationName, type Reader, stateChip, submissionView } from './submission-view.ts';

type View = {
  readonly submission: Submission;
  readonly evidence: Evidence | null;
  readonly activity: Activity;
  readonly cell: GradebookCell | null;
};

const BANNERS = {
  submitted: 'student.result.received',
  read: 'student.result.read',
  address: 'student.address.matched',
} as const;

export type Said = {
  /** What has just been done, from the address of the page. */
  readonly done?: keyof typeof BANNERS;
  readonly problems?: readonly FieldProblem[];
  /** The address that did not fit, for mending it; it is kept nowhere else. */
  readonly typedEmail?: string;
};

export function doneOf(query: unknown): Said {
  return query === 'submitted' || query === 'read' || query === 'address' ? { done: query } : {};
}

/** What came of one badge: at once what it is, where it counts and why; later what the teacher decided. */
export function studentResult(
  { pages, services: { rules, rubric } }: WebDeps,
  res: Response,
  view: View,
  said: Said = {},
): void {
  const { locale } = contextOf(res);
  const base = homeOf(liveViewer(res));
  const { submission } = view;
  const reader: Reader = { say: pages.say, locale, rules };
  const say = (key: string) => pages.say(locale, `student.result.${key}`);
  const { done, problems = [], typedEmail = '' } = said;
  const found = problemView(pages, locale, problems);
  const mend = mendOf(submission);
  const heading = badgeName(reader, submission);
  pages.show(
    res,
    'student/submission',
    { title: heading, problems: problems.length > 0, status: problems.length > 0 ? 422 : 200 },
    {
      heading,
      problems: found.list,
      banner:
        done === undefined ? null : { tone: 'good', icon: 'pass', text: pages.say(locale, BANNERS[done]) },
      awards: awardsView(reader, submission, found.of('award')),
      askAddress: asksAddress(submission)
        ? fieldView('email', pages.say(locale, 'student.address.label'), typedEmail, found.of('email'), {
            type: 'email',
            hint: pages.say(locale, 'student.address.hint'),
          })
        : null,
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

/** A badge that went to an address which the school does not have; the student may name it as long as it can still matter. */
function asksAddress({ state, credential }: Submission): boolean {
  const { matches = true, addresses = [] } = credential?.credential.recipient ?? {};
  return matches !== true && addresses.length > 0 && (state === 'submitted' || state === 'accepted');
}

/** The question which award counts, where a record of several was handed in. */
function awardsView({ say, locale }: Reader, { state, credential }: Submission, error: string | null) {
  const awards = credential?.awards ?? [];
  if (state !== 'submitted' || awards.length === 0) return null;
  return {
    error,
    options: awards.map(({ id, name, issuer }, at) => ({
      field: `award-${at + 1}`,
      id,
      name: name ?? say(locale, 'student.award.unnamed', { number: at + 1 }),
      by: byWhom({ say, locale }, id, issuer),
    })),
  };
}

/** An award that names no issuer is at least kept somewhere. */
function byWhom(
  { say, locale }: Pick<Reader, 'say' | 'locale'>,
  id: string,
  issuer: string | null,
): string | null {
  const host = URL.parse(issuer ?? id)?.host ?? '';
  if (host !== '') return say(locale, 'student.award.at', { host });
  return issuer === null ? null : say(locale, 'student.award.by', { issuer });
}

/** What would help, where what was found says too little. */
export function mendOf({ state, credential, input }: Submission): string | null {
  if (state !== 'submitted' || credential === null) return null;
  const { outcome } = credential;
  if (outcome === 'unreadable') return input.way === 'address' ? 'link' : 'file';
  if (outcome === 'no-badge-data') return input.way === 'address' ? 'link' : 'words';
  if (outcome === 'not-a-badge') return credential.awards === undefined ? 'not-a-badge' : null;
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
