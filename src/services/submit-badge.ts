import type { AuditAction, AuditEvent } from '../domain/audit.ts';
import { AppError } from '../domain/errors.ts';
import { dayInOntario, type Instant } from '../domain/instant.ts';
import type { ReadingPace } from '../domain/pending-reading.ts';
import type { Viewer } from '../domain/person.ts';
import { isWithStudent, type Submission } from '../domain/submission.ts';
import { activityOf, requireRole, visibleSubmission } from './access.ts';
import type { FieldProblem, ServiceDeps } from './deps.ts';
import { scoreAfter } from './gradebook-state.ts';
import { createKeepDraft } from './keep-draft.ts';
import { readingPace } from './reading-pace.ts';
import type { ReadingQueue } from './reading-queue.ts';
import { formProblems, type SubmissionForm } from './submission-form.ts';

export type SubmitResult =
  | { readonly kind: 'submitted'; readonly submission: Submission }
  /** Kept as a draft; the fields named need another look. */
  | { readonly kind: 'problems'; readonly submission: Submission; readonly problems: readonly FieldProblem[] }
  /** It is with the teacher already (a second click): nothing was changed. */
  | { readonly kind: 'already'; readonly submission: Submission };

type HandedIn = {
  readonly kind: 'submitted';
  readonly submission: Submission;
  /** How its reading ended, if that was soon. */
  readonly ended: ReturnType<ReadingQueue['wait']>;
};

const TRIES = 5;

/** How long the student's request waits for what is read quickly; a page that says what is going on follows then. */
const PATIENCE_MS = 1_200;

