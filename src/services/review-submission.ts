import { AppError } from '../domain/errors.ts';
import type { Viewer } from '../domain/person.ts';
import { PLACEMENTS, type Placement, type QualityKnown } from '../domain/placement.ts';
import { rubricShare } from '../domain/rubric.ts';
import type { Sector } from '../domain/sector.ts';
import type { Decision, Submission } from '../domain/submission.ts';
import { courseOf, requireRole, visibleSubmission } from './access.ts';
import type { FieldProblem, ServiceDeps } from './deps.ts';
import { scoreAfter } from './gradebook-state.ts';

export type DecisionForm = {
  readonly outcome: 'accepted' | 'returned' | null;
  /** What it counts as: the lines below, or nothing on the list. */
  readonly counts: 'lines' | 'supplementary' | 'other-component' | null;
  /** Certification ids of the sector's list. */
  readonly lines: readonly string[];
  /** Points by criterion id. */
  readonly marks: Readonly<Record<string, number>>;
  /** Answers to the checklist for badges on no list, by its ids. */
  readonly quality: QualityKnown;
  readonly comment: string;
};

export type DecideResult =
  /** `next` is the id of the one that has waited longest, or null when the queue is empty. */
  | { readonly kind: 'saved'; readonly submission: Submission; readonly next: string | null }
  | { readonly kind: 'problems'; readonly submission: Submission; readonly problems: readonly FieldProblem[] }
  /** Somebody changed it since the page was shown; nothing was written. */
  | {
      readonly kind: 'conflict';
      readonly submission: Submission;
      /** All that changed is what was read from it. */
      readonly isOnlyRead: boolean;
    };

const COMMENT_LIMIT = 5_000;

/** The teacher's decision. It and the state the gradebook must reach are one write. */
export function createReviewSubmission(deps: ServiceDeps) {
  const { store, rules, rubric, now, newId } = deps;

  async function decide(
    viewer: Viewer,
    id: string,
    fromVersion: number,
    form: DecisionForm,
  ): Promise<DecideResult> {
    requireRole(viewer, 'teacher');
    const known = await visibleSubmission(store, viewer, id);
    if (known.version !== fromVersion || known.state === 'withdrawn')
      return { kind: 'conflict', submission: known, isOnlyRead: isOnlyRead(known, fromVersion) };
    const problems = decisionProblems(known, form);
    if (problems.length > 0 || form.outcome === null)
      return { kind: 'problems', submission: known, problems };

    const activity = await store.activity(known.activityId);
    if (activity === null) throw new AppError('not_found', 'errors.not_found');
    const at = now();
    const decision = decisionOf(known, form, form.outcome, viewer.userId, at);
    const submission: Submission = {
      ...known,
      state: form.outcome,
      decision,
      updatedAt: at,
      version: known.version + 1,
    };
    const saved = await store.saveSubmission(
      {
        submission,
        fromVersion,
        evidence: null,
        score: await scoreAfter(deps, activity, submission),
        audit: {
          id: newId(),
          at,
          actor: viewer.userId,
          action: form.outcome === 'accepted' ? 'submission.accepted' : 'submission.returned',
          platformId: viewer.platformId,
          deploymentId: viewer.deploymentId,
          subject: id,
          detail: {
            proposed: known.placement?.certification ?? known.placement?.placement ?? null,
            lines: decision.lines.join(' '),
            rules: decision.rulesVersion,
          },
        },
      },
      at,
    );
    if (saved === 'conflict') {
      const stored = (await store.submission(id)) ?? known;
      return { kind: 'conflict', submission: stored, isOnlyRead: isOnlyRead(stored, fromVersion) };
    }
    deps.wakePassback();
    return { kind: 'saved', submission, next: await nextWaiting(viewer) };
  }

  /** It waits as before, one change later, and that change was a reading. */
  function isOnlyRead({ state, version, credential, updatedAt }: Submission, fromVersion: number): boolean {
    return (
      state === 'submitted' &&
      version === fromVersion + 1 &&
      credential !== null &&
      credential.checkedAt >= updatedAt
    );
  }

  async function nextWaiting(viewer: Viewer): Promise<string | null> {
    const first = { order: 'oldest-first', after: null, limit: 1 } as const;
    const [next] = await store.submissionsIn(courseOf(viewer), 'submitted', first);
    return next?.id ?? null;
  }

  function decisionProblems(known: Submission, form: DecisionForm): FieldProblem[] {
    const problems: FieldProblem[] = [];
    const add = (field: string, key: string, params = {}) =>
      problems.push({ field, key: `problems.${key}`, params });
    if (form.outcome === null) add('outcome', 'outcome-missing');
    if (form.comment.length > COMMENT_LIMIT) add('comment', 'comment-long', { limit: COMMENT_LIMIT });
    if (form.outcome === 'returned' && form.comment.trim() === '') add('comment', 'comment-missing');
    if (form.outcome === 'accepted') {
      const onList = new Set(sectorOf(known).lines.map((line) => line.certificationId));
      if (form.counts === null) add('counts', 'line-missing');
      if (form.counts === 'lines' && form.lines.length === 0) add('counts', 'line-missing');
      if (form.counts === 'lines' && form.lines.some((line) => !onList.has(line)))
        add('counts', 'line-unknown');
      for (const criterion of rubric.criteria)
        if (!criterion.levels.some((level) => level.points === form.marks[criterion.id]))
          add(`marks.${criterion.id}`, 'mark-missing');
    }
    return problems;
  }

  function decisionOf(
    known: Submission,
    form: DecisionForm,
    outcome: Decision['outcome'],
    decidedBy: string,
    decidedAt: number,
  ): Decision {
    const accepted = outcome === 'accepted';
    const lines = accepted && form.counts === 'lines' ? [...new Set(form.lines)] : [];
    const complete = rubricShare(rubric, form.marks) !== null;
    return {
      outcome,
      placement: accepted ? placementOf(known, form, lines) : null,
      lines,
      marks: complete || !accepted ? form.marks : {},
      quality: qualityKnown(known, form.quality),
      comment: form.comment.trim(),
      decidedBy,
      decidedAt,
      rulesVersion: rules.version,
    };
  }

  function qualityKnown({ placement }: Submission, answers: QualityKnown): QualityKnown {
    const asked = new Set((placement?.quality ?? []).map(({ id }) => id));
    return Object.fromEntries(Object.entries(answers).filter(([id]) => asked.has(id)));
  }

  function placementOf(known: Submission, form: DecisionForm, lines: readonly string[]): Placement {
    if (form.counts !== 'lines')
      return PLACEMENTS.find((placement) => placement === form.counts) ?? 'supplementary';
    const first = sectorOf(known).lines.find((line) => line.certificationId === lines[0]);
    return first?.role === 'compulsory' ? 'compulsory' : 'elective';
  }

  function sectorOf(known: Submission): Sector {
    const sector = rules.sectors.find((candidate) => candidate.id === known.sectorId);
    if (sector === undefined) throw new AppError('conflict', 'errors.sector-gone');
    return sector;
  }

  return { decide, nextWaiting };
}
