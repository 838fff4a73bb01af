import { createHash } from 'node:crypto';
import type { Activity } from '../domain/activity.ts';
import type { CredentialReport, ExpectedRecipient, Outcome } from '../domain/credential.ts';
import { AppError } from '../domain/errors.ts';
import { dayInOntario } from '../domain/instant.ts';
import type { Viewer } from '../domain/person.ts';
import type { CredentialSource, SubmissionChange } from '../domain/ports.ts';
import { type Evidence, isWithStudent, type Submission } from '../domain/submission.ts';
import { activityOf, courseOf, inCourse, requireRole, visibleSubmission } from './access.ts';
import type { FieldProblem, ServiceDeps } from './deps.ts';
import { scoreAfter } from './gradebook-state.ts';
import { placeSubmission } from './place-submission.ts';
import { formProblems, LIMITS, type SubmissionForm, typedFacts } from './submission-form.ts';

export type SubmitResult =
  | { readonly kind: 'submitted'; readonly submission: Submission }
  /** Kept as a draft; the fields named need another look. */
  | { readonly kind: 'problems'; readonly submission: Submission; readonly problems: readonly FieldProblem[] }
  /** It is with the teacher already (a second click): nothing was changed. */
  | { readonly kind: 'already'; readonly submission: Submission };

const TRIES = 5;

/** What was found stands, also without a title: typed words never take the place of a badge that was revoked or changed. */
const SETTLED: ReadonlySet<Outcome> = new Set(['revoked', 'invalid', 'not-a-badge']);

/** What a student does with a badge: keep a draft, hand it in, take it back. Ids of new drafts come from the form, so that a repeated request is the same draft. */
export function createSubmitBadge(deps: ServiceDeps) {
  const { store, now, newId } = deps;

  /** Keeps what was typed, as it was typed. The last one to save wins; a draft that was handed in meanwhile is left alone. */
  async function saveDraft(viewer: Viewer, id: string, form: SubmissionForm): Promise<Submission> {
    requireRole(viewer, 'student');
    const activity = await activityOf(store, viewer);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const known = await ownSubmission(viewer, id);
      if (known !== null && !isWithStudent(known.state)) return known;
      const draft = withForm(known ?? emptyDraft(viewer, activity, id), form);
      const evidence = form.file === null ? null : newEvidence(id, form.file);
      const change: SubmissionChange = {
        submission:
          evidence === null ? draft : { ...draft, input: { ...draft.input, evidenceId: evidence.meta.id } },
        fromVersion: known?.version ?? 0,
        evidence,
        score: null,
        audit: null,
      };
      if ((await store.saveSubmission(change, now())) === 'saved') return change.submission;
    }
    throw new AppError('conflict', 'errors.conflict');
  }

  /** Reads the badge, places it and hands it to the teacher, together with the gradebook's new state. */
  async function submit(viewer: Viewer, id: string, form: SubmissionForm): Promise<SubmitResult> {
    const draft = await saveDraft(viewer, id, form);
    if (!isWithStudent(draft.state)) return { kind: 'already', submission: draft };
    const today = dayInOntario(now());
    const problems = formProblems(form, draft.input.evidenceId !== null, today);
    if (problems.length > 0) return { kind: 'problems', submission: draft, problems };

    const expected: ExpectedRecipient = {
      name: viewer.name,
      emails: viewer.email === null ? [] : [viewer.email],
      studentNumber: null,
    };
    const read = await readHandedIn(draft, form, expected);
    if ('problems' in read) return { kind: 'problems', submission: draft, problems: read.problems };
    return handOver(viewer, draft, read.report, expected);
  }

  async function handOver(
    viewer: Viewer,
    draft: Submission,
    credential: CredentialReport,
    expected: ExpectedRecipient,
  ): Promise<SubmitResult> {
    const activity = await activityOf(store, viewer);
    if (activity.settings === null) throw new AppError('conflict', 'errors.activity-not-ready');
    const { sectorId } = activity.settings;
    const placement = await placeSubmission(deps, { ...draft, sectorId }, credential, expected);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const known = await ownSubmission(viewer, draft.id);
      if (known === null) throw new AppError('not_found', 'errors.not_found');
      if (!isWithStudent(known.state)) return { kind: 'already', submission: known };
      const at = now();
      const submission: Submission = {
        ...draft,
        sectorId,
        state: 'submitted',
        credential,
        placement,
        decision: null,
        submittedAt: at,
        updatedAt: at,
        version: known.version + 1,
      };
      const saved = await store.saveSubmission(
        {
          submission,
          fromVersion: known.version,
          evidence: null,
          score: await scoreAfter(deps, activity, submission),
          audit: {
            id: newId(),
            at,
            actor: viewer.userId,
            action: 'submission.submitted',
            platformId: viewer.platformId,
            deploymentId: viewer.deploymentId,
            subject: submission.id,
            detail: {
              outcome: credential.outcome,
              placement: placement.placement,
              rules: placement.rulesVersion,
            },
          },
        },
        at,
      );
      if (saved === 'saved') {
        deps.wakePassback();
        return { kind: 'submitted', submission };
      }
    }
    throw new AppError('conflict', 'errors.conflict');
  }

  /** A photo holds no badge, but with the typed words beside it it is proof: then the words are what is handed in. */
  async function readHandedIn(
    draft: Submission,
    form: SubmissionForm,
    expected: ExpectedRecipient,
  ): Promise<{ report: CredentialReport } | { problems: readonly FieldProblem[] }> {
    const again = (field: string, key: string) => ({
      problems: [{ field, key: `problems.${key}`, params: {} }],
    });
    if (form.way === 'address') {
      const report = await deps.readCredential({ kind: 'address', address: form.address.trim() }, expected);
      const nothingRead = report.outcome === 'could-not-check' && report.credential.name === null;
      return nothingRead && !form.anyway ? again('address', 'address-silent') : { report };
    }
    const file = await store.evidence(draft.input.evidenceId ?? '');
    if (file === null) return again('file', 'file-missing');
    const source: CredentialSource = { kind: 'file', bytes: file.bytes, fileName: file.meta.fileName };
    const report = await deps.readCredential(source, expected);
    if (report.outcome === 'unreadable') return again('file', 'file-unreadable');
    const speaksForItself = report.credential.name !== null && report.outcome !== 'self-reported';
    if (speaksForItself || SETTLED.has(report.outcome)) return { report };
    if (form.typed.title.trim() !== '')
      return {
        report: await deps.readCredential({ kind: 'typed', facts: typedFacts(form.typed) }, expected),
      };
    return report.credential.name === null ? again('title', 'file-no-data') : { report };
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
        audit: {
          id: newId(),
          at,
          actor: viewer.userId,
          action: 'submission.withdrawn',
          platformId: viewer.platformId,
          deploymentId: viewer.deploymentId,
          subject: id,
          detail: {},
        },
      },
      at,
    );
    if (saved === 'conflict') throw new AppError('conflict', 'errors.conflict');
    deps.wakePassback();
    return submission;
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
    return {
      ...submission,
      input: {
        way: form.way,
        address: form.address,
        typed: form.typed,
        evidenceId: submission.input.evidenceId,
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

  return { saveDraft, submit, withdraw };
}