/** What a student does with a badge: keep a draft, hand it in, take it back. Ids of new drafts come from the form, so that a repeated request is the same draft. */
export function createSubmitBadge(
  deps: ServiceDeps,
  readings: Pick<ReadingQueue, 'before' | 'wait' | 'wake'>,
) {
  const { store, now, newId } = deps;
  const { saveDraft, ownSubmission, emptyDraft, draftChange } = createKeepDraft(deps);

  /**
   * Hands it to the teacher at once, to be read apart from this request. What is read within a moment is told at once; then
   * a badge that holds nothing to read comes back to the student who is still there.
   */
  async function submit(viewer: Viewer, id: string, form: SubmissionForm): Promise<SubmitResult> {
    const handed = await readings.before(() => handIn(viewer, id, form));
    if (handed.kind !== 'submitted') return handed;
    const { submission } = handed;
    readings.wake();
    const end = await handed.ended;
    return end?.kind === 'problem'
      ? { kind: 'problems', submission: (await store.submission(id)) ?? submission, problems: [end.problem] }
      : { kind: 'submitted', submission };
  }

  /** Written once, as handed in; a form that needs another look is kept as a draft. */
  async function handIn(
    viewer: Viewer,
    id: string,
    form: SubmissionForm,
  ): Promise<Exclude<SubmitResult, { kind: 'submitted' }> | HandedIn> {
    requireRole(viewer, 'student');
    const activity = await activityOf(store, viewer);
    const readingId = newId();
    let ended: HandedIn['ended'] | null = null;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const known = (await ownSubmission(viewer, id)) ?? emptyDraft(viewer, activity, id);
      if (!isWithStudent(known.state)) return { kind: 'already', submission: known };
      const at = now();
      const hasFile = form.file !== null || known.input.evidenceId !== null;
      const problems = formProblems(form, hasFile, dayInOntario(at));
      if (problems.length > 0 || activity.settings === null) {
        const draft = await saveDraft(viewer, id, form);
        if (!isWithStudent(draft.state)) return { kind: 'already', submission: draft };
        if (problems.length > 0) return { kind: 'problems', submission: draft, problems };
        throw new AppError('conflict', 'errors.activity-not-ready');
      }
      const draft = draftChange(known, form);
      const { state, decision, submittedAt } = known;
      const submission: Submission = {
        ...draft.submission,
        sectorId: activity.settings.sectorId,
        state: 'submitted',
        reading: {
          ...{ id: readingId, since: at, anyway: form.anyway },
          pace: await paceOf(draft.submission, form),
          before: { state, decision, submittedAt },
        },
        ...{ credential: null, placement: null, decision: null },
        submittedAt: at,
      };
      // The gradebook learns of it with what was read, unless somebody decides first.
      const audit = auditOf(viewer, submission, 'submission.submitted', at);
      // Before anybody can find it: its reading may end at any moment then.
      ended ??= readings.wait(readingId, PATIENCE_MS);
      if ((await store.saveSubmission({ ...draft, submission, audit }, at)) === 'saved')
        return { kind: 'submitted', submission, ended };
    }
    throw new AppError('conflict', 'errors.conflict');
  }

  async function paceOf(draft: Submission, form: SubmissionForm): Promise<ReadingPace> {
    if (form.way === 'address') return 'quick';
    const bytes = form.file?.bytes ?? (await store.evidence(draft.input.evidenceId ?? ''))?.bytes ?? null;
    return readingPace(bytes);
  }

  /** Takes back into the student's hands what no teacher has decided yet, as it was typed. A reading under way is given up. */
  async function reopen(viewer: Viewer, id: string, fromVersion: number): Promise<Submission> {
    requireRole(viewer, 'student');
    const known = await visibleSubmission(store, viewer, id);
    if (isWithStudent(known.state)) return known;
    const wasReadMeanwhile = known.reading === null && known.version === fromVersion + 1;
    if (known.state !== 'submitted' || (known.version !== fromVersion && !wasReadMeanwhile))
      throw new AppError('conflict', 'errors.conflict');
    const at = now();
    const submission: Submission = {
      ...known,
      state: 'draft',
      reading: null,
      submittedAt: null,
      updatedAt: at,
      version: known.version + 1,
    };
    const activity = await activityOf(store, viewer);
    const wasTold = known.reading === null;
    const saved = await store.saveSubmission(
      {
        submission,
        fromVersion: known.version,
        evidence: null,
        score: wasTold ? await scoreAfter(deps, activity, { ...submission, state: 'withdrawn' }) : null,
        audit: auditOf(viewer, submission, 'submission.reopened', at),
      },
      at,
    );
    if (saved === 'conflict') throw new AppError('conflict', 'errors.conflict');
    deps.wakePassback();
    return submission;
  }

  function auditOf(viewer: Viewer, { id }: Submission, action: AuditAction, at: Instant): AuditEvent {
    return {
      id: newId(),
      at,
      actor: viewer.userId,
      action,
      platformId: viewer.platformId,
      deploymentId: viewer.deploymentId,
      subject: id,
      detail: {},
    };
  }

  /** Takes it back before or after a decision; it stays on record and can be handed in again. */
  async function withdraw(viewer: Viewer, id: string, fromVersion: number): Promise<Submission> {
    requireRole(viewer, 'student');
    const known = await visibleSubmission(store, viewer, id);
    if (known.version !== fromVersion || known.state === 'accepted')
      throw new AppError('conflict', 'errors.conflict');
    if (known.state === 'withdrawn') return known;
    const at = now();
    const submission: Submission = {
      ...known,
      state: 'withdrawn',
      reading: null,
      updatedAt: at,
      version: known.version + 1,
    };
    const activity = await activityOf(store, viewer);
    const saved = await store.saveSubmission(
      {
        submission,
        fromVersion,
        evidence: null,
        score: known.state === 'draft' ? null : await scoreAfter(deps, activity, submission),
        audit: auditOf(viewer, submission, 'submission.withdrawn', at),
      },
      at,
    );
    if (saved === 'conflict') throw new AppError('conflict', 'errors.conflict');
    deps.wakePassback();
    return submission;
  }

  return { saveDraft, submit, reopen, withdraw };
}
