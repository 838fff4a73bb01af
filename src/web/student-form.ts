import type { Response } from 'express';
import type { Activity } from '../domain/activity.ts';
import { AppError } from '../domain/errors.ts';
import type { Evidence, Submission, TypedText } from '../domain/submission.ts';
import type { FieldProblem } from '../services/deps.ts';
import { timeText } from './dates.ts';
import { contextOf } from './page-context.ts';
import { type FieldOptions, fieldView, problemView } from './problem-view.ts';
import type { WebDeps } from './server.ts';
import { homeOf, liveViewer } from './session.ts';
import { badgeName } from './submission-view.ts';

const WAYS = ['file', 'address', 'typed'] as const;
const EMPTY: TypedText = {
  title: '',
  issuer: '',
  issuedOn: '',
  expiresOn: '',
  hours: '',
  certificateNumber: '',
};
const FIELDS: Readonly<Record<keyof TypedText | 'address', FieldOptions>> = {
  address: { type: 'url', inputmode: 'url' },
  title: {},
  issuer: {},
  issuedOn: { type: 'date', width: 'short' },
  expiresOn: { type: 'date', width: 'short' },
  hours: { inputmode: 'decimal', width: 'short' },
  certificateNumber: { width: 'short' },
};

type FormState = {
  readonly submission: Submission | null;
  readonly evidence: Evidence | null;
  readonly activity: Activity;
};

/** The form a badge is handed in with: empty, a draft, or a returned one to mend. */
export function studentForm({ pages, services }: WebDeps) {
  /** `id` names the draft to come, so that a repeated request stays one draft. */
  async function showEmpty(res: Response, id: string): Promise<void> {
    const { activity } = await services.courseViews.studentHome(liveViewer(res));
    if (activity.settings === null) return pages.notice(res, 'student.wait');
    render(res, id, { submission: null, evidence: null, activity }, []);
  }

  function show(
    res: Response,
    state: FormState & { readonly submission: Submission },
    problems: readonly FieldProblem[] = [],
  ): void {
    render(res, state.submission.id, state, problems);
  }

  function render(res: Response, id: string, state: FormState, problems: readonly FieldProblem[]): void {
    const { locale } = contextOf(res);
    const viewer = liveViewer(res);
    const say = (key: string, params = {}) => pages.say(locale, `student.form.${key}`, params);
    const { submission, evidence, activity } = state;
    const base = homeOf(viewer);
    const found = problemView(pages, locale, problems);
    const values = { ...(submission?.input.typed ?? EMPTY), address: submission?.input.address ?? '' };
    const way = submission?.input.way ?? 'file';
    const returned = submission?.state === 'returned';
    const title =
      submission === null ? say('heading-new') : say(returned ? 'heading-returned' : 'heading-draft');
    const reader = { say: pages.say, locale, rules: services.rules };
    pages.show(
      res,
      'student/form',
      { title, problems: problems.length > 0, status: problems.length > 0 ? 422 : 200 },
      {
        heading: returned ? badgeName(reader, submission) : title,
        action: `${base}/submissions/${encodeURIComponent(id)}`,
        version: submission?.version ?? 0,
        problems: found.list,
        banner: null,
        feedback: returned ? (submission.decision?.comment ?? null) : null,
        ways: WAYS.map((name) => ({
          id: name,
          checked: name === way,
          label: say(`way.${name}`),
          hint: say(`way.${name}-hint`),
        })),
        fields: Object.fromEntries(
          Object.entries(FIELDS).map(([name, options]) => {
            const hint = pages.has(`student.form.${name}.hint`) ? { hint: say(`${name}.hint`) } : {};
            const value = values[name as keyof typeof values];
            return [
              name,
              fieldView(name, say(`${name}.label`), value, found.of(name), { ...options, ...hint }),
            ];
          }),
        ),
        offerAnyway: problems.some((problem) => problem.key === 'problems.address-silent'),
        file: {
          error: found.of('file'),
          kept: evidence?.fileName ?? null,
          href: evidence === null ? '' : `${base}/evidence/${encodeURIComponent(evidence.id)}`,
        },
        reflection: {
          prompt: activity.settings?.reflectionPrompt ?? say('reflection.prompt'),
          value: submission?.reflection ?? '',
          error: found.of('reflection'),
        },
        saved: submission === null ? '' : say('saved', { time: timeText(locale, submission.updatedAt) }),
        discard: submission?.state === 'draft',
      },
    );
  }

  /** The form again, as the draft holds it, with what needs another look. */
  async function showProblems(
    res: Response,
    submission: Submission,
    problems: readonly FieldProblem[],
  ): Promise<void> {
    const view = await services.courseViews.submissionView(liveViewer(res), submission.id);
    if (view.activity.settings === null) throw new AppError('conflict', 'errors.activity-not-ready');
    show(res, { ...view, submission }, problems);
  }

  return { showEmpty, show, showProblems };
}
