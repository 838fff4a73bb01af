import { createHash } from 'node:crypto';
import type { Activity } from '../domain/activity.ts';
import { AppError } from '../domain/errors.ts';
import type { Viewer } from '../domain/person.ts';
import type { SubmissionChange } from '../domain/ports/submission-store.ts';
import { withoutPersonalParts } from '../domain/share-link.ts';
import { type Evidence, isWithStudent, type Submission } from '../domain/submission.ts';
import { activityOf, courseOf, inCourse, requireRole } from './access.ts';
import type { ServiceDeps } from './deps.ts';
import { LIMITS, type SubmissionForm } from './submission-form.ts';

const TRIES = 5;

/** What a student has typed so far. */
export function createKeepDraft(deps: Pick<ServiceDeps, 'store' | 'now' | 'newId'>) {
  const { store, now, newId } = deps;

  /** Keeps what was typed, as it was typed. The last one to save wins; a draft that was handed in meanwhile is left alone. */
  async function saveDraft(viewer: Viewer, id: string, form: SubmissionForm): Promise<Submission> {
    requireRole(viewer, 'student');
    const activity = await activityOf(store, viewer);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const known = await ownSubmission(viewer, id);
      if (known !== null && !isWithStudent(known.state)) return known;
      const change = draftChange(known ?? emptyDraft(viewer, activity, id), form);
      if ((await store.saveSubmission(change, now())) === 'saved') return change.submission;
    }
    throw new AppError('conflict', 'errors.conflict');
  }

  /** The draft with what the form says now, and the file that came with it. */
  function draftChange(known: Submission, form: SubmissionForm): SubmissionChange {
    const draft = withForm(known, form);
    const evidence = form.file === null ? null : newEvidence(known.id, form.file);
    return {
      submission:
        evidence === null ? draft : { ...draft, input: { ...draft.input, evidenceId: evidence.meta.id } },
      fromVersion: known.version,
      evidence,
      score: null,
      audit: null,
    };
  }

  async function ownSubmission(viewer: Viewer, id: string): Promise<Submission | null> {
    const known = await store.submission(id);
    if (known === null) return null;
    if (known.userId !== viewer.userId || !inCourse(viewer, known) || known.activityId !== viewer.activityId)
      throw new AppError('not_found', 'errors.not_found');
    return known;
  }

  function emptyDraft(viewer: Viewer, activity: Activity, id: string): Submission {
    return {
      id,
      activityId: activity.id,
      ...courseOf(viewer),
      userId: viewer.userId,
      sectorId: activity.settings?.sectorId ?? '',
      state: 'draft',
      input: {
        way: 'address',
        address: '',
        typed: { title: '', issuer: '', issuedOn: '', expiresOn: '', hours: '', certificateNumber: '' },
        evidenceId: null,
      },
      reflection: '',
      reading: null,
      credential: null,
      placement: null,
      decision: null,
      createdAt: now(),
      updatedAt: now(),
      submittedAt: null,
      version: 0,
    };
  }

  /** Kept longer than what may be handed in, so that an overlong text is not cut while it is being shortened. */
  function withForm(submission: Submission, form: SubmissionForm): Submission {
    const { address, hadSome } = withoutPersonalParts(form.address.trim());
    const wasPersonal =
      hadSome || (submission.input.wasPersonal === true && address === submission.input.address);
    return {
      ...submission,
      // What was asked for before is not what stands here any more.
      reading: null,
      input: {
        way: form.way,
        address,
        typed: form.typed,
        evidenceId: submission.input.evidenceId,
        ...(wasPersonal ? { wasPersonal } : {}),
      },
      reflection: form.reflection.slice(0, LIMITS.reflection * 2),
      updatedAt: now(),
      version: submission.version + 1,
    };
  }

  function newEvidence(
    submissionId: string,
    file: { readonly fileName: string; readonly bytes: Uint8Array },
  ): { meta: Evidence; bytes: Uint8Array } {
    return {
      meta: {
        id: newId(),
        submissionId,
        fileName: file.fileName.slice(0, 200),
        mediaType: 'application/octet-stream',
        size: file.bytes.byteLength,
        sha256: createHash('sha256').update(file.bytes).digest('hex'),
        createdAt: now(),
      },
      bytes: file.bytes,
    };
  }

  return { saveDraft, ownSubmission, emptyDraft, draftChange };
}
