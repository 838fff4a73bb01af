import { AppError } from '../domain/errors.ts';
import { type Day, dayInOntario } from '../domain/instant.ts';
import type { Member, Viewer } from '../domain/person.ts';
import { type ShsmDates, semesterDays } from '../domain/shsm-dates.ts';
import type { Submission } from '../domain/submission.ts';
import { courseOf } from './access.ts';
import type { FieldProblem, ServiceDeps } from './deps.ts';
import { expectedRecipient } from './expected-recipient.ts';
import { placeSubmission } from './place-submission.ts';

/** As they were chosen; empty means "not known". */
export type ShsmDatesForm = { readonly startedOn: string; readonly graduatesOn: string };

export type ShsmDatesView = {
  readonly member: Member;
  readonly choices: { readonly starts: readonly Day[]; readonly ends: readonly Day[] };
};

export type ShsmDatesResult =
  | { readonly kind: 'saved' }
  | { readonly kind: 'problems'; readonly problems: readonly FieldProblem[] };

const TRIES = 3;

/**
 * When a student began the SHSM and plans to graduate, as the student or a teacher of the course says. What waits for a
 * teacher is looked at anew by it; what was accepted is not touched.
 */
export function createShsmDates(deps: ServiceDeps) {
  const { store, now, newId } = deps;

  async function view(viewer: Viewer, userId: string): Promise<ShsmDatesView> {
    const member = await student(viewer, userId);
    const { starts, ends } = semesterDays(dayInOntario(now()));
    return {
      member,
      choices: {
        starts: withDay(starts, member.shsmDates?.startedOn),
        ends: withDay(ends, member.shsmDates?.graduatesOn),
      },
    };
  }

  async function save(viewer: Viewer, userId: string, form: ShsmDatesForm): Promise<ShsmDatesResult> {
    const { choices } = await view(viewer, userId);
    const startedOn = choices.starts.find((day) => day === form.startedOn) ?? null;
    const graduatesOn = choices.ends.find((day) => day === form.graduatesOn) ?? null;
    if (startedOn !== null && graduatesOn !== null && graduatesOn <= startedOn)
      return {
        kind: 'problems',
        problems: [{ field: 'graduatesOn', key: 'problems.graduation-before-start', params: {} }],
      };
    const dates: ShsmDates = {
      startedOn,
      graduatesOn,
      statedBy: viewer.role === 'teacher' ? 'teacher' : 'student',
      statedAt: now(),
    };
    await store.saveShsmDates(courseOf(viewer), userId, dates, {
      id: newId(),
      at: now(),
      actor: viewer.userId,
      action: 'student.dates',
      platformId: viewer.platformId,
      deploymentId: viewer.deploymentId,
      subject: userId,
      detail: { startedOn, graduatesOn },
    });
    const waiting = await store.submissionsOf(courseOf(viewer), [userId], ['submitted']);
    for (const submission of waiting) await placeAnew(submission);
    return { kind: 'saved' };
  }

  /** Somebody who changes it at the same moment has it placed with the new dates themselves. */
  async function placeAnew(first: Submission): Promise<void> {
    let submission: Submission | null = first;
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (submission?.state !== 'submitted' || submission.credential === null || submission.reading !== null)
        return;
      const expected = await expectedRecipient(store, submission);
      const placement = await placeSubmission(deps, submission, submission.credential, expected);
      const saved = await store.saveSubmission(
        {
          submission: { ...submission, placement, version: submission.version + 1 },
          fromVersion: submission.version,
          evidence: null,
          score: null,
          audit: null,
        },
        now(),
      );
      if (saved === 'saved') return;
      submission = await store.submission(first.id);
    }
  }

  async function student(viewer: Viewer, userId: string): Promise<Member> {
    const own = viewer.role === 'student' && viewer.userId === userId;
    const member = own || viewer.role === 'teacher' ? await store.member(courseOf(viewer), userId) : null;
    if (member === null || member.role !== 'student') throw new AppError('not_found', 'errors.not_found');
    return member;
  }

  return { view, save };
}

/** What was said before stays a choice, also where the list has moved on. */
function withDay(days: readonly Day[], known: Day | null | undefined): readonly Day[] {
  return known == null || days.includes(known) ? days : [known, ...days];
}
