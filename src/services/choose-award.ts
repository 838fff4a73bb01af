import { AppError } from '../domain/errors.ts';
import type { Viewer } from '../domain/person.ts';
import type { Submission } from '../domain/submission.ts';
import { requireRole, visibleSubmission } from './access.ts';
import type { FieldProblem, ServiceDeps } from './deps.ts';
import type { ReadingQueue } from './reading-queue.ts';

export type ChooseResult =
  | { readonly kind: 'chosen' }
  | {
      readonly kind: 'problems';
      readonly submission: Submission;
      readonly problems: readonly FieldProblem[];
    };

const PATIENCE_MS = 1_200;

/** A student says which award of a record counts; that one is then read like a badge of its own. */
export function createChooseAward(deps: ServiceDeps, readings: Pick<ReadingQueue, 'wait' | 'wake'>) {
  const { store, now, newId } = deps;

  return async function chooseAward(
    viewer: Viewer,
    id: string,
    fromVersion: number,
    award: string | null,
  ): Promise<ChooseResult> {
    requireRole(viewer, 'student');
    const known = await visibleSubmission(store, viewer, id);
    if (known.state !== 'submitted' || known.version !== fromVersion)
      throw new AppError('conflict', 'errors.conflict');
    if (known.credential?.awards?.some((one) => one.id === award) !== true)
      return {
        kind: 'problems',
        submission: known,
        problems: [{ field: 'award', key: 'problems.award-missing', params: {} }],
      };
    const at = now();
    const reading = { id: newId(), since: at, pace: 'quick', before: null, anyway: true } as const;
    const submission: Submission = {
      ...known,
      input: { ...known.input, award },
      ...{ reading, credential: null, placement: null },
      updatedAt: at,
      version: known.version + 1,
    };
    const audit = {
      ...{ id: newId(), at, actor: viewer.userId, action: 'submission.award-chosen' as const },
      ...{ platformId: known.platformId, deploymentId: known.deploymentId, subject: id, detail: {} },
    };
    const ended = readings.wait(reading.id, PATIENCE_MS);
    const change = { submission, fromVersion, evidence: null, score: null, audit };
    if ((await store.saveSubmission(change, at)) === 'conflict')
      throw new AppError('conflict', 'errors.conflict');
    readings.wake();
    await ended;
    return { kind: 'chosen' };
  };
}
